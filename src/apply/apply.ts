import { PrepError } from '../errors.ts';
import type { Unpacker } from '../formats/initrd.ts';
import type { Guest } from '../guest/guest.ts';
import type { Clock, Journal } from '../journal/journal.ts';
import { bootId, lockState, newRunId, openRun, runFiles } from '../journal/run-folder.ts';
import type { GuestPath, Outcome, Plan, Progress } from '../model.ts';
import { ProgramError, type Workplace } from './deeds/deed.ts';
import { describeStep } from './deeds/index.ts';
import { doStep } from './do-step.ts';
import { asRefusal, findRefusal, type Refusal, refuseMoved, refuseUnfinishedLocked } from './refusals.ts';
import { initrdsKeptElsewhere } from './space.ts';
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
 */
export async function apply(plan: Plan, guest: Guest, options: ApplyOptions): Promise<Outcome> {
  const begun = await begin(plan, guest, options);
  if (begun === undefined) return { is: 'done', run: '', changed: 0 };
  if ('why' in begun) return { is: 'refused', ...begun };
  try {
    return await doSteps(plan, guest, options, begun);
  } finally {
    await begun.release();
  }
}

/** A run that holds the lock and has written its first line. */
interface Begun {
  readonly id: string;
  readonly journal: Journal;
  readonly keptElsewhere: Workplace['keptElsewhere'];
  readonly release: () => Promise<void>;
}

/** Undefined when there is nothing to do. The guest is not touched: whatever is in the way, or is thrown, is a refusal. */
async function begin(plan: Plan, guest: Guest, options: ApplyOptions): Promise<Begun | Refusal | undefined> {
  const { clock = () => new Date(), version } = options;
  let release = async () => {};
  try {
    const early = await findRefusal(plan, guest);
    if (early !== undefined || plan.steps.length === 0) return early;
    release = await lockState(guest);
    // Somebody may have been at work until the lock was ours.
    const late = (await refuseUnfinishedLocked(guest)) ?? (await refuseMoved(plan, guest));
    if (late !== undefined) throw new PrepError('refused', late.why, late.hint);
    const keptElsewhere = await initrdsKeptElsewhere(plan, guest);
    const id = options.runId ?? newRunId(clock());
    const journal = await openRun(guest, id, plan, clock);
    const boot = await bootId(guest);
    await journal.write({ say: 'begin', doing: 'apply', version, ...(boot !== undefined && { boot }) });
    return { id, journal, keptElsewhere, release };
  } catch (error) {
    await release();
    return asRefusal(error);
  }
}

async function doSteps(plan: Plan, guest: Guest, options: ApplyOptions, begun: Begun): Promise<Outcome> {
  const { progress = () => {}, signal, unpacker } = options;
  const { id, journal, keptElsewhere } = begun;
  let kept = 0;
  const place = (): GuestPath => `${runFiles(id).originals}/${++kept}`;
  const workplace: Workplace = { guest, unpacker, run: id, place, keptElsewhere, progress, signal };
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
    if (signal?.aborted) return await undoFor({ ...at, why: 'it was interrupted', said: [] }, journal, workplace);
    const said = error instanceof ProgramError ? error.said : [];
    const undone = await undoFor({ ...at, why: (error as Error).message, said }, journal, workplace);
    // A trial said that it cannot be done, and nothing was done before it.
    const onlyTried =
      undone.is === 'undone' && error instanceof PrepError && error.code === 'refused' && at.number === 1;
    return onlyTried ? { is: 'refused', ...asRefusal(error) } : undone;
  }
}

/** Undoes everything for a step that was not done. */
async function undoFor(
  failed: { number: number; what: string; why: string; said: readonly string[] },
  journal: Journal,
  { guest, run: id, progress }: Workplace,
): Promise<Outcome> {
  const { number, what, said } = failed;
  // The reason is the caller's to show, once; here it goes into the journal.
  progress(`failed: ${what}`);
  const begin = { say: 'failed', step: number, why: failed.why, ...(said.length > 0 && { said }) } as const;
  const { lost, notes } = await undoAll(guest, journal, id, { progress, resumed: false, begin });
  for (const note of notes) progress(note);
  const more = said.length - 1;
  const why = more > 0 ? `${failed.why}; ${more} more ${more === 1 ? 'line' : 'lines'} in ${journal.path}` : failed.why;
  if (lost.length === 0) return { is: 'undone', run: id, step: what, why };
  return { is: 'broken', run: id, step: what, why: `${why}; and not everything could be put back: ${lost.join('; ')}` };
}
