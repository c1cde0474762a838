import type { GuestPath } from '../model.ts';

/** What the kernel's error numbers mean to somebody who prepares a guest. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something stands there already',
  EFBIG: 'the file is too large for its file system',
  EINVAL: 'not possible there',
  EIO: 'input/output error: the disk or its file system is damaged',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  EMLINK: 'too many hard links',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  EOPNOTSUPP: 'the file system cannot do that',
  EPERM: 'not permitted; the file or its folder may be immutable (see lsattr)',
  EROFS: 'the file system is read-only',
  ETXTBSY: 'the program is running',
  EXDEV: 'the two lie on different file systems',
};

/** The C library's wording, by which a program that we call tells its error number. */
const wordings: readonly (readonly [string, string])[] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Read-only file system', 'EROFS'],
  ['Operation not permitted', 'EPERM'],
  ['Permission denied', 'EACCES'],
  ['Operation not supported', 'EOPNOTSUPP'],
  ['No such file or directory', 'ENOENT'],
];

/**
 * A change to the guest, or a program of it, that failed. `code` is the name of the kernel's error number, or `ENCLOSURE`
 * where the namespaces for a program could not be set up. The apply layer decides what it means for the run.
 */
export class GuestError extends Error {
  readonly code: string;
  readonly path: GuestPath;
  constructor(code: string, path: GuestPath, says: string, options?: ErrorOptions) {
    super(says, options);
    this.name = 'GuestError';
    this.code = code;
    this.path = path;
  }
}

/** The error number of something thrown, `EIO` where it has none. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}

/** A few words for an error, with its number: `no space left on the device (ENOSPC)`. */
export function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return `${meanings[code] ?? (error as Error).message} (${code})`;
}

/** The error number that a program's message speaks of; `EIO` when it names none that we know. */
export function codeInText(text: string): string {
  return wordings.find(([wording]) => text.includes(wording))?.[1] ?? 'EIO';
}

/** What went wrong while doing `deed` ("write", "rename") to `path`, as a sentence. A GuestError stays as it is. */
export function asGuestError(error: unknown, deed: string, path: GuestPath): GuestError {
  if (error instanceof GuestError) return error;
  return new GuestError(codeOf(error), path, `cannot ${deed} ${path}: ${explain(error)}`, { cause: error });
}
