import type { MountSpace } from './mount-space.ts';
import { must, type RunOptions } from './run.ts';

/** A block device that a program inside the guest may see. */
export interface GuestDevice {
  /** Below /dev: `loop0p1`. */
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  /** Gives it a link in /dev/disk/by-uuid: without one, update-grub writes the device's name as root=. */
  readonly uuid?: string;
}

export interface InGuestOptions extends RunOptions {
  /** Where the root is mounted; without it the root is a folder that everybody sees. */
  readonly space?: MountSpace;
  readonly devices?: readonly GuestDevice[];
}

/**
 * Runs a program of a guest inside its root, in mount, PID, UTS, IPC and network name spaces of its own, with a small
 * /dev that holds none of this machine's devices but those named. Needed even for tests: a plain chroot lets the guest
 * rename this machine, and a clean-up that follows a bound /dev destroys it.
 */
export function inGuest(root: string, argv: readonly string[], options: InGuestOptions = {}): Promise<string> {
  const { space, devices = [], ...limits } = options;
  const words = devices.flatMap((device) => [device.name, `${device.major}`, `${device.minor}`, device.uuid ?? '-']);
  const command = [
    ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--uts', '--ipc', '--net'],
    ...['--', 'sh', '-c', enterScript, 'sh', root, `${devices.length}`, ...words, ...argv],
  ] as unknown as readonly [string, ...string[]];
  return space ? space.must(command, limits) : must(command, limits);
}

/** Run by `sh -c` with the root, the number of devices and four words for each, then the program and its arguments. */
export const enterScript = `
set -eu
root=$1 devices=$2
shift 2
mount -t tmpfs -o mode=755,size=1m none "$root/dev"
cd "$root/dev"
mkdir -p disk/by-uuid shm pts
mknod -m 666 null c 1 3; mknod -m 666 zero c 1 5; mknod -m 666 full c 1 7
mknod -m 666 random c 1 8; mknod -m 666 urandom c 1 9; mknod -m 666 tty c 5 0
ln -s /proc/self/fd fd; ln -s fd/0 stdin; ln -s fd/1 stdout; ln -s fd/2 stderr
while [ "$devices" -gt 0 ]; do
  mknod -m 600 "$1" b "$2" "$3"
  [ "$4" = - ] || ln -s "../../$1" "disk/by-uuid/$4"
  shift 4
  devices=$((devices - 1))
done
cd /
mount -t proc none "$root/proc"
mount -t sysfs -o ro none "$root/sys"
[ ! -d "$root/sys/firmware" ] || mount -t tmpfs -o ro none "$root/sys/firmware"
mount -t tmpfs -o mode=755 none "$root/run"
exec chroot "$root" /usr/bin/env -i LC_ALL=C HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
`;
