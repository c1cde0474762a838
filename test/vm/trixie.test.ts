import { describe } from 'vitest';
import { guests } from '../../scripts/guest/spoiled-guest.ts';
import { describeOfflineApply } from './offline.ts';
import { describeUndo } from './undo.ts';

describe('trixie', () => {
  describeOfflineApply(guests['trixie']);
  describeUndo(guests['trixie'], ['a full /boot: refused or undone, in it and around it']);
});
