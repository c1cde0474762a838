import { existsSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { callHost, findHostProgram } from './host-programs.ts';

/** A block device that a guest's programs may see. */
export interface BlockDevice {
  /** As the kernel calls it: `sda1`, `dm-0`. */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  /** Other names below /dev: `disk/by-uuid/…`, `mapper/…`. */
  readonly links: readonly string[];
}

/** Names go into paths: whatever looks otherwise (`cciss!c0d0`) is left out. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9+_.=-]*$/;

interface Mount {
  readonly target: string;
  /** `major:minor` of the block device, where it is one. */
  readonly device: string | undefined;
}

function statOrNot(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** `major:minor` of a block device by its path; undefined for whatever else is there, or nothing. */
export function numberOf(path: string): string | undefined {
  const stat = path.startsWith('/') ? statOrNot(path) : undefined;
  if (!stat?.isBlockDevice()) return undefined;
  // dev_t as the C library packs it into 64 bits: 12 and 20 bits, interleaved.
  const packed = BigInt(stat.rdev);
  const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn);
  const minor = (packed & 0xffn) | ((packed >> 12n) & ~0xffn & 0xffffffffn);
  return `${major}:${minor}`;
}

/** Blanks and the like are written as `\\040`. */
export function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function readMounts(): readonly Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').trimEnd().split('\n');
  return lines.map((line) => {
    const [front = '', back = ''] = line.split(' - ');
    const [, , numbers = '', , target = ''] = front.split(' ');
    const [, source = ''] = back.split(' ');
    // btrfs shows an anonymous number of its own (0:…); its source tells the device.
    const device = numbers.startsWith('0:') ? numberOf(plain(source)) : numbers;
    return { target: plain(target), device };
  });
}

function readSwaps(): readonly string[] {
  const lines = readFileSync('/proc/swaps', 'latin1').trimEnd().split('\n').slice(1);
  return lines.flatMap((line) => numberOf(plain(line.split(/\s/)[0] ?? '')) ?? []);
}

/** A device with its disk, that disk's partitions, and what a mapped device stands on: folders of /sys. */
function familyOf(device: string): readonly string[] {
  const link = `/sys/dev/block/${device}`;
  return existsSync(link) ? familyAt(realpathSync(link)) : [];
}

function familyAt(folder: string): readonly string[] {
  const disk = existsSync(`${folder}/partition`) ? dirname(folder) : folder;
  const partitions = readdirSync(disk).filter((name) => existsSync(`${disk}/${name}/partition`));
  const below = existsSync(`${folder}/slaves`) ? readdirSync(`${folder}/slaves`) : [];
  const deeper = below.flatMap((name) => familyAt(realpathSync(`/sys/class/block/${name}`)));
  return [folder, disk, ...partitions.map((name) => `${disk}/${name}`), ...deeper];
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'latin1').trim() : undefined;
}

/** `disk/by-uuid/…` and `disk/by-partuuid/…` of one device, as the blkid of this machine sees it now. */
async function identityLinks(name: string): Promise<readonly string[]> {
  const program = findHostProgram('blkid');
  if (program === undefined || !statOrNot(`/dev/${name}`)?.isBlockDevice()) return [];
  const args = ['-c', '/dev/null', '-o', 'export', `/dev/${name}`];
  // blkid ends with 2 where it finds nothing, as for a whole disk.
  const said = await callHost({ program, args, path: `/dev/${name}`, deed: 'identify', fine: [2] });
  return said.split('\n').flatMap((line) => {
    const [, kind, id] = /^(UUID|PARTUUID)=([0-9A-Za-z-]+)$/.exec(line) ?? [];
    return kind && id ? [`disk/by-${kind.toLowerCase()}/${id}`] : [];
  });
}

/**
 * The block devices that are the guest's own: those mounted at or below its root, with their disks and partitions. What
 * this machine uses itself, as a file system elsewhere or as swap, is never among them, nor is any other part of a disk that
 * it uses. A root that is a plain folder of this machine has none.
 */
export async function findOwnDevices(root: string): Promise<readonly BlockDevice[]> {
  const mounts = readMounts();
  const at = Buffer.from(root).toString('latin1'); // as mountinfo was read
  const isInside = ({ target }: Mount) => target === at || target.startsWith(`${at}/`);
  const mounted = (inside: boolean) =>
    mounts.flatMap((mount) => (isInside(mount) === inside && mount.device ? [mount.device] : []));
  const outside = [...mounted(false), ...readSwaps()];
  const foreign = new Set(outside.flatMap(familyOf));
  const own = new Set(mounted(true).filter((device) => !outside.includes(device)));
  const folders = new Set<string>();
  for (const device of own) {
    const [itself, ...relatives] = familyOf(device);
    if (itself !== undefined) folders.add(itself);
    for (const folder of relatives) if (!foreign.has(folder)) folders.add(folder);
  }
  return Promise.all([...folders].filter((folder) => plainName.test(basename(folder))).map(describe));
}

async function describe(folder: string): Promise<BlockDevice> {
  const name = basename(folder);
  const [major = 0, minor = 0] = (read(`${folder}/dev`) ?? '').split(':').map(Number);
  const mapped = read(`${folder}/dm/name`) ?? '';
  const links = [...(await identityLinks(name)), ...(plainName.test(mapped) ? [`mapper/${mapped}`] : [])];
  return { name, major, minor, links };
}
