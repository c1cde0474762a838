import { describe } from 'vitest';
import { guests } from '../../scripts/guest/spoiled-guest.ts';
import { describeOfflineApply } from './offline.ts';
import { describeUndo } from './undo.ts';

describe('sid', () => {
  describeOfflineApply(guests['sid']);
  describeUndo(guests['sid'], [
    'a full /boot: refused or undone, in it and around it',
    'rollback takes a whole run back',
  ]);
});
