import { createHash } from 'node:crypto';
import type { ByteSource, GuestFiles } from '../guest/guest.ts';
import type { GuestPath } from '../model.ts';

/**
 * What stands at a path, as one word that can be compared and written down: `absent`, `folder`, `special`,
 * `link:TARGET`, or the sha256 (hex) of a file.
 */
export type Content = string;

const piece = 1024 * 1024;

/** sha256 (hex) of an open file, read in pieces of 1 MiB. */
export function digestOfSource(source: ByteSource): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(piece);
  for (let offset = 0; ; ) {
    const read = source.readAt(buffer, offset);
    if (read === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, read));
    offset += read;
  }
}

/** sha256 (hex) of a latin1 text: one character is one byte. */
export function digestOfText(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

/** Looks at the path itself; a link is not followed. Throws when it cannot be looked at: a guess here could cost a file. */
export async function contentAt(guest: GuestFiles, path: GuestPath): Promise<Content> {
  const stat = await guest.stat(path);
  if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
  if (stat.is === 'absent') return 'absent';
  if (stat.value.type === 'link') {
    const target = await guest.target(path);
    if (target.is !== 'there') throw new Error(`the link ${path} cannot be read`);
    return `link:${target.value}`;
  }
  if (stat.value.type !== 'file') return stat.value.type;
  const opened = await guest.open(path);
  if (opened.is !== 'there') {
    throw new Error(`${path} cannot be read: ${opened.is === 'unreadable' ? opened.why : 'it is gone'}`);
  }
  try {
    return digestOfSource(opened.value);
  } finally {
    opened.value.close();
  }
}

/** All bytes of a regular file. */
export async function bytesAt(guest: GuestFiles, path: GuestPath): Promise<Uint8Array> {
  const opened = await guest.open(path);
  if (opened.is !== 'there')
    throw new Error(`${path} cannot be read: ${opened.is === 'unreadable' ? opened.why : 'it is gone'}`);
  try {
    const bytes = Buffer.alloc(opened.value.size);
    opened.value.readAt(bytes, 0);
    return bytes;
  } finally {
    opened.value.close();
  }
}

/** The folder of a guest path; `/` for `/`. */
export function folderOf(path: GuestPath): GuestPath {
  return (path.slice(0, path.lastIndexOf('/')) || '/') as GuestPath;
}

/** A path in that folder. */
export function within(folder: GuestPath, name: string): GuestPath {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
