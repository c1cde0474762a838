import { dpkgStatusReader } from '../formats/dpkg-status.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts } from '../model.ts';
import { firstThere } from './folders.ts';
import { readPieces } from './pieces.ts';

const dpkgStatus: GuestPath = '/var/lib/dpkg/status';
/** A desktop with all its games has 6 MiB. */
const largest = 64 * 1024 * 1024;

/** Databases that are known by name and not read. */
const others: readonly { readonly paths: readonly GuestPath[]; readonly why: string }[] = [
  {
    paths: [
      '/var/lib/rpm/Packages',
      '/var/lib/rpm/Packages.db',
      '/var/lib/rpm/rpmdb.sqlite',
      '/usr/lib/sysimage/rpm/Packages.db',
      '/usr/lib/sysimage/rpm/rpmdb.sqlite',
    ],
    why: 'the rpm database is not read',
  },
  { paths: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'], why: 'the apk database is not read' },
  { paths: ['/var/lib/pacman/local'], why: 'the pacman database is not read' },
];

/** Installed packages by the package manager's own records, never by the files that lie about. */
export async function scanPackages(files: GuestFiles): Promise<OsFacts['packages']> {
  const reader = dpkgStatusReader();
  const read = await readPieces(files, dpkgStatus, largest, reader.add);
  if (read.is === 'unreadable') return read;
  const value = reader.end();
  // An empty record is that of a dpkg that somebody put on a system of rpm packages.
  if (Object.keys(value).length > 0) return { is: 'there', value };
  for (const { paths, why } of others) {
    if ((await firstThere(files, paths)) !== undefined) return { is: 'unreadable', why };
  }
  return { is: 'absent' };
}

/** The version of the first of these packages that is installed. */
export function versionOf(packages: OsFacts['packages'], names: readonly string[]): string | undefined {
  if (packages.is !== 'there') return undefined;
  const name = names.find((one) => packages.value[one] !== undefined);
  return name === undefined ? undefined : packages.value[name];
}

/** False where the package manager's records can be read and hold none of these; true where they cannot tell. */
export function mayHave(packages: OsFacts['packages'], names: readonly string[]): boolean {
  return packages.is !== 'there' || versionOf(packages, names) !== undefined;
}
