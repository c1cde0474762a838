import { readLegacyRelease, readOsRelease } from '../../formats/os-release.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { FamilyName, GuestPath, OsFacts } from '../../model.ts';
import { alpine } from './alpine.ts';
import { arch } from './arch.ts';
import { azurelinux } from './azurelinux.ts';
import { debian } from './debian.ts';
import type { Distro } from './distro.ts';
import { fedora } from './fedora.ts';
import { type NetworkHabits, plainNetwork } from './network-habits.ts';
import { oracle } from './oracle.ts';
import { rhel } from './rhel.ts';
import { plainSeal, type SealHabits } from './seal-habits.ts';
import { suse } from './suse.ts';
import { ubuntu } from './ubuntu.ts';

/** A family without a record does not compile. `unknown` has none on purpose: it is inspected, never edited. */
const distros: Readonly<Record<Exclude<FamilyName, 'unknown'>, Distro>> = {
  debian,
  ubuntu,
  rhel,
  oracle,
  fedora,
  suse,
  azurelinux,
  arch,
  alpine,
};

/** The record of a family; undefined for `unknown`. */
export function distroOf(family: FamilyName): Distro | undefined {
  return family === 'unknown' ? undefined : distros[family];
}

/** How this system brings its network up. */
export function networkHabitsOf(os: Pick<OsFacts, 'distro'>): NetworkHabits {
  return distroOf(os.distro.family)?.network ?? plainNetwork;
}

/** How the finish goes about this system. */
export function sealHabitsOf(os: Pick<OsFacts, 'distro'>): SealHabits {
  return distroOf(os.distro.family)?.seal ?? plainSeal;
}

/** The release as numbers: `{ major: 8, minor: 9 }` of `8.9`, `{ major: 24, minor: 4 }` of `24.04`; undefined for rolling releases. */
export function releaseOf(os: Pick<OsFacts, 'distro'>): { readonly major: number; readonly minor: number } | undefined {
  const found = /^(\d+)(?:\.(\d+))?/.exec(os.distro.version);
  return found === null ? undefined : { major: Number(found[1]), minor: Number(found[2] ?? 0) };
}

/** The release as the records write it: 24.04 is 24.04, 6.7 is 6.07; undefined for rolling releases. */
export function releaseNumberOf(os: Pick<OsFacts, 'distro'>): number | undefined {
  const release = releaseOf(os);
  return release && release.major + release.minor / 100;
}

/**
 * By ID; a name that nobody knows by ID_LIKE from left to right (os-release(5): closest relative first), but only where
 * such systems install their parent's own packages. `ID_LIKE=fedora` is said by Amazon Linux and Mageia as well.
 */
function familyOf(id: string, like: readonly string[]): FamilyName {
  const all = Object.values(distros);
  const known = all.find(({ ids }) => ids.includes(id));
  if (known !== undefined) return known.family;
  for (const word of like) {
    const parent = all.find(({ derived }) => derived === word);
    if (parent !== undefined) return parent.family;
  }
  return 'unknown';
}

const osReleaseFiles: readonly GuestPath[] = ['/etc/os-release', '/usr/lib/os-release'];

/** Oracle's own files, the second until release 5. It ships redhat-release as well, where it is Red Hat's in each word. */
const oracleFiles: readonly GuestPath[] = ['/etc/oracle-release', '/etc/enterprise-release'];

/** Older systems have no os-release. Ubuntu ships debian_version as well, so lsb-release is asked first. */
const legacyFiles: readonly GuestPath[] = [
  ...oracleFiles,
  '/etc/centos-release',
  '/etc/redhat-release',
  '/etc/SuSE-release',
  '/etc/lsb-release',
  '/etc/debian_version',
];

async function readLegacy(files: GuestFiles, paths: readonly GuestPath[]): Promise<OsFacts['distro'] | undefined> {
  for (const path of paths) {
    const text = await files.text(path);
    const found = text.is === 'there' ? readLegacyRelease(path, text.value) : undefined;
    if (found === undefined) continue;
    const { id, version, pretty } = found;
    return { id, like: [], version, family: familyOf(id, []), pretty, from: path };
  }
  return undefined;
}

/** What the guest calls itself: os-release, else the legacy release files. */
export async function detectDistro(files: GuestFiles): Promise<OsFacts['distro']> {
  for (const path of osReleaseFiles) {
    const text = await files.text(path);
    if (text.is !== 'there') continue;
    const fields = readOsRelease(text.value);
    const id = fields['ID'] ?? 'linux';
    const like = (fields['ID_LIKE'] ?? '').split(/\s+/).filter((word) => word !== '');
    const version = fields['VERSION_ID'] ?? '';
    const pretty = fields['PRETTY_NAME'] ?? `${fields['NAME'] ?? id} ${version}`.trim();
    const family = familyOf(id, like);
    // An Oracle Linux that calls itself by the name of what it is made from, as some images of it do.
    const oracles = family === 'rhel' ? await readLegacy(files, oracleFiles) : undefined;
    return oracles ?? { id, like, version, family, pretty, from: path };
  }
  const legacy = await readLegacy(files, legacyFiles);
  return (
    legacy ?? { id: '', like: [], version: '', family: 'unknown', pretty: 'unknown distribution', from: undefined }
  );
}

/** Signs of systems whose files come out of an image, and would not keep what is edited (CJ-32). */
export const imageSigns: readonly { readonly path: GuestPath; readonly what: string }[] = [
  { path: '/run/ostree-booted', what: 'ostree' },
  { path: '/ostree/repo', what: 'ostree' },
  { path: '/sysroot/ostree/repo', what: 'ostree' },
  { path: '/usr/lib/flatcar', what: 'Flatcar' },
  { path: '/sysroot/ostree/deploy', what: 'ostree' },
  { path: '/usr/lib/bootc', what: 'bootc' },
  { path: '/usr/share/oem/waagent.conf', what: 'CoreOS or Flatcar' },
  { path: '/etc/NIXOS', what: 'NixOS' },
  { path: '/writable/system-data', what: 'Ubuntu Core' },
];

/** The same by `ID` of os-release. */
export const imageBasedIds: Readonly<Record<string, string>> = {
  flatcar: 'Flatcar',
  coreos: 'CoreOS',
  'ubuntu-core': 'Ubuntu Core',
  nixos: 'NixOS',
  'sle-micro': 'SLE Micro',
  'sl-micro': 'SL Micro',
  'sle-micro-rancher': 'SLE Micro',
  'opensuse-microos': 'MicroOS',
  'opensuse-leap-micro': 'Leap Micro',
  talos: 'Talos',
  bottlerocket: 'Bottlerocket',
  'fedora-coreos': 'CoreOS',
};
