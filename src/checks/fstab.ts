import { defaultEntry } from '../facts/boot.ts';
import type { Facts, FstabEntry, GuestPath, Policy } from '../model.ts';

/** What the checks of /etc/fstab share: whose lines are whose, and how a line reads once it is mended. */

export const fstabPath: GuestPath = '/etc/fstab';

/** The fix that --allow names: mounts that a new machine may lack no longer stop its boot. */
export const allowNofail = 'fstab-nofail';

const pseudo = new Set(
  'proc sysfs tmpfs devtmpfs devpts ramfs cgroup cgroup2 debugfs tracefs securityfs configfs fusectl hugetlbfs mqueue autofs binfmt_misc efivarfs overlay none rpc_pipefs selinuxfs nfsd'.split(
    ' ',
  ),
);
const shares = new Set('9p virtiofs vboxsf vmhgfs fuse.vmhgfs-fuse prl_fs'.split(' '));
const network = new Set('nfs nfs4 cifs smb3 smbfs glusterfs ceph fuse.sshfs afs lustre'.split(' '));

/** Mount points that belong to the system itself, wherever their file system lies. */
const ownTargets = /^\/(boot(\/efi)?|efi|usr|var|home|tmp|opt|srv|root|nix|var\/.*|usr\/.*)?$/;

/** Without these mounted nothing boots. */
export function isVital(entry: FstabEntry): boolean {
  return ['/', '/boot', '/boot/efi', '/efi', '/usr'].includes(entry.target);
}

/** A file system on a block device: not swap (which has a check of its own), nothing that the kernel makes up, no share. */
export function isOnDisk(entry: FstabEntry): boolean {
  if (entry.type === 'swap' || pseudo.has(entry.type) || shares.has(entry.type) || network.has(entry.type))
    return false;
  if (entry.options.includes('bind') || entry.options.includes('rbind')) return false;
  return /^(\/dev\/|(PART)?(UUID|LABEL)=)/.test(entry.source) && !isRemovable(entry);
}

function isRemovable(entry: FstabEntry): boolean {
  return /^\/dev\/(sr\d|cdrom|dvd|fd\d|floppy)/.test(entry.source);
}

/** A name that depends on the order or the kind of the disk's controller: sda here is vda, hda or nvme0n1 elsewhere. */
export function isDeviceName(source: string): boolean {
  return /^\/dev\/((sd|vd|xvd|hd)[a-z]|nvme\d|mmcblk\d|disk\/by-(id|path)\/|block\/)/.test(source);
}

/** The whole disk of a partition's device name: `sda` of `/dev/sda1`, `nvme0n1` of `/dev/nvme0n1p2`. */
function diskOf(device: string): string | undefined {
  const name = /^\/dev\/([^/]+)$/.exec(device)?.[1];
  if (name === undefined) return undefined;
  return /^(nvme\d+n\d+|mmcblk\d+)/.exec(name)?.[1] ?? /^([a-z]+)\d*$/.exec(name)?.[1];
}

/** The device that a source names, where it is known. */
function deviceOf(facts: Facts, source: string): string | undefined {
  if (source.startsWith('/dev/')) return facts.links[source as GuestPath] ?? source;
  return facts.storage.ids.find((id) => sameName(source, id))?.device;
}

function sameName(source: string, id: Facts['storage']['ids'][number]): boolean {
  const [key, value] = source.replaceAll('"', '').split('=', 2);
  if (value === undefined || value === '') return false;
  const known = { UUID: id.uuid, PARTUUID: id.partuuid, LABEL: id.label }[key ?? ''];
  return known?.toLowerCase() === value.toLowerCase();
}

/** Whether some device is known to carry that UUID or label. */
export function isKnownSource(facts: Facts, source: string): boolean {
  return facts.storage.ids.some((id) => sameName(source, id));
}

/**
 * The lasting name of a device: its file system's UUID, or with `partition` the partition's (what a kernel without
 * initrd understands). Undefined where neither is known.
 */
export function lastingName(facts: Facts, device: string, partition = false): string | undefined {
  const real = facts.links[device as GuestPath] ?? device;
  const id = facts.storage.ids.find((one) => one.device === real || one.device === device);
  const byUuid = id?.uuid ? `UUID=${id.uuid}` : undefined;
  const byPartition = id?.partuuid ? `PARTUUID=${id.partuuid}` : undefined;
  return partition ? byPartition : (byUuid ?? byPartition);
}

/** The lasting name that the boot menu gives the root, for a root that fstab names by device. */
function rootOfMenu(facts: Facts): string | undefined {
  const entry = defaultEntry(facts.boot);
  const root = entry?.args.findLast((arg) => arg.startsWith('root='))?.slice('root='.length);
  return root !== undefined && /^(PART)?UUID=/.test(root) ? root : undefined;
}

/** Why a machine elsewhere may lack what this line mounts; undefined for what belongs to the system. */
export function mayBeLacking(entry: FstabEntry, facts: Facts): string | undefined {
  if (entry.options.includes('nofail') || entry.options.includes('noauto')) return undefined;
  if (shares.has(entry.type)) return `is a share of this machine's host (${entry.type})`;
  if (network.has(entry.type)) return `is on the network (${entry.type})`;
  if (isRemovable(entry)) return 'is a removable disc';
  if (!isOnDisk(entry) || isVital(entry)) return undefined;
  const [own, root] = [deviceOf(facts, entry.source), rootDevice(facts)];
  const disks = [own, root].map((device) => (device === undefined ? undefined : diskOf(device)));
  if (disks[0] !== undefined && disks[1] !== undefined)
    return disks[0] === disks[1] ? undefined : 'is on another disk than the system';
  return ownTargets.test(entry.target) || entry.source.startsWith('/dev/mapper/')
    ? undefined
    : 'may be on another disk than the system';
}

function rootDevice(facts: Facts): string | undefined {
  const mounted = facts.storage.mounts.find((mount) => mount.target === '/')?.source;
  return mounted === undefined ? undefined : deviceOf(facts, mounted);
}

/** The source as it should read; undefined where it may stay or no lasting name is known. */
function lastingSource(entry: FstabEntry, facts: Facts): string | undefined {
  if (!isOnDisk(entry) || !isDeviceName(entry.source)) return undefined;
  return lastingName(facts, entry.source) ?? (entry.target === '/' ? rootOfMenu(facts) : undefined);
}

/**
 * The whole line as it should read, undefined where nothing can or need be mended. Two checks have something to say of one
 * line (its source, its options); both want this same line, so that their wants are one.
 */
export function mendedLine(entry: FstabEntry, facts: Facts, policy: Policy): string | undefined {
  let line = entry.text;
  const source = lastingSource(entry, facts);
  if (source !== undefined) line = line.replace(/^(\s*)\S+/, (_, blanks: string) => blanks + source);
  if (mayBeLacking(entry, facts) !== undefined && policy.allow.includes(allowNofail))
    line = line.replace(
      /^(\s*\S+\s+\S+\s+\S+\s+)(\S+)/,
      (_, before: string, options: string) => `${before}${options},nofail`,
    );
  return line === entry.text ? undefined : line;
}
