import { apkInstalledReader } from '../formats/apk-installed.ts';
import { dpkgStatusReader } from '../formats/dpkg-status.ts';
import { readPacmanDesc } from '../formats/pacman-desc.ts';
import { emptyRecord } from '../formats/record.ts';
import { readRpmHeader, rpmVersion } from '../formats/rpm-header.ts';
import { compareRpmVersions } from '../formats/rpm-vercmp.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts, Read } from '../model.ts';
import { below } from './folders.ts';
import { readPieces } from './pieces.ts';
import { readRpmDatabase } from './rpm-database.ts';

type Packages = OsFacts['packages'];
type Versions = Record<string, string>;

const dpkgStatus: GuestPath = '/var/lib/dpkg/status';
const apkLists: readonly GuestPath[] = ['/usr/lib/apk/db/installed', '/lib/apk/db/installed'];
const pacmanFolder: GuestPath = '/var/lib/pacman/local';
/** A desktop with all its games has 6 MiB. */
const largest = 64 * 1024 * 1024;

/** In the order in which they are asked. An empty record is that of a package manager that somebody put on another's system. */
const readers: readonly ((files: GuestFiles) => Promise<Read<Versions>>)[] = [readDpkg, readRpm, readApk, readPacman];

/** Installed packages by the package manager's own records, never by the files that lie about. No program is run. */
export async function scanPackages(files: GuestFiles): Promise<Packages> {
  for (const read of readers) {
    const found = await read(files);
    if (found.is === 'unreadable' || (found.is === 'there' && Object.keys(found.value).length > 0)) return found;
  }
  return { is: 'absent' };
}

async function readDpkg(files: GuestFiles): Promise<Read<Versions>> {
  const reader = dpkgStatusReader();
  const read = await readPieces(files, dpkgStatus, largest, reader.add);
  return read.is === 'there' ? { is: 'there', value: reader.end() } : read;
}

async function readApk(files: GuestFiles): Promise<Read<Versions>> {
  for (const path of apkLists) {
    const reader = apkInstalledReader();
    const read = await readPieces(files, path, largest, reader.add);
    if (read.is === 'there') return { is: 'there', value: reader.end() };
    if (read.is === 'unreadable') return read;
  }
  return { is: 'absent' };
}

/** Of several versions beside each other (kernels, keys) the highest counts. */
async function readRpm(files: GuestFiles): Promise<Read<Versions>> {
  const versions = emptyRecord<string>();
  const read = await readRpmDatabase(files, (headers) => {
    for (const header of headers) {
      const one = readRpmHeader(header);
      if (one === undefined) throw new RangeError('a package without a name');
      const [version, known] = [rpmVersion(one), versions[one.name]];
      if (known === undefined || compareRpmVersions(version, known) > 0) versions[one.name] = version;
    }
  });
  return read.is === 'there' ? { is: 'there', value: versions } : read;
}

async function readPacman(files: GuestFiles): Promise<Read<Versions>> {
  const names = await files.names(pacmanFolder);
  if (names.is !== 'there') return names;
  const versions = emptyRecord<string>();
  for (const name of names.value) {
    const text = await files.text(`${below(pacmanFolder, name)}/desc`);
    if (text.is === 'unreadable') return text;
    const one = text.is === 'there' ? readPacmanDesc(text.value) : undefined;
    if (one !== undefined) versions[one.name] = one.version;
  }
  return { is: 'there', value: versions };
}

/** The version of the first of these packages that is installed. */
export function versionOf(packages: Packages, names: readonly string[]): string | undefined {
  if (packages.is !== 'there') return undefined;
  const name = names.find((one) => packages.value[one] !== undefined);
  return name === undefined ? undefined : packages.value[name];
}

/** False where the package manager's records can be read and hold none of these; true where they cannot tell. */
export function mayHave(packages: Packages, names: readonly string[]): boolean {
  return packages.is !== 'there' || versionOf(packages, names) !== undefined;
}
