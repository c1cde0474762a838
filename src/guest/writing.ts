import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { FileStat, GuestPath } from '../model.ts';
import { copyAttributes, type CopySource, copyWhole, isBare, setModified } from './attributes.ts';
import type { Guest, GuestFiles } from './guest.ts';
import { asGuestError, codeOf, explain, GuestError } from './guest-error.ts';
import { takeLock } from './lock.ts';
import { typeName } from './reading.ts';
import { createFile, overwriteFile, putInPlace, replaceFile } from './replace-file.ts';
import { folderOf, type HeldFolder, holdFolder, hostPath, type Place, type Root, resolve } from './resolve.ts';

const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Why a second name was not possible although a copy may be: another file system, or one without hard links. */
const noSecondName: readonly string[] = ['EXDEV', 'EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOSYS'];

/** A name in a folder that is held open, with what stands there. */
interface Spot {
  readonly folder: HeldFolder;
  readonly name: string;
  readonly stat: Stats | undefined;
}

/** Where `path` ends. Throws when a folder on the way is missing. */
function find(root: Root, path: GuestPath, last: 'follow' | 'keep', deed: string): Place {
  const found = resolve(root, path, last);
  if (found.is === 'there') return found.value;
  if (found.is === 'absent') throw new GuestError('ENOENT', path, `cannot ${deed} ${path}: its folder is not there`);
  throw new GuestError('ELOOP', path, `cannot ${deed} ${path}: ${found.why}`);
}

/** Does `deed` to one name, its folder held open; whatever is thrown becomes a GuestError about `path`. */
async function atSpot<T>(
  root: Root,
  path: GuestPath,
  last: 'follow' | 'keep',
  deed: string,
  act: (spot: Spot) => T | Promise<T>,
): Promise<T> {
  try {
    const place = find(root, path, last, deed);
    if (place.path === '/') throw new GuestError('EBUSY', path, `cannot ${deed} ${path}: it is the guest's root`);
    const folder = holdFolder(root, folderOf(place.path));
    try {
      return await act({ folder, name: place.path.slice(place.path.lastIndexOf('/') + 1), stat: place.stat });
    } finally {
      folder.close();
    }
  } catch (error) {
    throw asGuestError(error, deed, path);
  }
}

/** What is at the spot. Throws when that is nothing, or neither a file nor (where allowed) a link. */
function expect(spot: Spot, path: GuestPath, deed: string, links: boolean): Stats {
  const { stat } = spot;
  if (stat === undefined) throw new GuestError('ENOENT', path, `cannot ${deed} ${path}: there is no such file`);
  if (stat.isFile() || (links && stat.isSymbolicLink())) return stat;
  const code = stat.isDirectory() ? 'EISDIR' : 'EINVAL';
  throw new GuestError(code, path, `cannot ${deed} ${path}: ${typeName(stat)}, not a regular file`);
}

function syncFile(spot: Spot): void {
  const fd = openSync(spot.folder.at(spot.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

async function copyTo(root: Root, source: CopySource, to: GuestPath): Promise<void> {
  await atSpot(root, to, 'keep', 'copy to', ({ folder, name }) =>
    putInPlace(folder, name, async (temporary) => {
      await copyWhole(source, folder, temporary, to);
      if ('file' in source) syncFile({ folder, name: temporary, stat: undefined });
    }),
  );
}

function makeFolder(root: Root, path: GuestPath, mode: number): Promise<void> {
  return atSpot(root, path, 'follow', 'make the folder', ({ folder, name, stat }) => {
    if (stat?.isDirectory()) return;
    mkdirSync(folder.at(name));
    if (!isBare(folder)) chmodSync(folder.at(name), mode);
    folder.sync();
  });
}

function appendTo(spot: Spot, content: Buffer): void {
  const isNew = spot.stat === undefined;
  const flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | (isNew ? O_CREAT : 0);
  const fd = openSync(spot.folder.at(spot.name), flags, 0o600);
  try {
    if (isNew) fchmodSync(fd, 0o600);
    for (let done = 0; done < content.length; ) done += writeSync(fd, content, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  if (isNew) spot.folder.sync();
}

async function giveStat(
  folder: HeldFolder,
  name: string,
  stat: Stats | undefined,
  like: FileStat,
  path: GuestPath,
): Promise<void> {
  if (!isBare(folder)) {
    lchownSync(folder.at(name), like.uid, like.gid);
    if (!stat?.isSymbolicLink()) chmodSync(folder.at(name), like.mode); // after chown, which drops setuid
  }
  await setModified(folder, name, like.modifiedNs, path);
}

/** What keeps `path` from being written, as far as that shows without touching anything. */
function findObstacle(root: Root, path: GuestPath): string | undefined {
  try {
    const { path: end, stat } = find(root, path, 'follow', 'write');
    if (stat !== undefined && !stat.isFile()) return `${typeName(stat)}, not a regular file`;
    if (stat !== undefined) accessSync(hostPath(root, end), constants.W_OK);
    if (stat === undefined || stat.nlink === 1) accessSync(hostPath(root, folderOf(end)), constants.W_OK);
    return undefined;
  } catch (error) {
    // A folder that is missing would be made: what counts is the one that is there.
    if (codeOf(error) === 'ENOENT' && path !== '/') return findFolderObstacle(root, folderOf(path));
    return explain(error);
  }
}

function findFolderObstacle(root: Root, path: GuestPath): string | undefined {
  const found = resolve(root, path, 'follow');
  if (found.is === 'unreadable') return found.why;
  if (found.is === 'absent' || found.value.stat === undefined) return findFolderObstacle(root, folderOf(path));
  if (!found.value.stat.isDirectory()) return `${path} is ${typeName(found.value.stat)}, not a folder`;
  try {
    accessSync(hostPath(root, found.value.path), constants.W_OK);
    return undefined;
  } catch (error) {
    return explain(error);
  }
}

/** The writing half of a guest, without the running of programs. */
export function createWriting(root: Root): Omit<Guest, keyof GuestFiles | 'run'> {
  const copy: Guest['copy'] = (from, to) =>
    atSpot(root, from, 'keep', 'copy', async (spot) => {
      if (!expect(spot, from, 'copy', true).isFile()) return copyTo(root, { folder: spot.folder, link: spot.name }, to);
      const file = openSync(spot.folder.at(spot.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        await copyTo(root, { file }, to);
      } finally {
        closeSync(file);
      }
    });

  return {
    copy,
    write: (path, content, like) =>
      atSpot(root, path, 'follow', 'write', async (spot) => {
        const { folder, name, stat } = spot;
        if (stat === undefined) return createFile(folder, name, content, path, like?.mode ?? 0o644);
        if (expect(spot, path, 'write', false).nlink === 1) return replaceFile(folder, name, content, path, like?.mode);
        overwriteFile(folder, name, content, like?.mode);
      }),
    link: (path, to) =>
      atSpot(root, path, 'keep', 'make the link', ({ folder, name }) =>
        putInPlace(folder, name, (temporary) => symlinkSync(Buffer.from(to, 'latin1'), folder.at(temporary))),
      ),
    remove: async (path) => {
      if (resolve(root, path, 'keep').is === 'absent') return;
      await atSpot(root, path, 'keep', 'remove', ({ folder, name, stat }) => {
        if (stat === undefined) return;
        if (stat.isDirectory()) rmdirSync(folder.at(name));
        else unlinkSync(folder.at(name));
        folder.sync();
      });
    },
    folder: async (path, mode) => {
      const names = path.split('/').filter((name) => name !== '');
      for (const depth of names.keys()) {
        const at: GuestPath = `/${names.slice(0, depth + 1).join('/')}`;
        await makeFolder(root, at, depth === names.length - 1 ? mode : 0o755);
      }
    },
    rename: (from, to) =>
      atSpot(root, from, 'keep', 'rename', (source) =>
        atSpot(root, to, 'keep', 'rename to', (target) => {
          // What a program of the guest has made may still be in memory only; the name must not be safer than the content.
          if (source.stat?.isFile()) syncFile(source);
          renameSync(source.folder.at(source.name), target.folder.at(target.name));
          target.folder.sync();
          source.folder.sync();
        }),
      ),
    hardLinkOrCopy: (from, to) =>
      atSpot(root, from, 'keep', 'link', async (source) => {
        expect(source, from, 'link', true);
        try {
          await atSpot(root, to, 'keep', 'link to', (target) => {
            linkSync(source.folder.at(source.name), target.folder.at(target.name));
            target.folder.sync();
          });
          return 'linked';
        } catch (error) {
          if (!noSecondName.includes(codeOf(error))) throw error;
          await copy(from, to);
          return 'copied';
        }
      }),
    liken: (path, to) =>
      atSpot(root, to, 'keep', 'read the attributes of', async (model) => {
        if (!expect(model, to, 'read the attributes of', false).isFile()) return;
        const like = openSync(model.folder.at(model.name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        try {
          await atSpot(root, path, 'keep', 'give attributes to', async (spot) => {
            expect(spot, path, 'give attributes to', false);
            await copyAttributes(like, spot.folder, spot.name, path);
          });
        } finally {
          closeSync(like);
        }
      }),
    restoreStat: async (path, like) => {
      const restore = ({ folder, name, stat }: Spot) => giveStat(folder, name, stat, like, path);
      if (path !== '/') return atSpot(root, path, 'keep', 'restore the owner, mode and time of', restore);
      const folder = holdFolder(root, '/');
      try {
        await restore({ folder, name: '.', stat: root.stat });
      } catch (error) {
        throw asGuestError(error, 'restore the owner, mode and time of', path);
      } finally {
        folder.close();
      }
    },
    append: (path, content) =>
      atSpot(root, path, 'follow', 'append to', (spot) => {
        if (spot.stat !== undefined) expect(spot, path, 'append to', false);
        const bytes = Buffer.from(content, 'latin1');
        if (bytes.toString('latin1') !== content)
          throw new GuestError('EILSEQ', path, `only bytes can be added to ${path}`);
        appendTo(spot, bytes);
      }),
    obstacle: async (path) => findObstacle(root, path),
    lock: (path) => atSpot(root, path, 'keep', 'lock', ({ folder, name }) => takeLock(folder, name, path)),
  };
}
