import { asRefusal, type Refusal, refuseUnended } from '../apply/refusals.ts';
import { failsAt } from '../checks/examine.ts';
import { exitCodes, PrepError } from '../errors.ts';
import type { GuestFiles } from '../guest/guest.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import { guestRoot, look, type Seen, type Session } from './session.ts';
import { emitReport } from './show/emit.ts';
import { printable } from './show/printable.ts';
import type { RunReport } from './show/report.ts';
import { showNext } from './show/text-report.ts';

/**
 * Exit code of what was seen: the verdict decides, and --fail-on may ask for more. With --only there is no verdict on the
 * guest as a whole; then it is what was asked that decides.
 */
export function exitCodeOf(seen: Seen, { options }: Session): number {
  const content = options.only === undefined ? seen.verdict === 'ready' : !failsAt(seen.examined, 'must');
  return content && !failsAt(seen.examined, options.failOn) ? exitCodes.content : exitCodes.findings;
}

/** Prints what was seen in the format asked for. */
export function report(seen: Seen, session: Session, run?: RunReport): void {
  const { options, printer, version } = session;
  emitReport({ version, at: new Date(), policy: options.policy, ...seen, ...(run ? { run } : {}) }, options, printer);
}

/** A run or a seal that did not end. Where the state folder cannot be looked into (it is 0700), that is said instead. */
async function findUnended(files: GuestFiles): Promise<Refusal | undefined> {
  try {
    return await refuseUnended(files);
  } catch (error) {
    if (!(error instanceof PrepError)) throw error;
    return asRefusal(error);
  }
}

/** `prep-guest check`: inspect and print the verdict; reads only. */
export async function runCheck(session: Session): Promise<number> {
  const { root, where } = guestRoot(session.options);
  const files = createReadOnlyGuest(root, where);
  const seen = await look(session, files);
  report(seen, session);
  const unended = await findUnended(files);
  if (unended !== undefined) {
    // Also where every rule holds: such a guest is neither as it was nor done.
    session.printer.error(`prep-guest: ${printable(unended.why)}`);
    if (unended.hint !== undefined) session.printer.error(`  ${unended.hint}`);
    return exitCodes.findings;
  }
  const { format, output } = session.options;
  if (format === 'text' && output === undefined) showNext(seen, session.printer);
  return exitCodeOf(seen, session);
}
