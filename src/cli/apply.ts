import { apply } from '../apply/apply.ts';
import { rollback } from '../apply/rollback.ts';
import { exitCodes, PrepError } from '../errors.ts';
import type { Guest } from '../guest/guest.ts';
import { createRootedGuest } from '../guest/rooted.ts';
import { createUnpacker } from '../guest/unpack.ts';
import { runFiles } from '../journal/run-folder.ts';
import type { Outcome, Plan } from '../model.ts';
import { installPlan, joinPlans } from '../plan/install-plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import { promises } from '../seal/promises.ts';
import { confirm } from './ask.ts';
import { exitCodeOf, report } from './check.ts';
import { finish, refusePoweroffOffline, type Sealed, sealGuest } from './seal.ts';
import { guestRoot, look, type Seen, type Session } from './session.ts';
import { showPlan } from './show/plan-text.ts';
import { printableJson } from './show/printable.ts';
import { jsonReport, type RunReport } from './show/report.ts';
import { showOutcome, showPromises } from './show/run-text.ts';
import { verdictLine } from './show/text-report.ts';

/** `prep-guest --apply`: check, plan, ask, apply, verify, seal. */
export async function runApply(session: Session): Promise<number> {
  const { options, log } = session;
  refusePoweroffOffline(options);
  const { root, where } = guestRoot(options);
  const guest = createRootedGuest(root, where);
  const before = await look(session, guest);
  const install = installPlan(before.examined, before.facts, before.packages);
  const rest = makePlan(before.examined, before.facts);
  const plan = joinPlans(install, rest);
  announce(session, before, plan);
  if (plan.blockedBy.length > 0) {
    report(before, session, runOf(plan, { is: 'refused', why: 'the plan is blocked' }));
    return exitCodes.refused;
  }
  if (!(await confirm(session, question(session, plan)))) throw new PrepError('refused', 'nothing was changed');
  const outcome = await (install === undefined
    ? doPlan(session, guest, rest)
    : installThenRest(session, guest, install));
  if (outcome.is !== 'done') return ended(session, before, plan, outcome);
  // Once the changes are made they are looked at, whoever wants to leave: an interrupt then only keeps the seal away.
  const after = outcome.changed === 0 ? before : await look(session, guest, new AbortController().signal);
  log.info(`applied: changed ${outcome.changed}`, { run: outcome.run });
  if (outcome.run !== '') await keepReport(session, guest, outcome.run, after, runOf(plan, outcome));
  const sealed = await sealIfReady(session, guest, after);
  report(after, session, runOf(plan, outcome, sealed));
  showOutcome(session, outcome, after, sealed);
  if (sealed?.is === 'unsealed') return exitCodes.unsealed;
  if (sealed?.is === 'refused') return exitCodes.findings;
  await finish(session, guest, sealed);
  return exitCodeOf(after, session);
}

/** What will be done, before anything is. */
function announce(session: Session, before: Seen, plan: Plan): void {
  const { options, printer } = session;
  if (options.format !== 'text' || options.quiet) return;
  printer.line(verdictLine(before.verdict, before.examined, printer));
  printer.line();
  showPlan(plan, printer, before.verdict);
  if (plan.blockedBy.length === 0 && wantsSeal(session)) showPromises(promises(before.facts, options), printer);
  printer.line();
}

function wantsSeal({ options }: Session): boolean {
  return options.deprovision && options.policy.mode === 'generalized';
}

function question(session: Session, plan: Plan): string {
  const steps = plan.steps.length === 1 ? '1 change' : `${plan.steps.length} changes`;
  return wantsSeal(session) ? `Make ${steps} and seal the guest?` : `Make ${steps}?`;
}

async function doPlan({ version, printer, log, signal }: Session, guest: Guest, plan: Plan): Promise<Outcome> {
  const outcome = await apply(plan, guest, {
    version,
    unpacker: createUnpacker(),
    signal,
    progress: (says) => {
      log.info(says);
      printer.progress(says);
    },
  });
  printer.settle();
  return outcome;
}

/**
 * First the packages, then all else by a plan that is made against what they have brought. Two runs, of which the second is
 * undone first: when it cannot be done, or something is thrown on the way to it, neither stays.
 */
async function installThenRest(session: Session, guest: Guest, install: Plan): Promise<Outcome> {
  const installed = await doPlan(session, guest, install);
  if (installed.is !== 'done') return installed;
  const done = await doRest(session, guest).catch((error: Error) => error);
  if ('is' in done && done.is === 'done')
    return { is: 'done', run: done.run || installed.run, changed: installed.changed + done.changed };
  if ('is' in done && done.is === 'broken') return done;
  const { version, printer } = session;
  const back = await rollback(guest, installed.run, { version, progress: (says) => printer.progress(says) });
  printer.settle();
  if (back.is !== 'undone') {
    const why = `${'is' in done ? done.why : done.message}; and what was installed could not be removed: ${back.why}`;
    return { is: 'broken', run: installed.run, step: 'install packages', why };
  }
  if (!('is' in done)) throw done;
  const removed = 'what was installed was removed again';
  return done.is === 'refused'
    ? { ...done, hint: done.hint === undefined ? removed : `${done.hint}; ${removed}` }
    : done;
}

async function doRest(session: Session, guest: Guest): Promise<Outcome> {
  const { options, printer } = session;
  const seen = await look(session, guest);
  const plan = makePlan(seen.examined, seen.facts);
  if (options.format === 'text' && !options.quiet) {
    printer.line('The packages are installed. What is changed now:');
    printer.line();
    showPlan(plan, printer, seen.verdict);
    printer.line();
  }
  return doPlan(session, guest, plan);
}

/** Refused, undone or broken: the guest is as it was, or it is said what is not. */
function ended(session: Session, before: Seen, plan: Plan, outcome: Exclude<Outcome, { is: 'done' }>): number {
  if (session.options.format === 'json') report(before, session, runOf(plan, outcome));
  switch (outcome.is) {
    case 'refused':
      throw new PrepError('refused', outcome.why, outcome.hint ?? 'nothing was touched');
    case 'undone':
      throw new PrepError(
        'undone',
        `${outcome.step}: ${outcome.why}`,
        plan.steps.some(({ step }) => step.kind === 'packages')
          ? 'everything was put back, and what was installed was removed by the package manager'
          : 'everything was put back: the guest is as it was before',
      );
    case 'broken':
      throw new PrepError(
        'broken',
        `${outcome.step}: ${outcome.why}`,
        `\`prep-guest rollback ${outcome.run}\` tries again`,
      );
  }
}

function runOf(plan: Plan, outcome: Outcome, sealed?: Sealed): RunReport {
  return {
    id: 'run' in outcome && outcome.run !== '' ? outcome.run : undefined,
    changed: outcome.is === 'done' ? outcome.changed : 0,
    outcome: outcome.is,
    steps: plan.steps,
    sealed: sealed?.is === 'sealed',
    ...(sealed !== undefined && sealed.is !== 'refused' ? { effects: sealed.effects } : {}),
  };
}

/** The report of the verify lies beside the journal; it stays when the originals go. */
async function keepReport(session: Session, guest: Guest, id: string, seen: Seen, run: RunReport): Promise<void> {
  const { version, options } = session;
  const value = jsonReport({ version, at: new Date(), policy: options.policy, ...seen, run: { ...run, steps: [] } });
  await guest.write(runFiles(id).report, Buffer.from(`${printableJson(value)}\n`), { mode: 0o600 });
}

/** Only after a content verify. undefined: not asked for. */
async function sealIfReady(session: Session, guest: Guest, seen: Seen): Promise<Sealed | undefined> {
  if (!wantsSeal(session)) return undefined;
  if (session.signal.aborted)
    return { is: 'refused', why: 'it was interrupted after the changes were made', hint: 'prep-guest seal' };
  if (seen.verdict !== 'ready') {
    return {
      is: 'refused',
      why: 'not every rule that must hold does',
      hint: 'mend what is named above, then: prep-guest --apply',
    };
  }
  return sealGuest(session, guest, seen.facts);
}
