import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { GuestPath } from '../model.ts';
import { copyAttributes, isBare } from './attributes.ts';
import type { HeldFolder } from './resolve.ts';

/** Two ways to give a file new content: another file in its place, or the same file anew. */

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Makes something under a temporary name in `folder`, then renames it to `name`: whoever looks sees the old or the new one,
 * never half of it. The name is short enough for any file system, hidden, and matches no pattern by which a boot loader,
 * udev or run-parts would take it up. After a power cut it may stay behind: `.prep-guest-` and 16 hexadecimal digits.
 */
export async function putInPlace(
  folder: HeldFolder,
  name: string,
  make: (temporary: string) => void | Promise<void>,
): Promise<void> {
  const temporary = `.prep-guest-${randomBytes(8).toString('hex')}`;
  try {
    await make(temporary);
    renameSync(folder.at(temporary), folder.at(name));
  } catch (error) {
    discard(folder, temporary);
    throw error;
  }
  folder.sync();
}

function discard(folder: HeldFolder, temporary: string): void {
  try {
    unlinkSync(folder.at(temporary));
  } catch (error) {
    // Not made yet. Anything else is not worth more than the error that brought us here, which says what to mend.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
  }
}

function writeAll(fd: number, content: Uint8Array, offset: number): void {
  for (let done = 0; done < content.length; ) {
    done += writeSync(fd, content, done, content.length - done, offset + done);
  }
}

function setMode(fd: number, mode: number, folder: HeldFolder): void {
  // Only where it differs: chmod would set the mask of an access control list anew.
  if ((fstatSync(fd).mode & 0o7777) !== mode && !isBare(folder)) fchmodSync(fd, mode);
}

/** A new file in the place of `name`, with the owner, attributes and (unless `mode` is given) mode of the old one. */
export async function replaceFile(
  folder: HeldFolder,
  name: string,
  content: Uint8Array,
  path: GuestPath,
  mode?: number,
): Promise<void> {
  const old = openSync(folder.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const kept = mode ?? fstatSync(old).mode & 0o7777;
    await putInPlace(folder, name, (temporary) => fillNew(folder, temporary, content, kept, old, path));
  } finally {
    closeSync(old);
  }
}

/** A file where nothing stands yet: owned by root, or as its folder's setgid bit says. */
export async function createFile(
  folder: HeldFolder,
  name: string,
  content: Uint8Array,
  path: GuestPath,
  mode: number,
): Promise<void> {
  await putInPlace(folder, name, (temporary) => fillNew(folder, temporary, content, mode, undefined, path));
}

async function fillNew(
  folder: HeldFolder,
  name: string,
  content: Uint8Array,
  mode: number,
  like: number | undefined,
  path: GuestPath,
): Promise<void> {
  const fd = openSync(folder.at(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    if (like !== undefined) await copyAttributes(like, folder, name, path);
    writeAll(fd, content, 0);
    setMode(fd, mode, folder);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * New content for the file itself: its other names show it too. What is longer than the old content goes first, since only
 * that needs room: when there is none, the file is cut back and is what it was.
 */
export function overwriteFile(folder: HeldFolder, name: string, content: Uint8Array, mode?: number): void {
  const fd = openSync(folder.at(name), O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    if (content.length > size) growFile(fd, content, size);
    writeAll(fd, content.subarray(0, size), 0);
    ftruncateSync(fd, content.length);
    if (mode !== undefined) setMode(fd, mode, folder);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function growFile(fd: number, content: Uint8Array, size: number): void {
  try {
    writeAll(fd, content.subarray(size), size);
    fsyncSync(fd); // some file systems find out only now
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
}
