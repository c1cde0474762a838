import { PrepError } from '../errors.ts';
import type { Guest } from '../guest/guest.ts';
import type { Clock } from '../journal/journal.ts';
import { bootId, listRuns, lockState, type Run, reopenRun, runFiles } from '../journal/run-folder.ts';
import type { Progress } from '../model.ts';
import { changedByOthers, missingOriginals, openSteps, undoAll, wasUndoing } from './undo.ts';

export interface RollbackOptions {
  readonly version: string;
  /** Undo also where somebody else has changed a file since: their change is lost. */
  readonly force?: boolean;
  readonly progress?: Progress;
  readonly clock?: Clock;
}

/** What a rollback came to. `steps`: how many were undone. `notes`: sentences for the user. */
export type RolledBack =
  | { readonly is: 'undone'; readonly run: string; readonly steps: number; readonly notes: readonly string[] }
  | { readonly is: 'refused'; readonly why: string; readonly hint?: string }
  | { readonly is: 'broken'; readonly run: string; readonly why: string; readonly notes: readonly string[] };

/**
 * Undoes a finished or interrupted run, newest step first; without an id the newest run that can be undone. May be killed
 * at any point and called again. Refused, with nothing touched, when there is no such run, when it was sealed, when a file
 * was changed by somebody else since, or when an original that is needed is gone.
 */
export async function rollback(guest: Guest, id: string | undefined, options: RollbackOptions): Promise<RolledBack> {
  try {
    const release = await lockStateOf(guest);
    try {
      return await rollbackLocked(guest, id, options);
    } finally {
      await release();
    }
  } catch (error) {
    if (!(error instanceof PrepError)) throw error;
    return { is: 'refused', why: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** A guest without runs is left without a state folder. */
async function lockStateOf(guest: Guest): Promise<() => Promise<void>> {
  if ((await listRuns(guest)).length === 0) throw new PrepError('refused', 'there is no run to undo here');
  return lockState(guest);
}

async function rollbackLocked(guest: Guest, id: string | undefined, options: RollbackOptions): Promise<RolledBack> {
  const { clock = () => new Date(), progress = () => {}, force = false, version } = options;
  const runs = await listRuns(guest);
  const run = chooseRun(runs, id);
  const journal = await reopenRun(guest, run.id, clock);
  if (!force) await refuseLosses(guest, run, runs, journal.entries);
  const missing = await missingOriginals(guest, journal.entries);
  if (missing.length > 0) {
    throw new PrepError('refused', `${run.id} cannot be undone: gone or changed: ${missing.join('; ')}`);
  }
  const steps = openSteps(journal.entries).length;
  const resumed = wasUndoing(journal.entries);
  const boot = await bootId(guest);
  await journal.write({ say: 'begin', doing: 'rollback', version, ...(boot !== undefined && { boot }) });
  const { lost, notes } = await undoAll(guest, journal, run.id, { progress, resumed });
  if (lost.length > 0) return { is: 'broken', run: run.id, why: lost.join('; '), notes };
  return { is: 'undone', run: run.id, steps, notes };
}

function chooseRun(runs: readonly Run[], id: string | undefined): Run {
  const open = (run: Run) => run.state !== 'undone' && run.state !== 'sealed';
  const run = id === undefined ? runs.findLast(open) : runs.find((one) => one.id === id);
  if (
    run?.state === 'sealed' ||
    (run === undefined && id === undefined && runs.some((one) => one.state === 'sealed'))
  ) {
    throw new PrepError(
      'refused',
      'the guest was sealed: its originals are gone, and what the agent removed cannot come back',
      'start again from a copy of the disk that was made before',
    );
  }
  if (run === undefined) {
    throw new PrepError(
      'refused',
      id === undefined ? 'there is no run to undo here' : `there is no run ${id}`,
      'see `prep-guest history`',
    );
  }
  if (run.state === 'undone') throw new PrepError('refused', `the run ${run.id} is undone already`);
  return run;
}

async function refuseLosses(
  guest: Guest,
  run: Run,
  runs: readonly Run[],
  entries: Parameters<typeof changedByOthers>[1],
): Promise<void> {
  const changed = await changedByOthers(guest, entries);
  if (changed.length === 0) return;
  const later = runs.find((other) => other.id > run.id && other.state === 'applied');
  throw new PrepError(
    'refused',
    `changed since the run ${run.id}, and not by it: ${changed.join(', ')}`,
    later === undefined
      ? `their originals lie in ${runFiles(run.id).originals}`
      : `\`prep-guest rollback ${later.id}\` first: that run came later`,
  );
}
