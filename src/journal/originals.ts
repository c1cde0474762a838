import type { Guest, GuestFiles } from '../guest/guest.ts';
import type { FileStat, GuestPath } from '../model.ts';
import { bytesAt, type Content, contentAt, folderOf, within } from './content.ts';
import type { FolderBefore, Keeping, Original } from './entry.ts';

/** A path that a step is going to touch, and how its original shall be kept. */
export interface Touch {
  readonly path: GuestPath;
  readonly keep: Exclude<Keeping, { how: 'none' }>;
}

async function statAt(guest: GuestFiles, path: GuestPath): Promise<FileStat | undefined> {
  const stat = await guest.stat(path);
  if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
  return stat.is === 'there' ? stat.value : undefined;
}

/** Looks at what stands at a path and keeps it. Nothing outside the run's own folder is touched. */
export async function keepOriginal(guest: Guest, { path, keep }: Touch): Promise<Original> {
  const stat = await statAt(guest, path);
  const content = await contentAt(guest, path);
  if (stat === undefined) return { path, content, kept: { how: 'none' } };
  if (content === 'special') throw new Error(`${path} is neither a file, a link nor a folder`);
  if (content === 'folder') {
    const names = await guest.names(path);
    if (names.is !== 'there' || names.value.length > 0) throw new Error(`${path} is a folder with something in it`);
    return { path, content, stat, kept: { how: 'none' } };
  }
  if (keep.how === 'copy') await guest.copy(path, keep.at);
  if (keep.how === 'second-name') await guest.hardLinkOrCopy(path, keep.at);
  if (keep.how !== 'aside' && (await contentAt(guest, keep.at)) !== content) {
    throw new Error(`${path} could not be kept: its copy reads otherwise, or it was changed meanwhile`);
  }
  if (keep.how !== 'copy' || keep.name === undefined) return { path, content, stat, kept: keep };
  const { name, ...copy } = keep;
  const named = stat.type === 'file' && stat.links > 1 && (await keepName(guest, path, name));
  return { path, content, stat, kept: named ? keep : copy };
}

/** Whether the file itself could be given that name too: not where the two lie on different file systems. */
async function keepName(guest: Guest, path: GuestPath, name: GuestPath): Promise<boolean> {
  if ((await guest.hardLinkOrCopy(path, name)) === 'linked') return true;
  await guest.remove(name);
  return false;
}

/** What tells the present state of a path from the original; undefined when it is as it was. */
export async function differenceFrom(guest: GuestFiles, original: Original): Promise<string | undefined> {
  const content = await contentAt(guest, original.path);
  if (content !== original.content) return differenceIn(original.content, content);
  if (original.stat === undefined) return undefined;
  const now = await statAt(guest, original.path);
  if (now === undefined) return 'is gone';
  if (now.uid !== original.stat.uid || now.gid !== original.stat.gid) return 'has another owner';
  // A link's mode means nothing.
  if (now.type !== 'link' && now.mode !== original.stat.mode) return 'has another mode';
  if (now.modifiedNs !== original.stat.modifiedNs) return 'has another time';
  return undefined;
}

function differenceIn(before: Content, now: Content): string {
  if (now === 'absent') return 'is gone';
  return before === 'absent' ? 'was not there before' : 'reads otherwise';
}

/** The kept name of a file that another one has replaced, as long as nobody has written into it. */
async function nameToPutBack(guest: GuestFiles, { path, kept, stat, content }: Original) {
  if (kept.how !== 'copy' || kept.name === undefined) return undefined;
  const now = await statAt(guest, path);
  if (now?.inode === stat?.inode && now?.device === stat?.device) return undefined;
  return (await contentAt(guest, kept.name)) === content ? kept.name : undefined;
}

/** A second name of the file at `from` takes the place of what stands at `path`. */
async function putName(guest: Guest, from: GuestPath, path: GuestPath): Promise<void> {
  const beside = besideName(path);
  await guest.remove(beside);
  await guest.hardLinkOrCopy(from, beside);
  await guest.rename(beside, path);
}

async function putBackKept(guest: Guest, original: Original, stat: FileStat): Promise<void> {
  const { path, kept } = original;
  if (kept.how === 'none') return;
  if ((await contentAt(guest, kept.at)) !== original.content) {
    throw new Error(`its original ${kept.at} is gone or was changed`);
  }
  const now = await statAt(guest, path);
  if (kept.how === 'aside') {
    await guest.rename(kept.at, path);
  } else if (
    kept.how === 'copy' &&
    stat.type === 'file' &&
    now?.inode === stat.inode &&
    now.device === stat.device &&
    now.links > 1
  ) {
    // Written in place, so that its other names stay names of the same file.
    await guest.write(path, await bytesAt(guest, kept.at));
  } else if (kept.how === 'copy') {
    await guest.copy(kept.at, path);
  } else {
    await putName(guest, kept.at, path);
  }
}

/** Where a second name is made before it takes its place; a killed rollback may leave it. */
export function besideName(path: GuestPath): GuestPath {
  return within(folderOf(path), '.prep-guest-undo');
}

/**
 * Makes a path what it was: bytes, owner, mode, times, extended attributes, links. Looks first, so it may be called again
 * after a power cut at any point; looks afterwards, and throws when the path is not as it was.
 */
export async function putBack(guest: Guest, original: Original): Promise<void> {
  const { path, content, stat } = original;
  const name = await nameToPutBack(guest, original);
  const now = await contentAt(guest, path);
  if (name !== undefined) {
    await putName(guest, name, path);
  } else if (now !== content) {
    if (stat === undefined) await guest.remove(path);
    else if (content === 'folder') await guest.folder(path, stat.mode);
    else await putBackKept(guest, original, stat);
  }
  if (stat !== undefined && (await differenceFrom(guest, original)) !== undefined) await guest.restoreStat(path, stat);
  const difference = await differenceFrom(guest, original);
  if (difference !== undefined) throw new Error(`it ${difference}`);
}

/** The folders above `path` that do not exist yet, outermost first, and the innermost that does. */
export async function foldersOf(
  guest: GuestFiles,
  path: GuestPath,
): Promise<{ missing: GuestPath[]; nearest: FolderBefore }> {
  const missing: GuestPath[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const real = await guest.real(folder);
    if (real.is === 'unreadable') throw new Error(`${folder} cannot be looked at: ${real.why}`);
    if (real.is === 'absent') {
      missing.unshift(folder);
      continue;
    }
    const stat = await statAt(guest, real.value);
    if (stat?.type !== 'folder') throw new Error(`${folder} is not a folder`);
    return { missing, nearest: { path: real.value, stat } };
  }
}
