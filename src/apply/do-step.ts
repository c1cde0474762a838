import type { Guest, GuestFiles } from '../guest/guest.ts';
import { type Content, contentAt } from '../journal/content.ts';
import type { FolderBefore, Original } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { foldersOf, keepOriginal } from '../journal/originals.ts';
import type { GuestPath, Step } from '../model.ts';
import type { Deed, Workplace } from './deeds/deed.ts';
import { deedOf, describeStep } from './deeds/index.ts';

/**
 * Does one step: originals kept, `will` written, done, looked at, `did` written. Until the `will` line is on the disk
 * nothing but the run's own folder is touched. Throws a sentence when the step was not done; undoing is the caller's.
 */
export async function doStep(step: Step, number: number, journal: Journal, workplace: Workplace): Promise<void> {
  const { guest, progress } = workplace;
  const deed = await deedOf(step, workplace);
  const what = describeStep(step);
  progress(what);
  const originals: Original[] = [];
  for (const touch of deed.touches) originals.push(await keepOriginal(guest, touch));
  const { made, folders } = await surroundings(deed, guest);
  const { leftovers, undo, packages } = deed;
  const more = { ...(undo && { undo }), ...(packages && { packages }) };
  await journal.write({ say: 'will', step: number, what, originals, made, folders, leftovers, ...more });
  for (const folder of deed.makesFolders ? made : []) await guest.folder(folder, 0o755);
  await deed.perform();
  await journal.write({ say: 'did', step: number, now: await contentsOf(originals, guest) });
}

/** The folders that are not there yet, which the step or its program may make, and those whose time will change. */
async function surroundings(deed: Deed, guest: GuestFiles): Promise<{ made: GuestPath[]; folders: FolderBefore[] }> {
  const made = new Set<GuestPath>();
  const folders = new Map<GuestPath, FolderBefore>();
  for (const { path } of deed.touches) {
    const { missing, nearest } = await foldersOf(guest, path);
    for (const folder of missing) made.add(folder);
    folders.set(nearest.path, nearest);
  }
  return { made: [...made], folders: [...folders.values()] };
}

async function contentsOf(originals: readonly Original[], guest: Guest): Promise<Record<GuestPath, Content>> {
  const contents: Record<GuestPath, Content> = {};
  for (const { path } of originals) contents[path] = await contentAt(guest, path);
  return contents;
}
