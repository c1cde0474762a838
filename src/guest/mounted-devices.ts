import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { GuestPath } from '../model.ts';
import { numberOf, plain } from './block-devices.ts';
import type { MountedDevice } from './guest.ts';

interface Mount {
  /** `major:minor`. */
  readonly device: string;
  readonly target: string;
  readonly type: string;
  /** The mount shows its file system from the top, or a whole subvolume: no folder of it that was bound here. */
  readonly whole: boolean;
}

function readMounts(): Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').trimEnd().split('\n');
  return lines.flatMap((line): Mount[] => {
    const [front = '', back = ''] = line.split(' - ');
    const [, , numbers = '', top = '', target = ''] = front.split(' ');
    const [type = '', source = '', options = ''] = back.split(' ');
    // btrfs has an anonymous number of its own (0:…); what else has one stands on no device.
    const device = !numbers.startsWith('0:') ? numbers : type === 'btrfs' ? numberOf(plain(source)) : undefined;
    if (device === undefined) return [];
    const whole = top === '/' || (type === 'btrfs' && options.split(',').includes(`subvol=${top}`));
    return [{ device, target: plain(target), type, whole }];
  });
}

/** `major:minor` to the name that udev has linked to it in a folder like /dev/disk/by-uuid. */
function linksIn(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder)) {
    const link = `${folder}/${name}`;
    if (!/^[0-9A-Za-z-]+$/.test(name) || statSync(link, { throwIfNoEntry: false }) === undefined) continue;
    const device = numberOf(realpathSync(link));
    if (device !== undefined) found.set(device, name);
  }
  return found;
}

/**
 * The devices of the file systems mounted at `root` (a canonical path of this machine) and below it, by what the kernel and
 * udev of this machine know; none is opened. Never one that this machine uses elsewhere too, as it does where the root is a
 * plain folder, a bound one, or a layer of an overlay: those UUIDs are not the guest's.
 */
export function findMountedDevices(root: string, names = '/dev/disk'): readonly MountedDevice[] {
  const at = Buffer.from(root).toString('latin1'); // as mountinfo is read
  const mounts = readMounts();
  const isInside = ({ target }: Mount) => target === at || target.startsWith(`${at}/`);
  const foreign = new Set(mounts.filter((mount) => !isInside(mount)).map((mount) => mount.device));
  // A later mount of the same target hides the one before.
  const last = new Map(mounts.filter(isInside).map((mount) => [mount.target, mount]));
  const [byUuid, byPartuuid] = [linksIn(`${names}/by-uuid`), linksIn(`${names}/by-partuuid`)];
  return [...last.values()]
    .filter((mount) => mount.whole && !foreign.has(mount.device))
    .map(({ device, target, type }) => ({
      at: (target.slice(at.length) || '/') as GuestPath,
      type,
      uuid: byUuid.get(device),
      partuuid: byPartuuid.get(device),
    }));
}
