import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, StorageFacts } from '../model.ts';
import { below, firstThere, isThere, namesIn } from './folders.ts';

/** What /sys and /proc of the running machine tell of its block devices. None of it is there on a mounted root. */

const sysBlock: GuestPath = '/sys/class/block';
/** Sizes and starts below /sys/class/block count in these, whatever the disk's own sectors are. */
const sectorBytes = 512;

/** A line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface LiveMount {
  /** `MAJOR:MINOR`; major 0 for file systems without a device of their own (btrfs, overlay, tmpfs). */
  readonly device: string;
  readonly target: string;
  readonly type: string;
  readonly source: string;
  readonly line: number;
  readonly text: string;
}

export async function readMountinfo(files: GuestFiles): Promise<LiveMount[]> {
  const info = await files.text('/proc/self/mountinfo');
  if (info.is !== 'there') return [];
  return info.value.split('\n').flatMap((text, at): LiveMount[] => {
    const fields = text.split(' ');
    const dash = fields.indexOf('-', 6);
    const [device, , target] = fields.slice(2, 5);
    const [type, source] = fields.slice(dash + 1);
    if (dash < 0 || !device || !target || !type || !source) return [];
    return [{ device, target: unescapeOctal(target), type, source: unescapeOctal(source), line: at + 1, text }];
  });
}

/** What the kernel does to blanks in /proc: `\040`. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The mount that a path is on now: the last one at the deepest target. */
export function mountOf(mounts: readonly LiveMount[], path: string): LiveMount | undefined {
  const holds = ({ target }: LiveMount) => target === '/' || path === target || path.startsWith(`${target}/`);
  return mounts.filter(holds).reduce<LiveMount | undefined>((best, mount) => {
    return best !== undefined && best.target.length > mount.target.length ? best : mount;
  }, undefined);
}

function lastName(path: GuestPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The kernel's name (`sda1`, `dm-0`) of a device file, followed through its links. */
export async function deviceName(files: GuestFiles, path: GuestPath): Promise<string | undefined> {
  const real = await files.real(path);
  if (real.is !== 'there') return undefined;
  const name = lastName(real.value);
  return (await isThere(files, below(sysBlock, name))) ? name : undefined;
}

/** The kernel's name of the device that a mount is on. */
export async function mountedDevice(files: GuestFiles, mount: LiveMount): Promise<string | undefined> {
  if (!mount.device.startsWith('0:')) {
    const real = await files.real(`/sys/dev/block/${mount.device}`);
    if (real.is === 'there') return lastName(real.value);
  }
  return mount.source.startsWith('/dev/') ? deviceName(files, mount.source as GuestPath) : undefined;
}

type On = StorageFacts['mounts'][number]['on'];

/** What a device is made of, by the kernel's name of it. */
export async function kindOf(files: GuestFiles, name: string): Promise<On> {
  const folder = below(sysBlock, name);
  if (name.startsWith('md')) return 'raid';
  if (!name.startsWith('dm-')) return (await isThere(files, below(folder, 'partition'))) ? 'partition' : 'other';
  const uuid = await files.text(below(folder, 'dm/uuid'));
  if (uuid.is !== 'there') return 'unknown';
  // Device mapper's makers each begin their uuids with a word of their own; a partition of a multipath device has two.
  if (/^LVM-/.test(uuid.value)) return 'lvm';
  if (/^CRYPT-/.test(uuid.value)) return 'luks';
  return /^(?:part\d+-)?mpath-/.test(uuid.value) ? 'multipath' : 'other';
}

/** Names of the whole disks below a device: of a partition its disk, of a volume or an array those of all its parts. */
export async function disksBelow(files: GuestFiles, name: string, depth = 8): Promise<readonly string[]> {
  const folder = below(sysBlock, name);
  const slaves = await namesIn(files, below(folder, 'slaves'));
  if (slaves.length > 0 && depth > 0) {
    const disks = await Promise.all(slaves.map((slave) => disksBelow(files, slave, depth - 1)));
    return [...new Set(disks.flat())];
  }
  if (!(await isThere(files, below(folder, 'partition')))) return [name];
  const real = await files.real(folder);
  return real.is === 'there' ? [lastName(real.value.slice(0, real.value.lastIndexOf('/')) as GuestPath)] : [];
}

/** The disks that hold `/` of the running machine. */
export async function rootDisks(files: GuestFiles, mounts: readonly LiveMount[]): Promise<readonly string[]> {
  const root = mountOf(mounts, '/');
  const name = root && (await mountedDevice(files, root));
  return name === undefined ? [] : disksBelow(files, name);
}

async function numberIn(files: GuestFiles, path: GuestPath): Promise<number | undefined> {
  const text = await files.text(path);
  return text.is === 'there' && /^\d+\n?$/.test(text.value) ? Number(text.value) : undefined;
}

/** Size of the disk that holds `/`, and where its first partition begins. */
export async function scanDisk(files: GuestFiles, mounts: readonly LiveMount[]): Promise<StorageFacts['disk']> {
  if (files.where === 'offline') return { is: 'unreadable', why: 'only a running machine can tell' };
  const disks = await rootDisks(files, mounts);
  const name = disks[0];
  if (name === undefined) return { is: 'unreadable', why: 'the disk that holds / was not found below /sys' };
  if (disks.length > 1) return { is: 'unreadable', why: `/ stands on several disks: ${disks.join(', ')}` };
  const folder = below(sysBlock, name);
  const sectors = await numberIn(files, below(folder, 'size'));
  if (sectors === undefined) return { is: 'unreadable', why: `${folder}/size tells no size` };
  const starts: number[] = [];
  for (const child of await namesIn(files, folder)) {
    const part = below(folder, child);
    if ((await firstThere(files, [below(part, 'partition')])) === undefined) continue;
    const start = await numberIn(files, below(part, 'start'));
    if (start !== undefined) starts.push(start);
  }
  const firstPartitionStart = starts.length === 0 ? undefined : Math.min(...starts);
  return { is: 'there', value: { name, bytes: sectors * sectorBytes, firstPartitionStart } };
}
