import { folderOf } from '../../journal/content.ts';
import type { Step } from '../../model.ts';
import { type Deed, runOrThrow, type Workplace } from './deed.ts';

/** A program of the guest. What it says with its exit code is all that can be looked at here: the checks look again. */
export async function running(step: Extract<Step, { kind: 'run' }>, workplace: Workplace): Promise<Deed> {
  return {
    touches: step.rewrites.map((path) => ({ path, keep: { how: 'copy', at: workplace.place() } })),
    makesFolders: false,
    leftovers: [],
    ...(step.undo && { undo: step.undo }),
    perform: async () => {
      await runOrThrow(step.argv, workplace, step.rewrites.map(folderOf));
    },
  };
}
