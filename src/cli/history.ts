import { exitCodes } from '../errors.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import { listRuns, sealBegun } from '../journal/run-folder.ts';
import { guestRoot, type Session } from './session.ts';
import { emitJson, emitText } from './show/emit.ts';
import { printable } from './show/printable.ts';

/** `prep-guest history`: the runs made on this guest and what each changed. */
export async function runHistory({ options, printer }: Session): Promise<number> {
  const { root, where } = guestRoot(options);
  const files = createReadOnlyGuest(root, where);
  const runs = await listRuns(files);
  const sealing = await sealBegun(files);
  if (options.format === 'json') {
    emitJson({ schema: 'prep-guest/history/1', runs, sealing }, options, printer);
    return exitCodes.content;
  }
  emitText(
    (to) => {
      if (runs.length === 0) to.line('No run was made on this guest.');
      for (const { id, at, state, steps, why } of runs) {
        to.line(`${to.paint('bold', id)}  ${state}  ${at}`);
        if (why !== undefined) to.line(`  ${printable(why)}`);
        for (const step of steps) to.line(`  ${printable(step)}`);
      }
      if (sealing) to.line('A seal was begun and did not end: prep-guest seal');
    },
    options,
    printer,
  );
  return exitCodes.content;
}
