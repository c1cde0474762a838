import { describe } from 'vitest';
import { guests } from '../../scripts/guest/spoiled-guest.ts';
import { describeOfflineApply } from './offline.ts';
import { describeUndo } from './undo.ts';

describe('bullseye', () => {
  describeOfflineApply(guests['bullseye']);
  describeUndo(guests['bullseye'], ['rollback takes a whole run back']);
});
