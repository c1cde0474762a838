import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import type { GuestPath, Read } from '../model.ts';
import { GuestError } from './guest-error.ts';

/**
 * Paths inside a guest's root. Every string is one character per byte (latin1), as everywhere in `guest/`: names that are
 * not UTF-8 survive, and a path found in a configuration file can be used as it stands.
 */

/** The folder that is the guest's `/`. */
export interface Root {
  /** Its canonical path on this machine; empty for `/`, so that a guest path can be appended. */
  readonly host: string;
  readonly stat: Stats;
}

/** Where a path ends inside the root. */
export interface Place {
  /** With every link on the way resolved. */
  readonly path: GuestPath;
  /** lstat of it; undefined when nothing is there although its folder is. */
  readonly stat: Stats | undefined;
}

/** Node hands strings over as UTF-8 and bytes as they are. */
export type HostPath = string | Buffer;

/** The kernel's own limit (MAXSYMLINKS): the 41st link on one way is ELOOP. */
const maxLinks = 40;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a file name may hold them
const ascii = /^[\x01-\x7f]*$/;
const notBytes = /[\0\u0100-\uffff]/;

/** Opens a folder as a guest's root. Throws a GuestError when there is no such folder. */
export function openRoot(folder: string): Root {
  const shown: GuestPath = folder.startsWith('/') ? (folder as GuestPath) : `/${folder}`;
  let host: string;
  try {
    host = realpathSync(folder);
  } catch (error) {
    throw new GuestError('ENOENT', shown, `${folder} cannot be used as a guest's root`, { cause: error });
  }
  const stat = statSync(host);
  if (!stat.isDirectory()) throw new GuestError('ENOTDIR', shown, `${folder} is not a folder`);
  return { host: host === '/' ? '' : host, stat };
}

function join(folder: string, name: string): HostPath {
  if (ascii.test(name)) return `${folder}/${name}`;
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}

/** The path on this machine of a guest path that holds no more links to follow. */
export function hostPath(root: Root, path: GuestPath): HostPath {
  // `/.` for the root itself: the packed program's own file layer meddles with a listing of `/`.
  return path === '/' ? `${root.host}/.` : join(root.host, path.slice(1));
}

/** The folder of a guest path; `/` for `/`. */
export function folderOf(path: GuestPath): GuestPath {
  return (path.slice(0, path.lastIndexOf('/')) || '/') as GuestPath;
}

function look(root: Root, path: GuestPath): Stats | undefined {
  return lstatSync(hostPath(root, path), { throwIfNoEntry: false });
}

/**
 * Follows `path` component by component and link by link. Absolute links and `..` stay below the root. With `keep` the last
 * component is taken as it is even if it is a link. Absent: a folder on the way is missing or is not a folder. What lstat
 * cannot tell (EACCES, EIO, ENAMETOOLONG) is thrown.
 */
export function resolve(root: Root, path: GuestPath, last: 'follow' | 'keep'): Read<Place> {
  if (notBytes.test(path)) return { is: 'unreadable', why: 'the path holds a character that no file name can hold' };
  const ahead = path.split('/').reverse();
  let links = 0;
  let at: GuestPath = '/';
  let stat: Stats | undefined = root.stat;
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    // Also for '' and '.', as the kernel has it: a path with a slash at its end must be a folder.
    if (!stat?.isDirectory()) return { is: 'absent' };
    if (name === '' || name === '.') continue;
    const next: GuestPath = name === '..' ? folderOf(at) : at === '/' ? `/${name}` : `${at}/${name}`;
    const found = look(root, next);
    if (found?.isSymbolicLink() && (ahead.length > 0 || last === 'follow')) {
      if (++links > maxLinks) return { is: 'unreadable', why: 'too many symbolic links (ELOOP)' };
      const target = readlinkSync(hostPath(root, next), { encoding: 'latin1' });
      ahead.push(...target.split('/').reverse());
      if (!target.startsWith('/')) continue; // goes on from the folder that holds the link
      at = '/';
      stat = root.stat;
    } else {
      at = next;
      stat = found;
    }
  }
  return { is: 'there', value: { path: at, stat } };
}

/** A folder of the guest held open: what is done through it cannot be led elsewhere by a link put in its way meanwhile. */
export interface HeldFolder {
  readonly fd: number;
  at(name: string): HostPath;
  sync(): void;
  close(): void;
}

/** Holds a folder whose path is already resolved. Throws when another folder than that was opened. */
export function holdFolder(root: Root, path: GuestPath): HeldFolder {
  const fd = openSync(hostPath(root, path), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const link = `/proc/self/fd/${fd}`;
  const expected = path === '/' ? root.host || '/' : hostPath(root, path);
  if (!readlinkSync(link, { encoding: 'buffer' }).equals(Buffer.from(expected))) {
    closeSync(fd);
    throw new GuestError('ELOOP', path, `${path} is no longer where it was a moment ago`);
  }
  return { fd, at: (name) => join(link, name), sync: () => fsyncSync(fd), close: () => closeSync(fd) };
}
