import type { OsFacts, PackageManagerName } from '../../model.ts';
import {
  debianSackFixes,
  noSackFixes,
  oracleSackFixes,
  rhelSackFixes,
  type SackFixes,
  suseSackFixes,
  ubuntuSackFixes,
} from './sack-fixes.ts';

/** Which packages bring what the articles ask for, and where a family gets its packages from. */
export interface PackageHabits {
  manager(os: OsFacts): PackageManagerName;
  agent(os: OsFacts): string;
  readonly ssh: string;
  /** KVP, VSS and file copy services: any of these packages; the first is the one to install. */
  readonly hyperv: readonly [string, ...string[]];
  /** The family's article asks for them. */
  readonly hypervAsked: boolean;
  /** What grows the root partition at the first boot: program and package. */
  readonly growth: Readonly<Record<'growpart' | 'sgdisk', string>>;
  /** For an agent that runs by Python 3, or by Python 2. */
  pyasn1(isPython3: boolean): string;
  /** Packages of programs, where they are not called like the program. */
  readonly programs: Readonly<Record<string, string>>;
  /** Brings what a kernel of that version lacks; undefined where there is no such package. */
  kernelExtras(version: string): string | undefined;
  /** What a kernel of that version is packaged as, newest naming first. */
  kernelPackages(version: string): readonly string[];
  /** The kernel that is made for Azure, with its tools. */
  readonly azureKernel: readonly string[];
  readonly repositories: RepositoryHabits;
  /** From which of its kernels on the attacks by selective acknowledgement do nothing. */
  readonly sackFixes: SackFixes;
}

/** What an enabled package source should look like, by Microsoft's acceptance suite. */
export interface RepositoryHabits {
  /** One of these texts in the address of an enabled source; empty: any will do. */
  mirrors(os: OsFacts, arch: string): readonly string[];
  /** A source whose suite, id or address ends so, for each of these. */
  readonly parts: readonly string[];
  /** Another mirror that should take the place of these, by the article of the family. */
  readonly better?: { readonly from: RegExp; readonly to: string };
  /** yum mixes up metadata of proxies unless it is told what to cache (`http_caching=packages`). */
  cachesMetadata(os: OsFacts): boolean;
  /** The id of a further source that the family's article enables. */
  addons(os: OsFacts): string | undefined;
  /** They come with a registration, which no image keeps. */
  byRegistration(os: OsFacts): boolean;
  /** Modules of the vendor that hold what a public cloud needs: a text in id or address. */
  readonly cloudModules: readonly string[];
}

const major = (os: OsFacts): number => Number.parseInt(os.distro.version, 10);
const minor = (os: OsFacts): number => Number(/^\d+\.(\d+)/.exec(os.distro.version)?.[1] ?? 0);

const anyRepository: RepositoryHabits = {
  mirrors: () => [],
  parts: [],
  cachesMetadata: () => false,
  addons: () => undefined,
  byRegistration: () => false,
  cloudModules: [],
};

export const debianPackages: PackageHabits = {
  manager: () => 'apt',
  // Debian calls it after the program: there is no walinuxagent.
  agent: () => 'waagent',
  ssh: 'openssh-server',
  hyperv: ['hyperv-daemons'],
  hypervAsked: false,
  growth: { growpart: 'cloud-guest-utils', sgdisk: 'gdisk' },
  pyasn1: (isPython3) => (isPython3 ? 'python3-pyasn1' : 'python-pyasn1'),
  programs: {
    sfdisk: 'fdisk',
    'mkfs.ext4': 'e2fsprogs',
    'mkfs.ext3': 'e2fsprogs',
    'mkfs.xfs': 'xfsprogs',
    'mkfs.btrfs': 'btrfs-progs',
    useradd: 'passwd',
    usermod: 'passwd',
    chpasswd: 'passwd',
    ip: 'iproute2',
  },
  kernelExtras: (version) => `linux-image-${version}`,
  kernelPackages: (version) => [`linux-image-${version}`, `linux-image-${version}-unsigned`],
  azureKernel: [],
  repositories: {
    ...anyRepository,
    mirrors: () => ['deb.debian.org', 'debian-archive.trafficmanager.net', 'azure.deb.debian.cloud/debian'],
  },
  sackFixes: debianSackFixes,
};

export const ubuntuPackages: PackageHabits = {
  ...debianPackages,
  agent: () => 'walinuxagent',
  hyperv: ['linux-cloud-tools-common', 'hyperv-daemons'],
  hypervAsked: true,
  kernelExtras: (version) => `linux-modules-extra-${version}`,
  azureKernel: ['linux-azure', 'linux-tools-azure', 'linux-cloud-tools-azure'],
  repositories: {
    ...anyRepository,
    mirrors: (_, arch) => (arch === 'x86_64' ? ['azure.archive.ubuntu.com'] : ['ports.ubuntu.com']),
    parts: ['-security', '-updates'],
    better: { from: /\b(?:[a-z]{2}\.)?archive\.ubuntu\.com\b/, to: 'azure.archive.ubuntu.com' },
  },
  sackFixes: ubuntuSackFixes,
};

const redhatPackages: PackageHabits = {
  manager: (os) => (major(os) < 8 ? 'yum' : 'dnf'),
  agent: () => 'WALinuxAgent',
  ssh: 'openssh-server',
  hyperv: ['hyperv-daemons', 'hypervkvpd', 'microsoft-hyper-v'],
  hypervAsked: true,
  growth: { growpart: 'cloud-utils-growpart', sgdisk: 'gdisk' },
  pyasn1: (isPython3) => (isPython3 ? 'python3-pyasn1' : 'python-pyasn1'),
  programs: {
    sfdisk: 'util-linux',
    'mkfs.ext4': 'e2fsprogs',
    'mkfs.ext3': 'e2fsprogs',
    'mkfs.xfs': 'xfsprogs',
    'mkfs.btrfs': 'btrfs-progs',
    useradd: 'shadow-utils',
    usermod: 'shadow-utils',
    chpasswd: 'shadow-utils',
    ip: 'iproute',
  },
  kernelExtras: (version) => `kernel-modules-${version}`,
  kernelPackages: () => ['kernel-core', 'kernel', 'kernel-uek-core', 'kernel-uek', 'kernel-rt', 'kernel-plus'],
  azureKernel: [],
  repositories: anyRepository,
  sackFixes: noSackFixes,
};

export const rhelPackages: PackageHabits = {
  ...redhatPackages,
  repositories: {
    ...anyRepository,
    cachesMetadata: (os) => major(os) === 6 && minor(os) < 6,
    byRegistration: (os) => os.distro.id === 'rhel',
  },
  sackFixes: rhelSackFixes,
};

export const oraclePackages: PackageHabits = {
  ...rhelPackages,
  repositories: {
    ...rhelPackages.repositories,
    parts: ['latest'],
    addons: (os) => (major(os) >= 6 ? `ol${major(os)}_addons` : undefined),
  },
  sackFixes: oracleSackFixes,
};

export const fedoraPackages: PackageHabits = { ...redhatPackages, manager: () => 'dnf' };

export const susePackages: PackageHabits = {
  ...redhatPackages,
  manager: () => 'zypper',
  agent: (os) => (os.distro.id.startsWith('opensuse') ? 'WALinuxAgent' : 'python-azure-agent'),
  ssh: 'openssh',
  hyperv: ['hyper-v'],
  growth: { growpart: 'growpart', sgdisk: 'gptfdisk' },
  programs: { ...redhatPackages.programs, useradd: 'shadow', usermod: 'shadow', chpasswd: 'shadow', ip: 'iproute2' },
  kernelExtras: () => 'kernel-default',
  kernelPackages: (version) => [`kernel-${/-([a-z]+)$/.exec(version)?.[1] ?? 'default'}`],
  repositories: {
    ...anyRepository,
    byRegistration: (os) => os.distro.id.startsWith('sle'),
    cloudModules: ['public-cloud', 'public_cloud', 'cloud:/tools', 'cloud:tools'],
  },
  sackFixes: suseSackFixes,
};

export const azurelinuxPackages: PackageHabits = { ...redhatPackages, manager: () => 'tdnf', hypervAsked: false };

export const archPackages: PackageHabits = {
  ...redhatPackages,
  manager: () => 'pacman',
  agent: () => 'walinuxagent',
  ssh: 'openssh',
  hyperv: ['hyperv'],
  hypervAsked: false,
  growth: { growpart: 'cloud-guest-utils', sgdisk: 'gptfdisk' },
  pyasn1: () => 'python-pyasn1',
  programs: { ...redhatPackages.programs, useradd: 'shadow', usermod: 'shadow', chpasswd: 'shadow', ip: 'iproute2' },
  kernelExtras: () => undefined,
  kernelPackages: () => ['linux', 'linux-lts'],
};

export const alpinePackages: PackageHabits = {
  ...archPackages,
  manager: () => 'apk',
  hyperv: ['hvtools'],
  growth: { growpart: 'cloud-utils-growpart', sgdisk: 'sgdisk' },
  pyasn1: () => 'py3-pyasn1',
  programs: { ...archPackages.programs, sfdisk: 'sfdisk' },
};
