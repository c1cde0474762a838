import { randomBytes } from 'node:crypto';
import { PrepError } from '../errors.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import type { GuestPath, Plan } from '../model.ts';
import { folderOf } from './content.ts';
import { asciiJson, type Entry } from './entry.ts';
import { type Clock, type Journal, openJournal, readEntries } from './journal.ts';
import { foldersOf } from './originals.ts';

/** Everything that prep-guest keeps in a guest; 0700, since the originals may hold secrets. */
export const stateFolder: GuestPath = '/var/lib/prep-guest';
export const lockFile: GuestPath = `${stateFolder}/lock`;
/** What the seal did; written by the seal only. */
export const sealedFile: GuestPath = `${stateFolder}/sealed.json`;
/** What a seal has seen before the agent ran; gone once the guest is sealed. */
export const sealingFile: GuestPath = `${stateFolder}/sealing.json`;
const runsFolder: GuestPath = `${stateFolder}/runs`;

/** The files of one run. */
export interface RunFiles {
  readonly folder: GuestPath;
  readonly plan: GuestPath;
  readonly journal: GuestPath;
  readonly originals: GuestPath;
  readonly report: GuestPath;
  /** Where a program of a step lays out what it needs for a while; only there meanwhile. */
  readonly scratch: GuestPath;
  /** Names and versions of installed packages, where the run brings some. */
  readonly packagesBefore: GuestPath;
  readonly packagesAfter: GuestPath;
}

export function runFiles(id: string): RunFiles {
  const folder: GuestPath = `${runsFolder}/${id}`;
  return {
    folder,
    plan: `${folder}/plan.json`,
    journal: `${folder}/journal.jsonl`,
    originals: `${folder}/originals`,
    report: `${folder}/report.json`,
    scratch: `${folder}/tmp`,
    packagesBefore: `${folder}/packages-before.json`,
    packagesAfter: `${folder}/packages-after.json`,
  };
}

/** UTC to the second and a little chance: sorts by time, and two in one second differ. `20261123T064512Z-1f9c03` */
export function newRunId(now: Date): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
}

/**
 * `applied`: done and can be undone. `unfinished`: was killed. `broken`: could not be undone, or its journal is damaged.
 * `sealing`: done, and then a seal was begun that did not end.
 */
export type RunState = 'applied' | 'undone' | 'unfinished' | 'broken' | 'sealing' | 'sealed';

/** One run as the history shows it. */
export interface Run {
  readonly id: string;
  /** When it began, ISO 8601 in UTC. */
  readonly at: string;
  readonly state: RunState;
  /** Of every step that was done, or begun: `write /etc/fstab`. */
  readonly steps: readonly string[];
  /** For `broken` and `undone`: what went wrong. */
  readonly why?: string;
  /** Its journal does not tell what it has changed, so that it cannot be undone. */
  readonly damaged?: true;
}

const stateAfter: Readonly<Record<(Entry & { say: 'end' })['outcome'], RunState>> = {
  done: 'applied',
  undone: 'undone',
  broken: 'broken',
  sealed: 'sealed',
};

function summarise(id: string, entries: readonly Entry[]): Run {
  const last = entries.at(-1);
  const why = entries.findLast((entry) => entry.say === 'failed' || (entry.say === 'end' && entry.why !== undefined));
  return {
    id,
    at: entries[0]?.at ?? '',
    state: last?.say === 'end' ? stateAfter[last.outcome] : 'unfinished',
    steps: entries.flatMap((entry) => (entry.say === 'will' ? [entry.what] : [])),
    ...(why !== undefined && 'why' in why && why.why !== undefined && { why: why.why }),
  };
}

/** Undefined where the run was killed before its first line was written: it has touched nothing but its own folder. */
async function readJournal(guest: GuestFiles, id: string) {
  const { journal, originals } = runFiles(id);
  const read = await readEntries(guest, journal);
  if (read !== undefined) return read;
  // Originals are kept after the first line: a journal that has none has lost it, as on a disk that was not shut down.
  const names = await guest.names(originals);
  if (names.is === 'absent' || (names.is === 'there' && names.value.length === 0)) return undefined;
  throw new PrepError(
    'refused',
    `the journal ${journal} is damaged: nothing is in it, while originals are in ${originals}`,
    `its originals lie in ${originals}`,
  );
}

async function readRun(guest: GuestFiles, id: string): Promise<Run | undefined> {
  try {
    const read = await readJournal(guest, id);
    return read && summarise(id, read.entries);
  } catch (error) {
    if (!(error instanceof PrepError)) throw error;
    return { id, at: '', state: 'broken', steps: [], why: error.message, damaged: true };
  }
}

/** Every folder of a run, also of one that never began. */
export async function listRunIds(guest: GuestFiles): Promise<readonly string[]> {
  const names = await guest.names(runsFolder);
  if (names.is === 'unreadable') throw new PrepError('refused', `${runsFolder} cannot be read: ${names.why}`);
  return names.is === 'there' ? names.value : [];
}

/** Every run of this guest that has begun, oldest first. */
export async function listRuns(guest: GuestFiles): Promise<Run[]> {
  const runs: Run[] = [];
  const sealing = await sealBegun(guest);
  for (const id of await listRunIds(guest)) {
    const run = await readRun(guest, id);
    if (run !== undefined) runs.push(sealing && run.state === 'applied' ? { ...run, state: 'sealing' } : run);
  }
  return runs;
}

/** Whether a seal was begun and did not end. What the agent has removed by then cannot come back. */
export async function sealBegun(guest: GuestFiles): Promise<boolean> {
  return (await guest.stat(sealingFile)).is === 'there' && (await guest.stat(sealedFile)).is !== 'there';
}

/** Must be rolled back before anything else is done. */
export function isUnfinished(run: Run): boolean {
  return run.state === 'unfinished' || run.state === 'broken';
}

/** The run that did not end, or could not be undone; undefined when all have ended well. */
export async function unfinishedRun(guest: GuestFiles): Promise<Run | undefined> {
  return (await listRuns(guest)).findLast(isUnfinished);
}

/** Why nothing is done while another holds the lock. */
export function atWork(holder: string): { readonly why: string; readonly hint: string } {
  return { why: `another prep-guest is at work here: ${holder}`, hint: 'wait until it has ended' };
}

/** The state folder and the lock in it. Refused when another process holds it. */
export async function lockState(guest: Guest): Promise<() => Promise<void>> {
  const { nearest, missing } = await foldersOf(guest, lockFile);
  if (missing.length > 0) {
    await guest.folder(stateFolder, 0o700);
    // Our own record is no change to the guest: the folder around it keeps its time.
    await guest.restoreStat(nearest.path, nearest.stat);
  }
  const lock = await guest.lock(lockFile);
  if ('heldBy' in lock) {
    const { why, hint } = atWork(lock.heldBy);
    throw new PrepError('refused', why, hint);
  }
  return lock.release;
}

/** Makes the folder of a new run and its journal, which is still empty. */
export async function openRun(guest: Guest, id: string, plan: Plan, clock: Clock): Promise<Journal> {
  const files = runFiles(id);
  for (const folder of [folderOf(files.folder), files.folder, files.originals]) await guest.folder(folder, 0o700);
  await guest.write(files.plan, Buffer.from(asciiJson(plan, 2)), { mode: 0o600 });
  return openJournal(guest, files.journal, clock);
}

/** Opens the journal of an earlier run. Refused when there is no such run. */
export async function reopenRun(guest: Guest, id: string, clock: Clock): Promise<Journal> {
  const { journal } = runFiles(id);
  const read = await readJournal(guest, id);
  if (read === undefined) throw new PrepError('refused', `there is no run ${id}`, 'see `prep-guest history`');
  return openJournal(guest, journal, clock, read);
}

/** Which start of the machine this is; undefined offline, where nothing of the guest runs. */
export async function bootId(guest: GuestFiles): Promise<string | undefined> {
  if (guest.where === 'offline') return undefined;
  const text = await guest.text('/proc/sys/kernel/random/boot_id');
  return text.is === 'there' ? text.value.trim() : undefined;
}

/** Removes a file, or a folder with all that is in it. Links are removed, not followed. */
export async function removeTree(guest: Guest, path: GuestPath): Promise<void> {
  const stat = await guest.stat(path);
  if (stat.is === 'there' && stat.value.type === 'folder') await emptyFolder(guest, path);
  await guest.remove(path);
}

/** Removes all that is in a folder. */
export async function emptyFolder(guest: Guest, folder: GuestPath): Promise<void> {
  const names = await guest.names(folder);
  if (names.is === 'unreadable') throw new Error(`${folder} cannot be read: ${names.why}`);
  if (names.is === 'there') for (const name of names.value) await removeTree(guest, `${folder}/${name}` as GuestPath);
}
