import { readIniLines } from '../formats/ini-lines.ts';
import { readShellVars } from '../formats/shell-vars.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { FstabEntry, GuestPath, StorageFacts } from '../model.ts';
import {
  deviceName,
  disksBelow,
  type LiveMount,
  mountedDevice,
  mountOf,
  rootDisks,
  unescapeOctal,
} from './block-devices.ts';
import { firstThere } from './folders.ts';
import { readPart } from './pieces.ts';
import type { Units } from './units.ts';

type Swap = StorageFacts['swaps'][number];
type Found = Omit<Swap, 'on'>;

/** Everything that swaps or will at the next boot. `mounts` is empty where the machine is not running. */
export async function scanSwaps(
  files: GuestFiles,
  fstab: readonly FstabEntry[],
  units: Units,
  mounts: readonly LiveMount[],
): Promise<Swap[]> {
  const found = [
    ...fromFstab(fstab),
    ...(await fromUnits(files, units)),
    ...(await activeSwap(files)),
    ...(await swapFiles(files, fstab)),
    ...(await fromGenerators(files)),
  ];
  const osDisks = files.where === 'live' ? await rootDisks(files, mounts) : [];
  return Promise.all(
    found.map(async (swap) => ({
      ...swap,
      // A file that is there lies on what is mounted there now, whatever its name promises.
      on:
        (swap.what === 'file' ? undefined : byName(swap.source)) ?? (await byDisk(files, swap.source, osDisks, mounts)),
    })),
  );
}

function fromFstab(fstab: readonly FstabEntry[]): Found[] {
  return fstab
    .filter((entry) => entry.type === 'swap')
    .map(({ source, line, text }) => ({ what: 'fstab', source, at: { path: '/etc/fstab', line, text } }));
}

/** Units that were written by hand or by a package; those that systemd makes of fstab lie below /run and are not asked. */
async function fromUnits(files: GuestFiles, units: Units): Promise<Found[]> {
  const found: Found[] = [];
  for (const { name, at: path } of await units.enabled('.swap')) {
    const text = path && (await files.text(path));
    if (path === undefined || text?.is !== 'there') continue;
    const what = readIniLines(text.value).findLast(({ section, key }) => section === 'Swap' && key === 'What');
    const at = { path, ...(what && { line: what.line, text: `What=${what.value}` }) };
    found.push({ what: 'unit', source: what?.value ?? name, at });
  }
  return found;
}

/** What the kernel swaps to now. On a mounted root /proc is empty or somebody else's. */
async function activeSwap(files: GuestFiles): Promise<Found[]> {
  if (files.where === 'offline') return [];
  const path: GuestPath = '/proc/swaps';
  const swaps = await files.text(path);
  const lines = swaps.is === 'there' ? swaps.value.split('\n') : [];
  return lines.flatMap((text, at): Found[] => {
    const source = unescapeOctal(text.split(/\s+/)[0] ?? '').replace(/ \(deleted\)$/, '');
    return at > 0 && source !== '' ? [{ what: 'active', source, at: { path, line: at + 1, text: text.trim() } }] : [];
  });
}

/** Where installers put a swap file: Debian's and RHEL's recipes, Ubuntu's installer, dphys-swapfile. */
const usualFiles: readonly GuestPath[] = [
  '/swapfile',
  '/swap.img',
  '/swap',
  '/swap.swap',
  '/swap/swapfile',
  '/var/swap',
  '/var/swapfile',
  '/mnt/resource/swapfile',
  '/mnt/swapfile',
];

/** Files that mkswap has written to, whether or not something swaps to them. */
async function swapFiles(files: GuestFiles, fstab: readonly FstabEntry[]): Promise<Found[]> {
  const named = fstab.filter(({ type, source }) => type === 'swap' && /^\/(?!dev\/)/.test(source));
  const paths = [...new Set([...usualFiles, ...named.map((entry) => entry.source as GuestPath)])];
  const found: Found[] = [];
  for (const path of paths) {
    const stat = await files.stat(path);
    if (stat.is !== 'there' || stat.value.type !== 'file' || !(await hasSignature(files, path))) continue;
    found.push({ what: 'file', source: path, at: { path, text: `${stat.value.bytes} bytes` } });
  }
  return found;
}

/** mkswap(8) writes ten letters at the end of the first page; pages have 64 KiB on some arm64 kernels. */
async function hasSignature(files: GuestFiles, path: GuestPath): Promise<boolean> {
  for (const page of [4096, 16384, 65536]) {
    const end = await readPart(files, path, 10, page - 10);
    if (end.is === 'there' && /^SWAP(?:SPACE2|-SPACE)$/.test(Buffer.from(end.value).toString('latin1'))) return true;
  }
  return false;
}

/** Programs that make swap while the machine starts. */
async function fromGenerators(files: GuestFiles): Promise<Found[]> {
  const found: Found[] = [];
  if (await firstThere(files, ['/sbin/dphys-swapfile', '/usr/sbin/dphys-swapfile'])) {
    const path: GuestPath = '/etc/dphys-swapfile';
    const conf = await files.text(path);
    const set = conf.is === 'there' ? readShellVars(conf.value, path)['CONF_SWAPFILE'] : undefined;
    found.push({ what: 'generator', source: set?.value ?? '/var/swap', at: set?.at ?? { path } });
  }
  if (await firstThere(files, ['/sbin/swapspace', '/usr/sbin/swapspace'])) {
    found.push({ what: 'generator', source: '/var/lib/swapspace', at: { path: '/etc/swapspace.conf' } });
  }
  const zram = await firstThere(files, ['/etc/systemd/zram-generator.conf', '/usr/lib/systemd/zram-generator.conf']);
  if (zram !== undefined) found.push({ what: 'generator', source: '/dev/zram0', at: { path: zram } });
  return found;
}

/** Where names alone tell: compressed memory, and the disk that Azure lends to a machine (mounted by waagent or cloud-init). */
function byName(source: string): Swap['on'] | undefined {
  if (/^\/dev\/zram\d/.test(source)) return 'ram';
  if (/^\/mnt\/|^\/dev\/disk\/(?:cloud\/azure_resource|azure\/resource)/.test(source)) return 'resource';
  return undefined;
}

/**
 * An image is one disk, so what a guest names for its swap is on it or will not be there at all; only a running machine with
 * several disks can show another one, which is no more the OS disk than Azure's resource disk is.
 */
async function byDisk(
  files: GuestFiles,
  source: string,
  osDisks: readonly string[],
  mounts: readonly LiveMount[],
): Promise<Swap['on']> {
  if (osDisks.length === 0) return 'os-disk';
  const disks = await disksOf(files, source, mounts);
  if (disks.length === 0) return 'os-disk';
  return disks.some((disk) => osDisks.includes(disk)) ? 'os-disk' : 'resource';
}

const linkFolders: Readonly<Record<string, string>> = {
  UUID: '/dev/disk/by-uuid',
  PARTUUID: '/dev/disk/by-partuuid',
  LABEL: '/dev/disk/by-label',
  PARTLABEL: '/dev/disk/by-partlabel',
};

async function disksOf(files: GuestFiles, source: string, mounts: readonly LiveMount[]): Promise<readonly string[]> {
  const [key = '', value] = source.replaceAll('"', '').split('=', 2);
  const path = value === undefined ? source : `${linkFolders[key] ?? ''}/${value}`;
  if (!path.startsWith('/')) return [];
  const mount = mountOf(mounts, path);
  const name = path.startsWith('/dev/')
    ? await deviceName(files, path as GuestPath)
    : mount && (await mountedDevice(files, mount));
  return name === undefined ? [] : disksBelow(files, name);
}
