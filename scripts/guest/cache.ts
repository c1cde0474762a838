import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { must } from './run.ts';

/** Where built guests are kept: `PREP_GUEST_CACHE`, else `.cache/guests` of the checkout. */
export function cacheFolder(): string {
  return path.resolve(process.env.PREP_GUEST_CACHE ?? path.join(import.meta.dirname, '../../.cache/guests'));
}

/** A short digest of everything that decides what a cached thing holds. */
export function recipeKey(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

const underway = new Map<string, Promise<string>>();

/**
 * The folder `name-key` of the cache, filled by `build` when it is not there yet. It is built beside and renamed, so a
 * folder under its final name is whole, and two processes that build the same thing at once do no harm.
 */
export function cached(name: string, recipe: unknown, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cacheFolder(), `${name}-${recipeKey(recipe)}`);
  const known = underway.get(folder);
  if (known) return known;
  const made = findOrBuild(folder, build);
  underway.set(folder, made);
  return made;
}

async function findOrBuild(folder: string, build: (folder: string) => Promise<void>): Promise<string> {
  if (await isFolder(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  const beside = await mkdtemp(`${folder}.new-`);
  try {
    await build(beside);
    await rename(beside, folder).catch(async (error: unknown) => {
      // Another process was quicker: its result is as good.
      if (!(await isFolder(folder))) throw error;
    });
  } finally {
    await removeTree(beside);
  }
  return folder;
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Removes a folder without ever crossing into another file system, so that a mount left inside it survives. */
export async function removeTree(folder: string): Promise<void> {
  await must(['rm', '-rf', '--one-file-system', '--', folder]);
}
