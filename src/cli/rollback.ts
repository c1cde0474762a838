import { rollback } from '../apply/rollback.ts';
import { exitCodes, PrepError } from '../errors.ts';
import { createRootedGuest } from '../guest/rooted.ts';
import { confirm } from './ask.ts';
import { guestRoot, type Session } from './session.ts';
import { emitJson } from './show/emit.ts';
import { printable } from './show/printable.ts';

/** `prep-guest rollback [RUN]`: undo a run. */
export async function runRollback(session: Session): Promise<number> {
  const { options, printer, log, version } = session;
  const { root, where } = guestRoot(options);
  const id = options.words[0];
  if (!(await confirm(session, `Undo ${id ?? 'the last run'}?`))) throw new PrepError('refused', 'nothing was changed');
  const outcome = await rollback(createRootedGuest(root, where), id, {
    version,
    force: options.force,
    progress: (says) => printer.progress(says),
  });
  printer.settle();
  log.info(`rollback: ${outcome.is}`, outcome);
  if (options.format === 'json') emitJson({ schema: 'prep-guest/rollback/1', ...outcome }, options, printer);
  if (outcome.is === 'refused') throw new PrepError('refused', outcome.why, outcome.hint);
  for (const note of outcome.notes) printer.error(printable(note));
  if (outcome.is === 'broken') throw new PrepError('broken', `${outcome.run} could not be undone: ${outcome.why}`);
  if (options.format === 'text')
    printer.line(
      `The run ${outcome.run} was undone: ${outcome.steps} ${outcome.steps === 1 ? 'step' : 'steps'} taken back.`,
    );
  return exitCodes.content;
}
