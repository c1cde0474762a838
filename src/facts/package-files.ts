import { PrepError } from '../errors.ts';
import { readDeb } from '../formats/deb.ts';
import { readHostPackage } from '../guest/package-files.ts';
import type { PackageFile, Unpacker } from '../model.ts';

/** What the given package files are. Refused where one cannot be read or is no package of a kind that is installed here. */
export async function readPackageFiles(paths: readonly string[], unpacker: Unpacker): Promise<PackageFile[]> {
  const files: PackageFile[] = [];
  for (const path of paths) {
    const { bytes, digest } = readHostPackage(path);
    const readAt = (into: Uint8Array, offset: number) => bytes.copy(into, 0, offset, offset + into.length);
    const deb = await readDeb({ size: bytes.length, readAt }, unpacker);
    if (typeof deb === 'string') {
      const hint = 'only packages of Debian and Ubuntu (.deb) are installed';
      throw new PrepError('refused', `--package ${path}: ${deb}`, hint);
    }
    files.push({ from: path, ...deb, bytes: bytes.length, digest });
  }
  return files;
}
