import { access, constants } from 'node:fs/promises';
import path from 'node:path';

/** Programs that building a guest calls, and the Debian package that brings each. */
const programs = {
  mmdebstrap: 'mmdebstrap',
  zstd: 'zstd',
  sfdisk: 'fdisk',
  'mkfs.ext4': 'e2fsprogs',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  losetup: 'mount',
  partx: 'util-linux',
} as const;

/** Debian packages without which no test guest can be built here. Empty: all is there. */
export async function missingPackages(): Promise<string[]> {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const missing = new Set<string>();
  for (const [program, name] of Object.entries(programs)) {
    const tries = await Promise.allSettled(folders.map((folder) => access(path.join(folder, program), constants.X_OK)));
    if (!tries.some((attempt) => attempt.status === 'fulfilled')) missing.add(name);
  }
  return [...missing].sort();
}
