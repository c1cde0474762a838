import { failsAt } from '../checks/examine.ts';
import { exitCodes } from '../errors.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import { guestRoot, look, type Seen, type Session } from './session.ts';
import { emitReport } from './show/emit.ts';
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

/** `prep-guest check`: inspect and print the verdict; reads only. */
export async function runCheck(session: Session): Promise<number> {
  const { root, where } = guestRoot(session.options);
  const seen = await look(session, createReadOnlyGuest(root, where));
  report(seen, session);
  const { format, output } = session.options;
  if (format === 'text' && output === undefined) showNext(seen, session.printer);
  return exitCodeOf(seen, session);
}
