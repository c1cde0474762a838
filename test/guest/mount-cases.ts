/** What needs a file system of its own. Not run by itself, but by `inPrivateMounts`, in a mount namespace. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { findOwnDevices } from '../../src/guest/block-devices.ts';
import { findMountedDevices } from '../../src/guest/mounted-devices.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { getXattr, setXattr } from './xattr.ts';

const big = (letter: string) => Buffer.alloc(40_000, letter);

/** The code that `deed` failed with. */
async function codeOf(deed: Promise<unknown>): Promise<unknown> {
  try {
    return `succeeded with ${await deed}`;
  } catch (error) {
    const { name, code, path, message } = error as Error & { code: string; path: string };
    return { name, code, path, message };
  }
}

const mount = (...args: string[]) => execFileSync('mount', ['-n', ...args]);

function makeExt4(folder: string): string {
  const image = `${folder}/image`;
  execFileSync('truncate', ['-s', '16M', image]);
  execFileSync('mkfs.ext4', ['-q', '-U', '01234567-89ab-cdef-0123-456789abcdef', image]);
  const root = `${folder}/root`;
  mkdirSync(root);
  mount('-o', 'loop', image, root);
  return root;
}

const cases: Readonly<Record<string, (folder: string) => Promise<unknown>>> = {
  /** A file system with room for one such file, but not for two. */
  async 'no-space'(folder) {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
    const guest = createRootedGuest(folder, 'offline');
    await guest.write('/file', big('a'));
    const beside = await codeOf(guest.write('/file', big('b')));
    const copied = await codeOf(guest.copy('/file', '/copy'));
    const afterBeside = readdirSync(folder);
    await guest.hardLinkOrCopy('/file', '/second');
    const inPlace = await codeOf(guest.write('/file', Buffer.alloc(80_000, 'c')));
    const whole = readFileSync(`${folder}/second`).equals(big('a'));
    return { beside, copied, afterBeside, inPlace, whole };
  },

  async 'read-only'(folder) {
    mount('-t', 'tmpfs', 'tmpfs', folder);
    writeFileSync(`${folder}/file`, 'x');
    mount('-o', 'remount,ro', folder);
    const guest = createRootedGuest(folder, 'offline');
    return { obstacle: await guest.obstacle('/file'), write: await codeOf(guest.write('/file', big('a'))) };
  },

  async 'two-file-systems'(folder) {
    const root = makeExt4(folder);
    mkdirSync(`${root}/boot`);
    mount('-t', 'tmpfs', 'tmpfs', `${root}/boot`);
    const guest = createRootedGuest(root, 'offline');
    writeFileSync(`${root}/file`, 'x');
    execFileSync('chown', ['1234:5678', `${root}/file`]);
    setXattr(`${root}/file`, 'trusted.mark', 'kept');
    const kept = await guest.hardLinkOrCopy('/file', '/boot/file');
    const moved = await codeOf(guest.rename('/file', '/boot/other'));
    const { uid, gid } = statSync(`${root}/boot/file`);
    return { kept, moved, uid, gid, xattr: getXattr(`${root}/boot/file`, 'trusted.mark') };
  },

  /** What udev's names say of the file systems mounted at and below a root, and of what is bound there. */
  async 'mounted-devices'(folder) {
    const root = makeExt4(folder);
    const device = `/dev/${(await findOwnDevices(root))[0]?.name}`;
    for (const kind of ['by-uuid', 'by-partuuid']) mkdirSync(`${folder}/names/${kind}`, { recursive: true });
    symlinkSync(device, `${folder}/names/by-uuid/01234567-89ab-cdef-0123-456789abcdef`);
    symlinkSync(device, `${folder}/names/by-partuuid/abc-01`);
    symlinkSync('/dev/not-there', `${folder}/names/by-uuid/gone`);
    const find = (at: string) => findMountedDevices(at, `${folder}/names`);
    for (const name of ['proc', 'home', 'inner']) mkdirSync(`${root}/${name}`);
    mkdirSync(`${folder}/plain`);
    mount('--bind', `${folder}/plain`, `${root}/home`);
    mount('-t', 'tmpfs', 'tmpfs', `${root}/proc`);
    const found = find(root);
    const plain = find(`${folder}/plain`);
    const unnamed = findMountedDevices(root, `${folder}/nothing`);
    // Used by this machine elsewhere as well.
    mkdirSync(`${folder}/again`);
    mount(device, `${folder}/again`);
    const shared = find(root);
    // A folder of it, with nothing else left mounted.
    mount('--bind', `${root}/inner`, `${folder}/plain`);
    execFileSync('umount', ['-n', `${folder}/again`]);
    execFileSync('umount', ['-n', '-R', root]);
    return { found, plain, unnamed, shared, bound: find(`${folder}/plain`) };
  },

  /** The guest's disk, seen from inside: its own block device, with its links, and no other. */
  async 'own-devices'(folder) {
    const root = makeExt4(folder);
    for (const name of ['dev', 'proc', 'sys', 'run', 'root']) mkdirSync(`${root}/${name}`);
    mount('--rbind', `${folder}/runnable`, `${root}/root`);
    const found = await findOwnDevices(root);
    // The programs lie in another root, which is bound into this one: enter that, with this one's device.
    const device = `/dev/${found[0]?.name}`;
    mkdirSync(`${folder}/runnable/mnt`);
    mount(device, `${folder}/runnable/mnt`);
    const guest = createRootedGuest(`${folder}/runnable`, 'offline');
    const none = await findOwnDevices(`${folder}/runnable`);
    execFileSync('umount', ['-n', '-l', root]);
    const script = 'ls /dev/disk/by-uuid /dev/loop*; readlink -f /dev/disk/by-uuid/*; stat -c %F /dev/loop*; ls /mnt';
    const { stdout } = await guest.run(['/usr/bin/sh', '-c', script], { seconds: 20 });
    return {
      found: found.map(({ links }) => links),
      none,
      seen: stdout.replaceAll(device, 'DEVICE').split('\n').slice(0, 7).join('\n'),
    };
  },
};

const [, , name = '', folder = ''] = process.argv;
// Only ever in a mount namespace of its own.
if (readlinkSync('/proc/self/ns/mnt') === readlinkSync(`/proc/${process.ppid}/ns/mnt`)) throw new Error('not alone');
process.stdout.write(JSON.stringify((await cases[name]?.(folder)) ?? null));
