import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PrepError } from '../errors.ts';
import type { PackageFile } from '../model.ts';

/** Bytes of a package file of the machine that the program runs on, with their sha256 (hex). Refused where it cannot be read. */
export function readHostPackage(path: string): { readonly bytes: Buffer; readonly digest: string } {
  try {
    const bytes = readFileSync(path);
    return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new PrepError('refused', `--package ${path} cannot be read: ${why}`);
  }
}

/** The bytes of one that was read before; refused where they have changed since. */
export function readPackageAgain({ from, digest }: PackageFile): Uint8Array {
  const now = readHostPackage(from);
  if (now.digest !== digest) throw new PrepError('refused', `${from} was changed since the plan was made`);
  return now.bytes;
}
