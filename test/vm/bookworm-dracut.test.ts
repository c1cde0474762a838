import { describe } from 'vitest';
import { guests } from '../../scripts/guest/spoiled-guest.ts';
import { describeOfflineApply } from './offline.ts';
import { describeUndo } from './undo.ts';

describe('bookworm-dracut', () => {
  describeOfflineApply(guests['bookworm-dracut']);
  describeUndo(guests['bookworm-dracut'], [
    'a full /boot: refused or undone, in it and around it',
    'rollback takes a whole run back',
  ]);
});
