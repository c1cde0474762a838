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

/** A pattern for one name. Written out instead of as a regular expression, which a hostile one (`*a*a*a*b`) would stall. */
export function globTest(pattern: string): (name: string) => boolean {
  const wanted = pattern.match(/\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  return (name) => {
    if (name.startsWith('.') && !pattern.startsWith('.')) return false;
    // The places in the pattern that the name may have led to so far.
    let places = new Set(skipStars(wanted, [0]));
    for (const character of name) {
      const next: number[] = [];
      for (const at of places) {
        const part = wanted[at];
        if (part === '*') next.push(at);
        else if (part !== undefined && fitsOne(part, character)) next.push(at + 1);
      }
      places = new Set(skipStars(wanted, next));
    }
    return places.has(wanted.length);
  };
}

/** A star may also stand for nothing. */
function skipStars(wanted: readonly string[], places: readonly number[]): number[] {
  return places.flatMap((at) => {
    const reached = [at];
    for (let next = at; wanted[next] === '*'; next++) reached.push(next + 1);
    return reached;
  });
}

function fitsOne(part: string, character: string): boolean {
  if (part === '?') return true;
  if (part.length < 3) return part === character;
  const negated = part[1] === '!' || part[1] === '^';
  const set = part.slice(negated ? 2 : 1, -1);
  let inside = false;
  for (let at = 0; at < set.length; at++) {
    const from = set[at] as string;
    const range = set[at + 1] === '-' && at + 2 < set.length;
    const to = range ? (set[at + 2] as string) : from;
    if (range) at += 2;
    if (character >= from && character <= to) inside = true;
  }
  return inside !== negated;
}
