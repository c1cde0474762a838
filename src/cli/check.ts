import { failsAt } from '../checks/examine.ts';
import { exitCodes } from '../errors.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import type { Verdict } from '../model.ts';
import { guestRoot, look, type Seen, type Session } from './session.ts';
import { emitReport } from './show/emit.ts';
import type { RunReport } from './show/report.ts';

/** Exit code of what was seen: the verdict decides, and --fail-on may ask for more. */
export function exitCodeOf(seen: Seen, session: Session): number {
  const content: Verdict = 'ready';
  const fails = failsAt(seen.examined, session.options.failOn);
  return seen.verdict === content && !fails ? exitCodes.content : exitCodes.findings;
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
  if (session.options.format === 'text' && session.options.output === undefined && seen.verdict === 'not-ready') {
    session.printer.line('Next: `prep-guest plan` shows the changes, `prep-guest --apply` makes them.');
  }
  return exitCodeOf(seen, session);
}
