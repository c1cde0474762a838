import { PrepError } from '../errors.ts';
import type { Unpacker } from '../formats/initrd.ts';
import type { Guest } from '../guest/guest.ts';
import type { Clock, Journal } from '../journal/journal.ts';
import { bootId, lockState, newRunId, openRun, runFiles } from '../journal/run-folder.ts';
import type { GuestPath, Outcome, Plan, Progress } from '../model.ts';
import type { Workplace } from './deeds/deed.ts';
import { describeStep } from './deeds/index.ts';
import { doStep } from './do-step.ts';
import { findRefusal, type Refusal, refuseMoved, refuseUnfinished } from './refusals.ts';
import { undoAll } from './undo.ts';

export interface ApplyOptions {
  /** Of this program; written into the journal. */
  readonly version: string;
  readonly unpacker: Unpacker;
  readonly progress?: Progress;
  /** Aborted by SIGINT or SIGTERM: the step at hand ends, then everything is undone. */
  readonly signal?: AbortSignal;
  readonly runId?: string;
  readonly clock?: Clock;
}

/**
 * Does a plan, or leaves the guest as it was. Each step: the originals are kept, the journal says what will be touched and
 * is on the disk, the step is done and looked at. A step that fails, or an abort, undoes everything in reverse. After a
 * power cut the next call refuses until `rollback` has undone the run. The same plan a second time is refused, since its
 * files have moved; a plan without steps changes nothing and leaves no run.
 *
 * @throws PrepError `refused` when the state of earlier runs cannot be read.
 */
export async function apply(plan: Plan, guest: Guest, options: ApplyOptions): Promise<Outcome> {
  const refusal = await findRefusal(plan, guest);
  if (refusal !== undefined) return { is: 'refused', ...refusal };
  if (plan.steps.length === 0) return { is: 'done', run: '', changed: 0 };
  let release: () => Promise<void>;
  try {
    release = await lockState(guest);
  } catch (error) {
    return { is: 'refused', ...refusalOf(error) };
  }
  try {
    // Somebody may have been at work until the lock was ours.
    const late = (await refuseUnfinished(guest)) ?? (await refuseMoved(plan, guest));
    return late === undefined ? await run(plan, guest, options) : { is: 'refused', ...late };
  } finally {
    await release();
  }
}

/** Nothing of the guest is touched yet: whatever is in the way of the lock or of the run's folder is a refusal. */
function refusalOf(error: unknown): Refusal {
  const { message } = error as Error;
  return error instanceof PrepError && error.hint !== undefined ? { why: message, hint: error.hint } : { why: message };
}

async function run(plan: Plan, guest: Guest, options: ApplyOptions): Promise<Outcome> {
  const { clock = () => new Date(), progress = () => {}, signal } = options;
  const id = options.runId ?? newRunId(clock());
  let journal: Journal;
  try {
    journal = await openRun(guest, id, plan, clock);
    const boot = await bootId(guest);
    await journal.write({
      say: 'begin',
      doing: 'apply',
      version: options.version,
      ...(boot !== undefined && { boot }),
    });
  } catch (error) {
    return { is: 'refused', ...refusalOf(error) };
  }
  let kept = 0;
  const place = (): GuestPath => `${runFiles(id).originals}/${++kept}`;
  const workplace: Workplace = { guest, unpacker: options.unpacker, run: id, place, progress, signal };
  let at = { number: 0, what: 'the first step' };
  try {
    for (const [index, { step }] of plan.steps.entries()) {
      at = { number: index + 1, what: describeStep(step) };
      signal?.throwIfAborted();
      await doStep(step, at.number, journal, workplace);
    }
    signal?.throwIfAborted();
    await journal.write({ say: 'end', outcome: 'done' });
    return { is: 'done', run: id, changed: plan.steps.length };
  } catch (error) {
    const why = signal?.aborted ? 'it was interrupted' : (error as Error).message;
    return await undoFor({ ...at, why }, journal, workplace);
  }
}

/** Undoes everything for a step that was not done. */
async function undoFor(
  failed: { number: number; what: string; why: string },
  journal: Journal,
  { guest, run: id, progress }: Workplace,
): Promise<Outcome> {
  const { number, what, why } = failed;
  progress(`${what}: ${why}`);
  try {
    await journal.write({ say: 'failed', step: number, why });
  } catch (error) {
    // A full disk may be the very reason; the guest is put back all the same, from what is known here.
    progress(`${journal.path} could not be written: ${(error as Error).message}`);
  }
  const { lost, notes } = await undoAll(guest, journal, id, { progress, resumed: false });
  for (const note of notes) progress(note);
  if (lost.length === 0) return { is: 'undone', run: id, step: what, why };
  return { is: 'broken', run: id, step: what, why: `${why}; and not everything could be put back: ${lost.join('; ')}` };
}
