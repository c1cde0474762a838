import { PrepError } from '../errors.ts';
import type { Guest } from '../guest/guest.ts';
import type { Entry } from '../journal/entry.ts';
import type { Clock, Journal } from '../journal/journal.ts';
import { isUnfinished, listRuns, lockState, type Run, reopenRun, runFiles } from '../journal/run-folder.ts';
import type { Progress } from '../model.ts';
import { asRefusal } from './refusals.ts';
import { changedByOthers, missingOriginals, openSteps, undoAll, wasUndoing } from './undo.ts';

export interface RollbackOptions {
  readonly version: string;
  /** Undo also where somebody else has changed a file since, whose change is lost, and where a seal was begun. */
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
 * at any point and called again. Refused, with nothing touched, when there is no such run, when it was sealed, when a
 * seal was begun, when a file was changed by somebody else since, or when an original that is needed is gone.
 */
export async function rollback(guest: Guest, id: string | undefined, options: RollbackOptions): Promise<RolledBack> {
  let release = async () => {};
  try {
    // A guest without runs is left without a state folder.
    if ((await listRuns(guest)).length > 0) release = await lockState(guest);
    const journal = await openUndoable(guest, id, options);
    return await undo(guest, journal, options);
  } catch (error) {
    // Undoing itself does not throw: until then nothing was touched.
    return { is: 'refused', ...asRefusal(error) };
  } finally {
    await release();
  }
}

async function undo(guest: Guest, journal: RunJournal, options: RollbackOptions): Promise<RolledBack> {
  const { progress = () => {}, version } = options;
  const { run } = journal;
  const steps = openSteps(journal.entries).length;
  const resumed = wasUndoing(journal.entries);
  const begin = { say: 'begin', doing: 'rollback', version } as const;
  const { lost, notes } = await undoAll(guest, journal, run, { progress, resumed, begin });
  if (lost.length > 0) return { is: 'broken', run, why: lost.join('; '), notes };
  return { is: 'undone', run, steps, notes };
}

type RunJournal = Journal & { readonly run: string };

/** The journal of the run that is to be undone. Throws where it cannot or should not be. */
async function openUndoable(guest: Guest, id: string | undefined, options: RollbackOptions): Promise<RunJournal> {
  const { clock = () => new Date(), force = false } = options;
  const runs = await listRuns(guest);
  const run = chooseRun(runs, id);
  const journal = await reopenRun(guest, run.id, clock);
  if (!force && run.state === 'sealing') refuseSealing();
  if (!force) await refuseLosses(guest, run, runs, journal.entries);
  const missing = await missingOriginals(guest, journal.entries);
  if (missing.length > 0) {
    throw new PrepError('refused', `${run.id} cannot be undone: gone or changed: ${missing.join('; ')}`);
  }
  return { ...journal, run: run.id };
}

function isDone(run: Run): boolean {
  return run.state === 'applied' || run.state === 'sealing';
}

function refuseSealing(): never {
  throw new PrepError(
    'refused',
    'a seal was begun and did not end: what the agent has removed by then cannot come back',
    '`prep-guest seal` ends it; --force undoes the run all the same',
  );
}

function chooseRun(runs: readonly Run[], id: string | undefined): Run {
  // One that did not end stands before those that did: nothing else can be done until it is undone.
  const next = runs.findLast(isUnfinished) ?? runs.findLast(isDone);
  const run = id === undefined ? next : runs.find((one) => one.id === id);
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

async function refuseLosses(guest: Guest, run: Run, runs: readonly Run[], entries: readonly Entry[]): Promise<void> {
  const later = runs.find((other) => other.id > run.id && isDone(other));
  // It may have edited what a package has brought, and could not be undone when that is gone.
  if (later !== undefined && openSteps(entries).some(({ packages }) => packages !== undefined)) {
    throw new PrepError(
      'refused',
      `the run ${run.id} has installed packages, and ${later.id} came later`,
      `\`prep-guest rollback ${later.id}\` first`,
    );
  }
  const changed = await changedByOthers(guest, entries);
  if (changed.length === 0) return;
  throw new PrepError(
    'refused',
    `changed since the run ${run.id}, and not by it: ${changed.join(', ')}`,
    later === undefined
      ? `their originals lie in ${runFiles(run.id).originals}`
      : `\`prep-guest rollback ${later.id}\` first: that run came later`,
  );
}
