import { globTest } from '../formats/glob.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath } from '../model.ts';

/** Finding files: patterns, drop-in folders, the first of several places. */

/** A path below a folder. */
export function below(folder: GuestPath, name: string): GuestPath {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** Names in a folder; none where it is missing or cannot be read (which the recording of the scan remembers). */
export async function namesIn(files: GuestFiles, folder: GuestPath): Promise<readonly string[]> {
  const names = await files.names(folder);
  return names.is === 'there' ? names.value : [];
}

/** Whether something is at `path`, or at the end of the link there. */
export async function isThere(files: GuestFiles, path: GuestPath): Promise<boolean> {
  return (await files.real(path)).is === 'there';
}

/** The first path at which something is. */
export async function firstThere(files: GuestFiles, paths: readonly GuestPath[]): Promise<GuestPath | undefined> {
  for (const path of paths) if (await isThere(files, path)) return path;
  return undefined;
}

/**
 * Files of drop-in folders, the most important folder first: a name in one hides the same name in those after it. In the
 * order of their names, which is the order in which programs read them.
 */
export async function dropIns(
  files: GuestFiles,
  folders: readonly GuestPath[],
  fits: (name: string) => boolean,
): Promise<GuestPath[]> {
  const byName = new Map<string, GuestPath>();
  for (const folder of folders) {
    for (const name of await namesIn(files, folder)) {
      if (fits(name) && !byName.has(name)) byName.set(name, below(folder, name));
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** Paths that a pattern of glob(7) matches, sorted. Only `*`, `?` and `[…]` are special, and no `*` matches a leading dot. */
export async function glob(files: GuestFiles, pattern: string): Promise<GuestPath[]> {
  let found: GuestPath[] = ['/'];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    const next: GuestPath[] = [];
    for (const folder of found) {
      if (/[*?[]/.test(part)) {
        const fits = globTest(part);
        const names = await namesIn(files, folder);
        next.push(...names.filter(fits).map((name) => below(folder, name)));
      } else if (await isThere(files, below(folder, part))) {
        next.push(below(folder, part));
      }
    }
    found = next;
  }
  return found.sort();
}
