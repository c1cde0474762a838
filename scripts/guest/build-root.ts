import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aptOptions, sourcesFor } from './apt-sources.ts';
import { cached, removeTree } from './cache.ts';
import { must } from './run.ts';

export type Suite = 'bullseye' | 'bookworm' | 'trixie' | 'sid';
export type InitrdPackage = 'initramfs-tools' | 'dracut';
export type LoaderPackage = 'grub-pc' | 'grub-efi-amd64' | 'grub-legacy' | 'systemd-boot';

export interface RootRecipe {
  readonly suite: Suite;
  readonly initrd: InitrdPackage;
  readonly loader: LoaderPackage;
  /** Packages besides the usual ones. */
  readonly extra?: readonly string[];
}

/** What a small server has that is reached by ssh and was given the Azure agent. `eject`: the agent's provisioning fails
 *  without it, and it is only suggested by the package. */
function packages({ suite, initrd, loader, extra = [] }: RootRecipe): string[] {
  // The other one's days are over: Debian 14 has it no more.
  const dhcp = suite === 'sid' ? 'dhcpcd-base' : 'isc-dhcp-client';
  return [
    ...['systemd-sysv', 'udev', 'kmod', 'linux-image-amd64', 'zstd', 'e2fsprogs', 'mount', 'python3'],
    ...['openssh-server', 'sudo', 'ifupdown', dhcp, 'rsyslog', 'waagent', 'eject', 'procps'],
    initrd,
    // The kernel's package calls GRUB legacy's update-grub, which gives up outside a disk.
    ...(loader === 'grub-legacy' ? [] : [loader]),
    ...extra,
  ];
}

/** Counts up when what `buildRoot` does changes otherwise than by its list of packages. */
const version = 1;

/**
 * A Debian root made by mmdebstrap from the mirrors of this machine: the path of a `.tar.zst` in the cache. About a
 * minute when it is not there yet. Nothing of this machine (host name, resolver, mirror options) stays in it.
 */
export async function buildRoot(recipe: RootRecipe): Promise<string> {
  const { suite, initrd, loader } = recipe;
  const include = packages(recipe);
  const late = loader === 'grub-legacy' ? [loader] : [];
  const folder = await cached(`${suite}-${initrd}`, { version, suite, include, late }, async (into) => {
    const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-apt-'));
    try {
      const options = path.join(work, 'options');
      await writeFile(options, await aptOptions());
      await bootstrap({ suite, include, late, options }, path.join(into, 'root.tar.zst'));
    } finally {
      await removeTree(work);
    }
  });
  return path.join(folder, 'root.tar.zst');
}

interface Bootstrap {
  readonly suite: Suite;
  readonly include: readonly string[];
  /** What must not be there yet when the others are set up. */
  readonly late: readonly string[];
  /** A file of an apt.conf. */
  readonly options: string;
}

async function bootstrap({ suite, include, late, options }: Bootstrap, tarball: string): Promise<void> {
  const argv = ['mmdebstrap', '--mode=root', '--variant=minbase', `--include=${include.join(',')}`];
  argv.push(`--setup-hook=mkdir -p "$1/etc/apt/apt.conf.d"`);
  argv.push(`--setup-hook=cp ${options} "$1/etc/apt/apt.conf.d/00build"`);
  const install = 'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -y -oDPkg::Chroot-Directory="$1" install';
  if (late.length > 0) argv.push(`--customize-hook=${install} ${late.join(' ')}`);
  argv.push('--customize-hook=rm -f "$1/etc/apt/apt.conf.d/00build" "$1/etc/resolv.conf"');
  argv.push('--customize-hook=echo debian > "$1/etc/hostname"');
  argv.push(suite, tarball, ...(await sourcesFor(suite)));
  // mmdebstrap mounts /proc, /sys and parts of /dev in the root that it fills: in a mount namespace of its own.
  await must(['unshare', '--mount', '--propagation', 'private', '--', ...argv], { seconds: 1200 }).catch((error) => {
    throw new Error(
      `The ${suite} guest could not be built from Debian's packages. Needed: root, mmdebstrap, a Debian mirror ` +
        `(PREP_GUEST_MIRROR names one) and debian-archive-keyring.\n${error.message}`,
    );
  });
}

/** Unpacks a cached root into a new folder, with owners, device nodes and extended attributes. */
export async function unpackRoot(tarball: string, into: string): Promise<void> {
  await must(['mkdir', '-p', into]);
  await must(['tar', '-I', 'zstd', '--xattrs', '--xattrs-include=*', '--numeric-owner', '-xpf', tarball, '-C', into]);
}

/** Packs a root folder: the counterpart of `unpackRoot`. */
export async function packRoot(root: string, tarball: string): Promise<void> {
  await must([
    'tar',
    '-I',
    'zstd -3 -T0',
    '--xattrs',
    '--xattrs-include=*',
    '--numeric-owner',
    '-cpf',
    tarball,
    '-C',
    root,
    '.',
  ]);
}
