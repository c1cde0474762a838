import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
} from 'node:fs';
import type { FileStat, GuestPath, Read } from '../model.ts';
import { isBareType } from './bare.ts';
import type { ByteSource, FreeSpace, GuestFiles } from './guest.ts';
import { explain } from './guest-error.ts';
import { findLockHolder } from './lock-holder.ts';
import { folderOf, hostPath, type Root, resolve } from './resolve.ts';

/** A configuration file is smaller; a hostile guest's may not be. */
const textLimit = 4 * 1024 * 1024;
/** Of a folder's own data: some hundred thousand names. */
const folderLimit = 64 * 1024 * 1024;

/** What an lstat found, for a sentence. */
export function typeName(stat: Stats): string {
  if (stat.isFile()) return 'a regular file';
  if (stat.isDirectory()) return 'a folder';
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isSocket()) return 'a socket';
  return 'a device';
}

/** Runs `read`; what it throws is an answer. The reads below are synchronous: for small files that is several times faster. */
function answer<T>(read: () => Read<T>): Read<T> {
  try {
    return read();
  } catch (error) {
    return { is: 'unreadable', why: explain(error) };
  }
}

/**
 * Opens a regular file. Anything else is refused by lstat, before it is opened: opening alone makes a watchdog device start
 * and a FIFO wait. O_NONBLOCK is for what might have taken the file's place in between.
 */
function openFile(root: Root, path: GuestPath, seen: Stats): Read<{ fd: number; size: number }> {
  if (!seen.isFile()) return { is: 'unreadable', why: `${typeName(seen)}, not a regular file` };
  const fd = openSync(hostPath(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { ino, dev, size } = fstatSync(fd);
  if (ino === seen.ino && dev === seen.dev) return { is: 'there', value: { fd, size } };
  closeSync(fd);
  return { is: 'unreadable', why: 'it was exchanged while it was being opened' };
}

/** Fills `into` as far as the file goes. */
function fill(fd: number, into: Uint8Array, offset: number): number {
  let done = 0;
  while (done < into.length) {
    const read = readSync(fd, into, done, into.length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

function readText(fd: number, size: number): Read<string> {
  const tooLarge: Read<string> = { is: 'unreadable', why: 'larger than 4 MiB' };
  if (size > textLimit) return tooLarge;
  // The size is only a hint: files of /proc and /sys say 0 or 4096, and a file may grow.
  let buffer = Buffer.allocUnsafe(Math.max(size + 1, 4096));
  let length = 0;
  for (;;) {
    length += fill(fd, buffer.subarray(length), length);
    if (length > textLimit) return tooLarge;
    if (length < buffer.length) return { is: 'there', value: buffer.toString('latin1', 0, length) };
    buffer = Buffer.concat([buffer], buffer.length * 2);
  }
}

function toSource(fd: number, size: number): ByteSource {
  let open = true;
  return {
    size,
    fd,
    readAt: (into, offset) => fill(fd, into, offset),
    close: () => {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

function statOf(root: Root, path: GuestPath): FileStat {
  const stat = lstatSync(hostPath(root, path), { bigint: true });
  const device = stat.isCharacterDevice() || stat.isBlockDevice();
  return {
    type: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'special',
    bytes: Number(stat.size),
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    links: Number(stat.nlink),
    device: Number(stat.dev),
    inode: Number(stat.ino),
    modifiedNs: String(stat.mtimeNs),
    ...(device && { rdev: Number(stat.rdev) }),
  };
}

function namesIn(root: Root, folder: GuestPath, stat: Stats): Read<readonly string[]> {
  if (!stat.isDirectory()) return { is: 'unreadable', why: `${typeName(stat)}, not a folder` };
  if (stat.size > folderLimit) return { is: 'unreadable', why: 'a folder with too many names' };
  return { is: 'there', value: readdirSync(hostPath(root, folder), { encoding: 'latin1' }).sort() };
}

function targetOf(root: Root, link: GuestPath, stat: Stats): Read<string> {
  if (!stat.isSymbolicLink()) return { is: 'unreadable', why: `${typeName(stat)}, not a symbolic link` };
  return { is: 'there', value: readlinkSync(hostPath(root, link), { encoding: 'latin1' }) };
}

function freeAt(root: Root, at: GuestPath): FreeSpace {
  const found = answer(() => resolve(root, at, 'follow'));
  if (at !== '/' && (found.is !== 'there' || found.value.stat === undefined)) return freeAt(root, folderOf(at));
  const path = found.is === 'there' ? found.value.path : '/';
  const { type, bsize, bavail, files, ffree } = statfsSync(hostPath(root, path), { bigint: true });
  const inodes = files === 0n ? Number.POSITIVE_INFINITY : Number(ffree);
  return { bytes: Number(bsize * bavail), inodes, hardLinks: !isBareType(Number(type)) };
}

/** The reading half of a guest. */
export function createReading(root: Root): Omit<GuestFiles, 'where'> {
  type Use<T> = (end: GuestPath, stat: Stats) => Read<T>;
  const at = <T>(path: GuestPath, last: 'follow' | 'keep', use: Use<T>): Read<T> =>
    answer(() => {
      const found = resolve(root, path, last);
      if (found.is !== 'there') return found;
      const { path: end, stat } = found.value;
      return stat === undefined ? { is: 'absent' } : use(end, stat);
    });
  const openAt = (path: GuestPath) => at(path, 'follow', (end, stat) => openFile(root, end, stat));

  return {
    text: async (path) => {
      const opened = openAt(path);
      if (opened.is !== 'there') return opened;
      const { fd, size } = opened.value;
      try {
        return answer(() => readText(fd, size));
      } finally {
        closeSync(fd);
      }
    },
    open: async (path) => {
      const opened = openAt(path);
      if (opened.is !== 'there') return opened;
      return { is: 'there', value: toSource(opened.value.fd, opened.value.size) };
    },
    names: async (folder) => at(folder, 'follow', (end, stat) => namesIn(root, end, stat)),
    stat: async (path) => at(path, 'keep', (end) => ({ is: 'there', value: statOf(root, end) })),
    target: async (link) => at(link, 'keep', (end, stat) => targetOf(root, end, stat)),
    real: async (path) => at(path, 'follow', (end) => ({ is: 'there', value: end })),
    free: async (path) => freeAt(root, path),
    lockedBy: async (path) => findLockHolder(root, path),
  };
}
