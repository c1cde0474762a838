import { execFileSync } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReadOnlyGuest, createRootedGuest } from '../../src/guest/rooted.ts';
import type { GuestPath } from '../../src/model.ts';
import { fill, makeFolder } from './temporary-root.ts';

/** A root with a secret beside it that no path of the guest may reach. */
function makeGuest(files: Readonly<Record<string, string>> = {}, links: Readonly<Record<string, string>> = {}) {
  const around = makeFolder();
  const root = join(around, 'root');
  fill(around, { secret: 'of the preparing machine' });
  fill(root, { 'etc/os-release': 'ID=debian\n', ...files });
  for (const [path, to] of Object.entries(links)) symlinkSync(to, join(root, path));
  return { around, root, guest: createReadOnlyGuest(root, 'offline') };
}

const there = (value: unknown) => ({ is: 'there', value });
const absent = { is: 'absent' };
const unreadable = (why: RegExp) => ({ is: 'unreadable', why: expect.stringMatching(why) });

describe('paths stay inside the root', () => {
  test('links are followed as the guest would follow them', async () => {
    const { guest } = makeGuest(
      { 'usr/lib/os-release': 'ID=guest\n', 'b/c/file': 'deep' },
      {
        absolute: '/usr/lib/os-release',
        relative: 'usr/lib/../lib/os-release',
        a: '/b',
        'b/d': '/b/c',
        'b/c/up': '..',
        'b/self': '.',
      },
    );
    expect(await guest.text('/absolute')).toEqual(there('ID=guest\n'));
    expect(await guest.text('/relative')).toEqual(there('ID=guest\n'));
    // Chains: /a -> /b, /b/d -> /b/c, /b/c/up -> /b.
    expect(await guest.text('/a/d/file')).toEqual(there('deep'));
    expect(await guest.text('/a/self/self/d/up/c/file')).toEqual(there('deep'));
    expect(await guest.real('/a/d/up/d/file')).toEqual(there('/b/c/file'));
    expect(await guest.names('/a/d')).toEqual(there(['file', 'up']));
  });

  test('no way of writing a path leads out', async () => {
    const { around, guest } = makeGuest(
      { 'secret-is-here': 'no' },
      {
        out: '../secret',
        farOut: '../../../../../../../../../../../../../../../..',
        'etc/chain1': '/etc/chain2',
        'etc/chain2': '/etc/chain3/secret',
        'etc/chain3': '../..',
        passwd: '/etc/passwd',
        host: '/proc/self/root',
      },
    );
    symlinkSync(around, join(around, 'root/byName'));
    const ways = [
      '/out',
      '/../secret',
      '/farOut/secret',
      '/etc/chain1',
      '/byName/secret',
      '/etc/../../secret',
      '/passwd',
    ];
    for (const path of ways) expect([path, await guest.text(path as GuestPath)]).toEqual([path, absent]);
    expect(await guest.real('/host/etc')).toEqual(absent);
    expect(await guest.real('/farOut')).toEqual(there('/'));
    expect(await guest.names('/farOut/..')).toEqual(await guest.names('/'));
    expect(await guest.real('/../../etc/os-release')).toEqual(there('/etc/os-release'));
  });

  test('loops end, and chains as long as the kernel allows are followed', async () => {
    const links: Record<string, string> = { loop: 'loop', ping: 'pong', pong: 'ping', 'etc/in': '../etc/in/x' };
    for (let at = 1; at <= 41; at++) links[`link${at}`] = at === 1 ? 'etc/os-release' : `link${at - 1}`;
    const { root, guest } = makeGuest({}, links);
    for (const path of ['/loop', '/ping', '/pong/x', '/etc/in', '/link41'] as const) {
      expect([path, await guest.text(path)]).toEqual([path, unreadable(/ELOOP/)]);
      expect(() => openSync(join(root, path), 'r')).toThrow(/ELOOP/);
    }
    expect(await guest.text('/link40')).toEqual(there('ID=debian\n'));
  });

  test('a file is no folder, whatever comes after it', async () => {
    const { guest } = makeGuest({}, { toFile: 'etc/os-release' });
    const ways = ['/etc/os-release/', '/etc/os-release/.', '/etc/os-release/..', '/toFile/', '/toFile/x'];
    for (const path of ways) expect([path, await guest.text(path as GuestPath)]).toEqual([path, absent]);
  });

  test('names are bytes', async () => {
    const name = 'caf\xe9 \xff\n"$(x)"';
    const { root, guest } = makeGuest();
    mkdirSync(Buffer.from(join(root, name), 'latin1'));
    writeFileSync(Buffer.from(join(root, name, 'new\nline'), 'latin1'), 'x');
    symlinkSync(Buffer.from(`/${name}`, 'latin1'), join(root, 'link'));
    expect(await guest.names('/')).toEqual(there([name, 'etc', 'link']));
    expect(await guest.target('/link')).toEqual(there(`/${name}`));
    expect(await guest.text('/link/new\nline')).toEqual(there('x'));
    expect(await guest.real('/link')).toEqual(there(`/${name}`));
    expect(await guest.text('/etc/os-release\0')).toEqual(unreadable(/character/));
    expect(await guest.text('/etc/\u{1f600}')).toEqual(unreadable(/character/));
    expect(await guest.text(`/${'x'.repeat(300)}`)).toEqual(unreadable(/ENAMETOOLONG/));
  });
});

describe('text', () => {
  test('gives every byte as one character', async () => {
    const { root, guest } = makeGuest();
    const bytes = Buffer.from([...Array(256).keys()]);
    writeFileSync(join(root, 'etc/bytes'), bytes);
    expect(await guest.text('/etc/bytes')).toEqual(there(bytes.toString('latin1')));
    expect(await guest.text('/etc/missing')).toEqual(absent);
    expect(await guest.text('/nowhere/missing')).toEqual(absent);
  });

  test('of 4 MiB is read, of a byte more is not', async () => {
    const { root, guest } = makeGuest({ 'etc/full': '', 'etc/over': '', 'etc/huge': '' });
    truncateSync(join(root, 'etc/full'), 4 * 1024 * 1024);
    truncateSync(join(root, 'etc/over'), 4 * 1024 * 1024 + 1);
    truncateSync(join(root, 'etc/huge'), 10 * 1024 ** 3);
    expect(await guest.text('/etc/full')).toEqual(there('\0'.repeat(4 * 1024 * 1024)));
    expect(await guest.text('/etc/over')).toEqual(unreadable(/larger than 4 MiB/));
    expect(await guest.text('/etc/huge')).toEqual(unreadable(/larger than 4 MiB/));
  });

  test('is refused of what is no regular file', async () => {
    const { root, guest } = makeGuest({}, { 'etc/fifo-link': 'fifo' });
    const mknod = (...args: string[]) => execFileSync('mknod', args);
    mknod(join(root, 'etc/fifo'), 'p');
    mknod(join(root, 'etc/null'), 'c', '1', '3');
    mknod(join(root, 'etc/disk'), 'b', '7', '0');
    expect(await guest.text('/etc')).toEqual(unreadable(/a folder/));
    expect(await guest.text('/')).toEqual(unreadable(/a folder/));
    expect(await guest.text('/etc/fifo')).toEqual(unreadable(/FIFO/));
    expect(await guest.text('/etc/fifo-link')).toEqual(unreadable(/FIFO/));
    expect(await guest.text('/etc/null')).toEqual(unreadable(/device/));
    expect(await guest.open('/etc/disk')).toEqual(unreadable(/device/));
    expect(await guest.names('/etc/fifo')).toEqual(unreadable(/FIFO/));
    expect(await guest.names('/etc/os-release')).toEqual(unreadable(/regular file/));
  });

  test('of the running machine: files of /proc and /sys that say they are empty', async () => {
    const live = createReadOnlyGuest('/', 'live');
    const mounts = await live.text('/proc/self/mountinfo');
    expect(mounts).toEqual(there(expect.stringContaining(' / ')));
    expect(await live.text('/proc/mounts')).toEqual(there(expect.stringContaining('proc')));
    expect(await live.text('/sys/kernel/uevent_seqnum')).toEqual(there(expect.stringMatching(/^\d+\n$/)));
    expect(await live.stat('/proc/version')).toMatchObject({ is: 'there', value: { type: 'file', bytes: 0 } });
    expect(await live.names('/')).toEqual(there(expect.arrayContaining(['etc', 'proc'])));
  });
});

test('stat is of the path itself, exact to the nanosecond', async () => {
  const { root, guest } = makeGuest({ 'etc/file': '12345' }, { 'etc/link': 'file', 'etc/dangling': 'nowhere' });
  const file = join(root, 'etc/file');
  linkSync(file, join(root, 'etc/second'));
  execFileSync('chown', ['1234:5678', file]);
  execFileSync('chmod', ['4750', file]);
  execFileSync('touch', ['-d', '@1700000000.123456789', file]);
  execFileSync('mknod', [join(root, 'etc/disk'), 'b', '7', '300']);
  expect(await guest.stat('/etc/file')).toMatchObject(
    there({ type: 'file', bytes: 5, mode: 0o4750, uid: 1234, gid: 5678, links: 2, modifiedNs: '1700000000123456789' }),
  );
  expect(await guest.stat('/etc/link')).toMatchObject(there({ type: 'link', bytes: 4 }));
  expect(await guest.stat('/etc/dangling')).toMatchObject(there({ type: 'link' }));
  expect(await guest.stat('/etc')).toMatchObject(there({ type: 'folder' }));
  expect(await guest.stat('/etc/disk')).toMatchObject(there({ type: 'special', rdev: 0x10_072c }));
  expect(await guest.stat('/etc/link/x')).toEqual(absent);
  execFileSync('touch', ['-d', '@-1.5', file]);
  expect(await guest.stat('/etc/file')).toMatchObject(there({ modifiedNs: '-1500000000' }));
});

test('a link says where it points, and where it really ends', async () => {
  const { guest } = makeGuest({}, { 'etc/link': '../../outside', 'etc/dangling': 'nowhere', 'etc/good': 'os-release' });
  expect(await guest.target('/etc/link')).toEqual(there('../../outside'));
  expect(await guest.target('/etc/os-release')).toEqual(unreadable(/a regular file/));
  expect(await guest.target('/etc/missing')).toEqual(absent);
  expect(await guest.real('/etc/dangling')).toEqual(absent);
  expect(await guest.real('/etc/good')).toEqual(there('/etc/os-release'));
});

test('an open file is read in pieces from anywhere', async () => {
  const { guest } = makeGuest({ 'boot/initrd': 'abcdefghij' });
  const opened = await guest.open('/boot/initrd');
  if (opened.is !== 'there') throw new Error(opened.is);
  const source = opened.value;
  const buffer = Buffer.alloc(4);
  expect(source.size).toBe(10);
  expect(source.readAt(buffer, 3)).toBe(4);
  expect(buffer.toString()).toBe('defg');
  expect(source.readAt(buffer, 8)).toBe(2);
  expect(source.readAt(buffer, 10)).toBe(0);
  expect(execFileSync('cat', { stdio: [source.fd, 'pipe', 'inherit'], encoding: 'utf8' })).toBe('abcdefghij');
  source.close();
  source.close();
  expect(() => source.readAt(buffer, 0)).toThrow(/EBADF/);
});

test('free space is that of the nearest folder there is', async () => {
  const { root, guest } = makeGuest();
  const here = execFileSync('stat', ['-f', '-c', '%S %a %d', root], { encoding: 'utf8' }).trim().split(' ').map(Number);
  const [block = 0, available = 0, inodes = 0] = here;
  const free = await guest.free('/boot/efi/not/yet');
  // Others use the disk meanwhile: the order of magnitude is what can be compared.
  expect(free.bytes / (block * available)).toBeCloseTo(1, 1);
  if (inodes > 0) expect(free.inodes / inodes).toBeCloseTo(1, 1);
  expect(await createReadOnlyGuest('/', 'live').free('/proc/1')).toEqual({
    bytes: 0,
    inodes: Number.POSITIVE_INFINITY,
    hardLinks: true,
  });
});

describe('who gets what', () => {
  test('a read-only guest has no method that writes or runs', () => {
    const { root, guest } = makeGuest();
    const reading = ['free', 'lockedBy', 'mounted', 'names', 'open', 'real', 'stat', 'target', 'text', 'where'];
    expect(Object.keys(guest).sort()).toEqual(reading);
    expect(Object.isFrozen(guest)).toBe(true);
    expect(Object.keys(createRootedGuest(root, 'offline'))).toEqual(expect.arrayContaining(['write', 'remove', 'run']));
  });

  test('the running machine is never taken for a mounted guest', () => {
    const { root } = makeGuest();
    expect(() => createRootedGuest('/', 'offline')).toThrow(/running machine/);
    expect(() => createReadOnlyGuest('/proc/self/root', 'offline')).toThrow(/running machine/);
    expect(() => createReadOnlyGuest(join(root, 'missing'), 'offline')).toThrow(/guest's root/);
    expect(() => createReadOnlyGuest(join(root, 'etc/os-release'), 'offline')).toThrow(/not a folder/);
  });

  test('a root given through a link is the folder behind it', async () => {
    const { around, root } = makeGuest();
    symlinkSync(root, join(around, 'alias'));
    const guest = createReadOnlyGuest(join(around, 'alias'), 'offline');
    expect(await guest.text('/etc/os-release')).toEqual(there('ID=debian\n'));
  });
});

test('no descriptor stays open', async () => {
  const { root, guest } = makeGuest({}, { loop: 'loop' });
  execFileSync('mknod', [join(root, 'fifo'), 'p']);
  const next = () => {
    const fd = openSync('/dev/null', 'r');
    closeSync(fd);
    return fd;
  };
  const before = next();
  for (const path of ['/etc/os-release', '/etc', '/fifo', '/missing', '/loop'] as const) {
    await guest.text(path);
    await guest.names(path);
    await guest.stat(path);
  }
  expect(next()).toBe(before);
});
