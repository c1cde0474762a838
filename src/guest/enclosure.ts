import type { Argv, GuestPath } from '../model.ts';
import { type BlockDevice, findOwnDevices } from './block-devices.ts';
import { GuestError } from './guest-error.ts';
import { cleanEnvironment, findHostProgram, hostProgram, toArgument } from './host-programs.ts';
import { typeName } from './reading.ts';
import { type Root, resolve } from './resolve.ts';

/**
 * How a program of a guest runs offline: inside the guest's root, in mount, PID, UTS, IPC and network namespaces of its own.
 *
 * The kernel drops all of it with the last process: mounts, host name and every process, however that comes about, also when
 * we are killed. That is also why it is a chroot in a mount namespace of its own, and no pivot_root: nothing is left to
 * undo; and programs that ask whether they run in a chroot (systemctl, ischroot) compare `/` with that of process 1,
 * are told yes, and leave services alone.
 *
 * It protects this machine from accidents, not from malice: the programs run as root, with most capabilities.
 */

/**
 * Constant; all data comes as arguments, none is ever part of it: ROOT, then what goes into /dev, `--`, `run` or `no-run`,
 * `card` or `no-card`, and the command. Descriptor 3 leads to us. Signal names that come over it are sent to every process in the namespace; at
 * its end (we have let go, or have died) all of them are killed, again and again until process 1 has noticed and ended.
 * `ready` goes back when the command is about to start: an exit before it is not the command's.
 */
const script = `
set -eu
[ $$ = 1 ] # else what follows would kill every process of this machine
{
  while read -r signal <&3; do kill -s "$signal" -- -1 || :; done
  while :; do kill -s KILL -- -1 || :; done
} >/dev/null 2>&1 &

root=$1
shift
mount -n --make-rprivate /
mount -n --rbind "$root" "$root"

mount -n -t tmpfs -o nosuid,noexec,mode=0755,size=64m tmpfs "$root/dev"
while [ "$1" != -- ]; do
  case $1 in
    folder) mkdir -p "$root/dev/$2"; chmod "$3" "$root/dev/$2"; shift 3 ;;
    node) mknod -m "$3" "$root/dev/$2" "$4" "$5" "$6"; shift 6 ;;
    link) ln -s "$3" "$root/dev/$2"; shift 3 ;;
    *) echo "not understood: $1" >&2; exit 1 ;;
  esac
done
shift
mount -n -t devpts -o newinstance,nosuid,noexec,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"

mount -n -t proc -o nosuid,nodev,noexec proc "$root/proc"
for name in sys sysrq-trigger irq bus fs scsi acpi; do
  [ -e "$root/proc/$name" ] || continue
  mount -n --bind "$root/proc/$name" "$root/proc/$name"
  mount -n -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/$name"
done
[ ! -e "$root/proc/kcore" ] || mount -n --bind "$root/dev/null" "$root/proc/kcore"

mount -n -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
[ ! -d "$root/sys/firmware" ] ||
  mount -n -t tmpfs -o ro,nosuid,nodev,noexec,mode=0555,size=4k tmpfs "$root/sys/firmware"

if [ "$1" = run ]; then
  mount -n -t tmpfs -o nosuid,nodev,mode=0755,size=64m tmpfs "$root/run"
  mkdir "$root/run/lock"
  chmod 1777 "$root/run/lock"
fi
shift

if [ "$1" = card ]; then
  # Whichever kind this machine's kernel has; 192.0.2.0/24 is for documentation and leads nowhere.
  for kind in dummy veth bridge; do ! ip link add eth0 type "$kind" || break; done
  ip address add 192.0.2.1/24 dev eth0
  ip link set eth0 up
fi
shift

echo ready >&3
set +e
"$@" 3>&-
exit $?
`;

/** Name, mode, type, major and minor number, as in the kernel's list of devices. */
const nodes: readonly (readonly [string, string, string, number, number])[] = [
  ['null', '666', 'c', 1, 3],
  ['zero', '666', 'c', 1, 5],
  ['full', '666', 'c', 1, 7],
  ['random', '666', 'c', 1, 8],
  ['urandom', '666', 'c', 1, 9],
  ['tty', '666', 'c', 5, 0],
];

const links: readonly (readonly [string, string])[] = [
  ['ptmx', 'pts/ptmx'],
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
];

/** What a program that rebuilds an initrd never needs, and what would reach this machine: modules, reboot, clock, ports. */
const dropped = '-sys_module,-sys_boot,-sys_time,-sys_rawio';

function devFolder(devices: readonly BlockDevice[]): readonly string[] {
  const named = new Map(devices.flatMap(({ name, links: others }) => others.map((link) => [link, name] as const)));
  const folders = new Set([...named.keys()].map((link) => link.slice(0, link.lastIndexOf('/'))));
  return [
    ...['folder', 'pts', '755', 'folder', 'shm', '1777'],
    ...[...folders].flatMap((folder) => ['folder', folder, '755']),
    ...nodes.flatMap(([name, mode, type, major, minor]) => ['node', name, mode, type, `${major}`, `${minor}`]),
    ...devices.flatMap(({ name, major, minor }) => ['node', name, '660', 'b', `${major}`, `${minor}`]),
    ...links.flatMap(([name, to]) => ['link', name, to]),
    ...[...named].flatMap(([link, name]) => ['link', link, `${'../'.repeat(link.split('/').length - 1)}${name}`]),
  ];
}

/** Whether the guest has that folder. A link or a file in its place is refused: a mount would follow it. */
function hasFolder(root: Root, path: GuestPath): boolean {
  const found = resolve(root, path, 'keep');
  const stat = found.is === 'there' ? found.value.stat : undefined;
  if (stat !== undefined && !stat.isDirectory()) {
    throw new GuestError(
      'ENCLOSURE',
      path,
      `no program of this guest can be run: its ${path} is ${typeName(stat)}, not a folder`,
    );
  }
  return stat !== undefined;
}

/** The command line that runs `argv` enclosed. Nothing is made in the guest: folders to mount on must be there. */
export async function encloseCommand(
  root: Root,
  argv: Argv,
  env: Readonly<Record<string, string>>,
  card = false,
): Promise<{ readonly program: string; readonly args: readonly string[] }> {
  for (const path of ['/dev', '/proc', '/sys'] as const) {
    if (hasFolder(root, path)) continue;
    throw new GuestError('ENCLOSURE', path, `no program of this guest can be run: it has no ${path} to mount on`);
  }
  if (card) hostProgram('ip', 'iproute2');
  const setpriv = findHostProgram('setpriv');
  const command = [
    hostProgram('env', 'coreutils'),
    '-i',
    ...Object.entries(cleanEnvironment(env)).map(([name, value]) => toArgument(`${name}=${value}`)),
    ...(setpriv === undefined ? [] : [setpriv, `--inh-caps=${dropped}`, `--bounding-set=${dropped}`, '--']),
    hostProgram('chroot', 'coreutils'),
    root.host,
    ...argv.map(toArgument),
  ];
  return {
    program: hostProgram('unshare', 'util-linux'),
    args: [
      ...['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--'],
      ...[hostProgram('sh', 'any shell'), '-c', script, 'prep-guest', root.host],
      ...devFolder(await findOwnDevices(root.host)),
      ...['--', hasFolder(root, '/run') ? 'run' : 'no-run', card ? 'card' : 'no-card'],
      ...command,
    ],
  };
}
