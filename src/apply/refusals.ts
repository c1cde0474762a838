import { PrepError } from '../errors.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { contentAt, folderOf, within } from '../journal/content.ts';
import { atWork, lockFile, type Run, runFiles, sealBegun, unfinishedRun } from '../journal/run-folder.ts';
import type { GuestPath, Plan, Step } from '../model.ts';
import { findShortages } from './space.ts';

/** Why nothing is done, and what to do now. */
export interface Refusal {
  readonly why: string;
  readonly hint?: string;
}

/** What was thrown while nothing was touched yet. */
export function asRefusal(error: unknown): Refusal {
  const hint = error instanceof PrepError ? error.hint : undefined;
  return { why: (error as Error).message, ...(hint !== undefined && { hint }) };
}

/** One that is at work has not ended either, and is not to be undone by anybody else. */
async function refuseBusy(guest: GuestFiles): Promise<Refusal | undefined> {
  const holder = await guest.lockedBy(lockFile);
  return holder === undefined ? undefined : atWork(holder);
}

/**
 * A run that was killed, or could not be undone, stands before everything else. Not for who holds the lock: it would find
 * itself at work.
 */
export async function refuseUnfinished(guest: GuestFiles): Promise<Refusal | undefined> {
  const run = await unfinishedRun(guest);
  return run && ((await refuseBusy(guest)) ?? refuseRun(run));
}

/** The same, for who holds the lock. */
export async function refuseUnfinishedLocked(guest: GuestFiles): Promise<Refusal | undefined> {
  const run = await unfinishedRun(guest);
  return run && refuseRun(run);
}

/** Whatever was begun and has not ended, a seal too: such a guest is neither as it was nor done. */
export async function refuseUnended(guest: GuestFiles): Promise<Refusal | undefined> {
  const run = await refuseUnfinished(guest);
  if (run !== undefined || !(await sealBegun(guest))) return run;
  return (await refuseBusy(guest)) ?? { why: 'a seal was begun and did not end', hint: '`prep-guest seal` ends it' };
}

function refuseRun(run: Run): Refusal {
  if (run.damaged) {
    return {
      why: `the run ${run.id} cannot be undone: ${run.why ?? 'its journal is damaged'}`,
      hint: `its originals lie in ${runFiles(run.id).originals}`,
    };
  }
  const how =
    run.state === 'broken' ? `could not be undone${run.why === undefined ? '' : ` (${run.why})`}` : 'did not end';
  return { why: `the run ${run.id} ${how}`, hint: `\`prep-guest rollback ${run.id}\` undoes what it has changed` };
}

function refuseBlocked(plan: Plan): Refusal | undefined {
  if (plan.blockedBy.length === 0) return undefined;
  const advice = plan.blockedBy.flatMap((blocked) => blocked.advice ?? []);
  return {
    why: plan.blockedBy.map((blocked) => `${blocked.check}: ${blocked.says}`).join('; '),
    ...(advice.length > 0 && { hint: [...new Set(advice)].join('; ') }),
  };
}

/** The plan was made against files; it is worth nothing when one of them reads otherwise now. */
export async function refuseMoved(plan: Plan, guest: GuestFiles): Promise<Refusal | undefined> {
  const moved: string[] = [];
  for (const [path, digest] of Object.entries(plan.digests) as [GuestPath, string][]) {
    const real = await guest.real(path);
    const now = await contentAt(guest, real.is === 'there' ? real.value : path);
    if (now !== digest) moved.push(path);
  }
  if (moved.length === 0) return undefined;
  return { why: `changed since the plan was made: ${moved.join(', ')}`, hint: 'make a new plan' };
}

/** Where a step writes. */
async function writtenBy(step: Step, guest: GuestFiles): Promise<readonly GuestPath[]> {
  if (step.kind === 'initrd') return [step.image];
  if (step.kind === 'run' || step.kind === 'packages') return step.rewrites;
  if (step.kind === 'write' || step.kind === 'copy') return [step.path];
  // A link or an empty folder that is removed, or replaced, is written in the folder around it, wherever it leads.
  const stat = await guest.stat(step.path);
  const itself = stat.is === 'there' && (stat.value.type === 'link' || stat.value.type === 'folder');
  return [itself ? within(folderOf(step.path), '.prep-guest-probe') : step.path];
}

async function refuseObstacles(plan: Plan, guest: Guest): Promise<Refusal | undefined> {
  const found: string[] = [];
  const paths = new Set<GuestPath>([lockFile]);
  for (const { step } of plan.steps) for (const path of await writtenBy(step, guest)) paths.add(path);
  for (const path of paths) {
    const why = await guest.obstacle(path);
    if (why !== undefined) found.push(`${path} cannot be changed: ${why}`);
  }
  if (found.length === 0) return undefined;
  return { why: found.join('; '), hint: 'a file that is immutable by intent (lsattr) is not changed by prep-guest' };
}

async function refuseShortage(plan: Plan, guest: Guest): Promise<Refusal | undefined> {
  const shortages = await findShortages(plan, guest);
  if (shortages.length === 0) return undefined;
  return { why: shortages.join('; '), hint: 'make room: old kernels and their initrds are the usual suspects' };
}

/** Everything for which a plan is not even begun. Nothing is touched by looking. */
export async function findRefusal(plan: Plan, guest: Guest): Promise<Refusal | undefined> {
  return (
    (await refuseUnfinished(guest)) ??
    refuseBlocked(plan) ??
    (plan.steps.length === 0 ? undefined : await refuseUnable(plan, guest))
  );
}

async function refuseUnable(plan: Plan, guest: Guest): Promise<Refusal | undefined> {
  return (
    (await refuseMoved(plan, guest)) ?? (await refuseObstacles(plan, guest)) ?? (await refuseShortage(plan, guest))
  );
}
