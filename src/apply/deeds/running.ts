import { folderOf } from '../../journal/content.ts';
import type { Step } from '../../model.ts';
import { type Deed, runOrThrow, type Workplace } from './deed.ts';

/** A program of the guest. What it says with its exit code is all that can be looked at here: the checks look again. */
export async function running(step: Extract<Step, { kind: 'run' }>, workplace: Workplace): Promise<Deed> {
  return {
    // Whether it writes into a file or puts another one in its place is the program's affair: a copy serves for the one,
    // a second name, which keeps the file's other names names of the same file, for the other.
    touches: step.rewrites.map((path) => {
      const at = workplace.place();
      return { path, keep: { how: 'copy', at, name: `${at}.name` } };
    }),
    makesFolders: false,
    leftovers: [],
    ...(step.undo && { undo: step.undo }),
    perform: async () => {
      await runOrThrow(step.argv, workplace, step.rewrites.map(folderOf));
    },
  };
}
