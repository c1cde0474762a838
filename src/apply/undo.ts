import type { Guest, GuestFiles } from '../guest/guest.ts';
import { contentAt, folderOf, within } from '../journal/content.ts';
import type { Entry, FolderBefore, NewEntry, Original, Will } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { besideName, differenceFrom, putBack } from '../journal/originals.ts';
import { bootId, emptyFolder, removeTree, runFiles } from '../journal/run-folder.ts';
import type { GuestPath, Progress } from '../model.ts';
import { lastWords, secondsForPrograms } from './deeds/deed.ts';
import { removePackages } from './remove-packages.ts';

/** What the guest writes under before a rename, and leaves when it is killed (guest/replace-file.ts). */
const halfWritten = /^\.prep-guest-[0-9a-f]{16}$/;

/** What came of an undoing: what could not be put back, and what is worth knowing. Sentences. */
export interface Undone {
  readonly lost: readonly string[];
  readonly notes: readonly string[];
}

interface Lists {
  readonly lost: string[];
  readonly notes: string[];
}

interface Undoing {
  readonly entries: readonly Entry[];
  readonly resumed: boolean;
}

export interface UndoOptions {
  readonly progress: Progress;
  /** An earlier undoing of this run did not come to its end. */
  readonly resumed: boolean;
  /** What the journal says first of all. */
  readonly begin: NewEntry;
}

/** Steps that were begun and are not undone yet, newest first. */
export function openSteps(entries: readonly Entry[]): Will[] {
  const undone = new Set(entries.flatMap((entry) => (entry.say === 'undid' ? [entry.step] : [])));
  return entries.flatMap((entry) => (entry.say === 'will' && !undone.has(entry.step) ? [entry] : [])).reverse();
}

function sentence(path: GuestPath, error: unknown): string {
  return `${path} is not as it was: ${(error as Error).message}`;
}

async function removeLeftovers(guest: Guest, will: Will): Promise<void> {
  for (const path of [...will.leftovers, ...will.originals.map((original) => besideName(original.path))]) {
    await guest.remove(path);
  }
  for (const folder of new Set(will.originals.map((original) => folderOf(original.path)))) {
    const names = await guest.names(folder);
    for (const name of names.is === 'there' ? names.value : []) {
      if (halfWritten.test(name)) await guest.remove(within(folder, name));
    }
  }
}

/** Removes folders that the step has made, innermost first. One that somebody has put something in stays. */
async function removeMade(guest: Guest, made: readonly GuestPath[], notes: string[]): Promise<void> {
  for (const folder of made.toReversed()) {
    const names = await guest.names(folder);
    if (names.is === 'absent') continue;
    if (names.is === 'there' && names.value.length === 0) await guest.remove(folder);
    else notes.push(`${folder} stays: something else is in it`);
  }
}

/** Gives the folders around everything that was touched the times that they had before the run. */
async function restoreFolders(guest: Guest, entries: readonly Entry[]): Promise<void> {
  const first = new Map<GuestPath, FolderBefore>();
  for (const entry of entries) {
    for (const folder of entry.say === 'will' ? entry.folders : []) {
      if (!first.has(folder.path)) first.set(folder.path, folder);
    }
  }
  for (const { path, stat } of first.values()) {
    const now = await guest.stat(path);
    // One that an earlier step of the same run has made is gone again.
    if (now.is === 'there' && now.value.modifiedNs !== stat.modifiedNs) await guest.restoreStat(path, stat);
  }
}

/** Runs a program that takes back what no file holds. What ran before the machine's present start is gone without it. */
async function runUndo(guest: Guest, will: Will, { entries, resumed }: Undoing, undone: Lists): Promise<void> {
  if (will.undo === undefined) return;
  const began = entries.findLast((entry) => entry.say === 'begin' && entry.doing === 'apply');
  const boot = await bootId(guest);
  if (began?.say === 'begin' && began.boot !== boot) {
    undone.notes.push(`${will.undo.join(' ')} was not run: the machine was started anew since`);
    return;
  }
  const result = await guest.run(will.undo, { seconds: secondsForPrograms });
  if (result.code === 0) return;
  const says = `${will.undo.join(' ')} ended with ${result.code ?? result.signal}: ${lastWords(result)}`;
  // Where the deed may not have happened, or may have been taken back already, there was perhaps nothing to do.
  const wasDone = entries.some((entry) => entry.say === 'did' && entry.step === will.step);
  if (wasDone && !resumed) undone.lost.push(says);
  else undone.notes.push(says);
}

async function undoStep(guest: Guest, will: Will, undoing: Undoing): Promise<Lists> {
  const undone: Lists = { lost: [], notes: [] };
  // Before the package manager's records are put back: it must still know what it is to remove.
  if (will.packages !== undefined) undone.lost.push(...(await removePackages(guest, will.packages)));
  if (undone.lost.length > 0) return undone;
  for (const original of will.originals) {
    try {
      await putBack(guest, original);
    } catch (error) {
      undone.lost.push(sentence(original.path, error));
    }
  }
  // The old initrd may still lie among the leftovers: they go only when everything is back in its place.
  if (undone.lost.length > 0) return undone;
  try {
    await removeLeftovers(guest, will);
    await removeMade(guest, will.made, undone.notes);
    await runUndo(guest, will, undoing, undone);
  } catch (error) {
    undone.lost.push(`${will.what} is not wholly undone: ${(error as Error).message}`);
  }
  return undone;
}

/**
 * Undoes every open step of a run, newest first, and looks at each path afterwards. Goes on where one cannot be put back,
 * so that as much as possible is. May be killed at any point and called again. When nothing was lost, the originals are
 * removed: they may hold secrets, and a second name changes the link count of the file itself.
 */
export async function undoAll(guest: Guest, journal: Journal, run: string, options: UndoOptions): Promise<Undone> {
  const all: Lists = { lost: [], notes: [] };
  const attempt = async (path: GuestPath, what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      all.notes.push(`${path} could not be ${what}: ${(error as Error).message}`);
    }
  };
  // A full disk must not keep the guest from being put back: the journal then says less than was done.
  const record = (entry: NewEntry) => attempt(journal.path, 'written', () => journal.write(entry));
  await record(options.begin);
  // First, since what is put back may need the room.
  await attempt(runFiles(run).scratch, 'removed', () => removeTree(guest, runFiles(run).scratch));
  for (const will of openSteps(journal.entries)) {
    options.progress(`undoing: ${will.what}`);
    const undone = await undoStep(guest, will, { entries: journal.entries, resumed: options.resumed });
    all.lost.push(...undone.lost);
    all.notes.push(...undone.notes);
    if (undone.lost.length === 0) await record({ say: 'undid', step: will.step });
  }
  try {
    await restoreFolders(guest, journal.entries);
  } catch (error) {
    all.lost.push((error as Error).message);
  }
  for (const difference of await differencesOfAll(guest, journal.entries)) {
    if (!all.lost.includes(difference)) all.lost.push(difference);
  }
  if (all.lost.length > 0) {
    await record({ say: 'end', outcome: 'broken', why: all.lost.join('; ') });
    return all;
  }
  await attempt(runFiles(run).originals, 'emptied', () => emptyFolder(guest, runFiles(run).originals));
  await record({ say: 'end', outcome: 'undone' });
  return all;
}

/** Looks once more at every path of the run: its first original is what must stand there now. */
async function differencesOfAll(guest: GuestFiles, entries: readonly Entry[]): Promise<string[]> {
  const first = new Map<GuestPath, Original>();
  for (const entry of entries) {
    if (entry.say !== 'will') continue;
    for (const original of entry.originals) if (!first.has(original.path)) first.set(original.path, original);
  }
  const found: string[] = [];
  for (const original of first.values()) {
    try {
      const difference = await differenceFrom(guest, original);
      if (difference !== undefined) found.push(sentence(original.path, new Error(`it ${difference}`)));
    } catch (error) {
      found.push(sentence(original.path, error));
    }
  }
  return found;
}

/** An undoing of this run was begun before. */
export function wasUndoing(entries: readonly Entry[]): boolean {
  return entries.some((entry) => entry.say === 'failed' || (entry.say === 'begin' && entry.doing === 'rollback'));
}

/**
 * Paths that neither hold what stood there before nor what the run has put there: somebody else has changed them since, and
 * undoing would throw that away.
 */
export async function changedByOthers(guest: GuestFiles, entries: readonly Entry[]): Promise<GuestPath[]> {
  const known = new Map<GuestPath, Set<string>>();
  const underWay = new Set<GuestPath>();
  const undoing = wasUndoing(entries);
  const done = new Map(entries.flatMap((entry) => (entry.say === 'did' ? [[entry.step, entry.now] as const] : [])));
  for (const will of openSteps(entries)) {
    for (const original of will.originals) {
      const contents = known.get(original.path) ?? new Set();
      contents.add(original.content);
      const after = done.get(will.step)?.[original.path];
      if (after !== undefined) contents.add(after);
      known.set(original.path, contents);
      // Killed while it was written, in place where it has several names: it may hold anything.
      if (after === undefined || (undoing && (original.stat?.links ?? 0) > 1)) underWay.add(original.path);
    }
  }
  const changed: GuestPath[] = [];
  for (const [path, contents] of known) {
    if (!underWay.has(path) && !contents.has(await contentAt(guest, path))) changed.push(path);
  }
  return changed;
}

/** Originals that are needed to undo the run and are not there any more, or read otherwise. Sentences. */
export async function missingOriginals(guest: GuestFiles, entries: readonly Entry[]): Promise<string[]> {
  const missing: string[] = [];
  for (const will of openSteps(entries)) {
    for (const { path, content, kept } of will.originals) {
      if (kept.how === 'none' || (await contentAt(guest, path)) === content) continue;
      if ((await contentAt(guest, kept.at)) !== content) missing.push(`${kept.at}, the original of ${path}`);
    }
  }
  return missing;
}
