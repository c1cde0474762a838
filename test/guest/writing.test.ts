import { execFileSync, spawn } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Guest } from '../../src/guest/guest.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import type { FileStat, GuestPath } from '../../src/model.ts';
import { inPrivateMounts } from './in-private-mounts.ts';
import { fill, makeFolder } from './temporary-root.ts';
import { getXattr, setXattr } from './xattr.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** A root with a file beside it that must never change. */
function makeGuest(files: Readonly<Record<string, string>> = {}) {
  const around = makeFolder();
  const root = join(around, 'root');
  fill(around, { 'outside/file': 'of the preparing machine' });
  fill(root, { 'etc/fstab': '# old\n', ...files });
  const at = (path: string) => join(root, path);
  const text = (path: string) => readFileSync(at(path), 'latin1');
  return { around, root, at, text, guest: createRootedGuest(root, 'offline') };
}

const failsWith = (code: string, path: string) => ({ name: 'GuestError', code, path });

async function statOf(guest: Guest, path: GuestPath): Promise<FileStat> {
  const read = await guest.stat(path);
  if (read.is !== 'there') throw new Error(`${path}: ${read.is}`);
  return read.value;
}

/** Everything about a file that an edit keeps. */
function marked(file: string): void {
  execFileSync('chown', ['1234:5678', file]);
  execFileSync('chmod', ['0640', file]);
  execFileSync('touch', ['-d', '@1600000000.987654321', file]);
  setXattr(file, 'user.mark', 'of the user');
  setXattr(file, 'trusted.mark', 'trusted');
  setXattr(file, 'security.selinux', 'system_u:object_r:etc_t:s0\0');
}

function marksOf(file: string) {
  const { uid, gid, mode } = lstatSync(file);
  const xattrs = ['user.mark', 'trusted.mark', 'security.selinux'].map((name) => getXattr(file, name));
  return { uid, gid, mode: mode & 0o7777, xattrs };
}

const marks = {
  uid: 1234,
  gid: 5678,
  mode: 0o640,
  xattrs: ['of the user', 'trusted', 'system_u:object_r:etc_t:s0\0'],
};

describe('write', () => {
  test('keeps owner, mode and attributes, and puts another file in the place', async () => {
    const { at, text, guest } = makeGuest();
    marked(at('etc/fstab'));
    const before = await statOf(guest, '/etc/fstab');
    await guest.write('/etc/fstab', bytes('new \xff\r\n'));
    const after = await statOf(guest, '/etc/fstab');
    expect(text('etc/fstab')).toBe('new \xff\r\n');
    expect(marksOf(at('etc/fstab'))).toEqual(marks);
    expect(after.inode).not.toBe(before.inode);
    expect(BigInt(after.modifiedNs)).toBeGreaterThan(BigInt(before.modifiedNs));
    expect(readdirSync(at('etc'))).toEqual(['fstab']);
  });

  test('keeps an access control list', async () => {
    const { at, guest } = makeGuest();
    // Version 2; user:: rw, user:1000: rw, group:: r, mask:: rw, other:: none.
    const entry = (tag: number, rights: number, id = 0xffff_ffff) => {
      const packed = Buffer.alloc(8);
      packed.writeUInt16LE(tag, 0);
      packed.writeUInt16LE(rights, 2);
      packed.writeUInt32LE(id, 4);
      return packed;
    };
    const entries = [entry(1, 6), entry(2, 6, 1000), entry(4, 4), entry(16, 6), entry(32, 0)];
    const list = Buffer.concat([Buffer.from([2, 0, 0, 0]), ...entries]);
    setXattr(at('etc/fstab'), 'system.posix_acl_access', list.toString('latin1'));
    const before = getXattr(at('etc/fstab'), 'system.posix_acl_access');
    expect(before).toBe(list.toString('latin1'));
    await guest.write('/etc/fstab', bytes('new'));
    expect(getXattr(at('etc/fstab'), 'system.posix_acl_access')).toBe(before);
    expect(statSync(at('etc/fstab')).mode & 0o777).toBe(0o660);
  });

  test('goes into a file that has several names', async () => {
    const { at, text, guest } = makeGuest();
    marked(at('etc/fstab'));
    linkSync(at('etc/fstab'), at('etc/second'));
    const { inode } = await statOf(guest, '/etc/fstab');
    for (const content of ['much longer than it was', 'short']) {
      await guest.write('/etc/fstab', bytes(content));
      expect(text('etc/second')).toBe(content);
      expect(await statOf(guest, '/etc/second')).toMatchObject({ inode, links: 2 });
    }
    expect(marksOf(at('etc/second'))).toEqual(marks);
  });

  test('edits the file that a link leads to, and leaves the link', async () => {
    const { around, at, text, guest } = makeGuest({ 'boot/grub/grub.conf': 'old' });
    symlinkSync('../boot/grub/menu.lst', at('etc/grub.conf'));
    symlinkSync('/boot/grub/grub.conf', at('boot/grub/menu.lst'));
    await guest.write('/etc/grub.conf', bytes('new'));
    expect(text('boot/grub/grub.conf')).toBe('new');
    expect(readlinkSync(at('etc/grub.conf'))).toBe('../boot/grub/menu.lst');
    expect(readlinkSync(at('boot/grub/menu.lst'))).toBe('/boot/grub/grub.conf');
    // Where it leads nowhere yet, the file is made there: inside.
    symlinkSync(`${around}/outside/made`, at('etc/new'));
    symlinkSync('/etc/made', at('etc/dangling'));
    await guest.write('/etc/dangling', bytes('made'));
    expect(text('etc/made')).toBe('made');
    await expect(guest.write('/etc/new', bytes('x'))).rejects.toMatchObject(failsWith('ENOENT', '/etc/new'));
  });

  test('makes a file with the mode asked for, whatever the umask is', async () => {
    const { at, guest } = makeGuest();
    const mask = process.umask(0o077);
    try {
      await guest.write('/etc/plain', bytes(''));
      await guest.write('/etc/secret', bytes('x'), { mode: 0o600 });
      await guest.write('/etc/program', bytes('x'), { mode: 0o4755 });
      await guest.write('/etc/fstab', bytes('x'), { mode: 0o600 });
      await guest.folder('/etc/a/b/c', 0o750);
    } finally {
      process.umask(mask);
    }
    const modes = ['plain', 'secret', 'program', 'fstab', 'a', 'a/b', 'a/b/c'].map(
      (name) => statSync(at(`etc/${name}`)).mode,
    );
    expect(modes.map((mode) => mode & 0o7777)).toEqual([0o644, 0o600, 0o4755, 0o600, 0o755, 0o755, 0o750]);
  });

  test('refuses what is no regular file', async () => {
    const { at, guest } = makeGuest();
    execFileSync('mknod', [at('etc/fifo'), 'p']);
    symlinkSync('fifo', at('etc/link'));
    for (const path of ['/etc/fifo', '/etc/link'] as const) {
      await expect(guest.write(path, bytes('x'))).rejects.toMatchObject(failsWith('EINVAL', path));
      expect(await guest.obstacle(path)).toMatch(/FIFO/);
    }
    await expect(guest.write('/etc', bytes('x'))).rejects.toMatchObject(failsWith('EISDIR', '/etc'));
    await expect(guest.write('/', bytes('x'))).rejects.toMatchObject(failsWith('EBUSY', '/'));
    await expect(guest.write('/no/file', bytes('x'))).rejects.toMatchObject(failsWith('ENOENT', '/no/file'));
    await expect(guest.write('/etc/fstab/x', bytes('x'))).rejects.toMatchObject(failsWith('ENOENT', '/etc/fstab/x'));
    expect(lstatSync(at('etc/fifo')).isFIFO()).toBe(true);
  });

  test('works on names that are not UTF-8', async () => {
    const { root, guest } = makeGuest();
    const path: GuestPath = '/etc/na\xefve/\xff file';
    await guest.folder('/etc/na\xefve', 0o755);
    await guest.write(path, bytes('first'));
    await guest.write(path, bytes('second'), { mode: 0o600 });
    await guest.copy(path, `${path}.copy`);
    expect(readFileSync(Buffer.from(`${root}${path}.copy`, 'latin1'), 'latin1')).toBe('second');
    await guest.remove(path);
    expect(await guest.names('/etc/na\xefve')).toEqual({ is: 'there', value: ['\xff file.copy'] });
  });
});

describe('what cannot be written', () => {
  test('an immutable file stays, and nothing is left beside it', async () => {
    const { at, text, guest } = makeGuest({ 'etc/link1': 'old' });
    linkSync(at('etc/link1'), at('etc/link2'));
    execFileSync('chattr', ['+i', at('etc/fstab'), at('etc/link1')]);
    onTestFinished(() => void execFileSync('chattr', ['-i', at('etc/fstab'), at('etc/link1')]));
    for (const path of ['/etc/fstab', '/etc/link2'] as const) {
      const failed = expect(guest.write(path, bytes('new'))).rejects;
      await failed.toMatchObject({ ...failsWith('EPERM', path), message: expect.stringContaining('immutable') });
      await expect(guest.remove(path)).rejects.toMatchObject(failsWith('EPERM', path));
      expect(await guest.obstacle(path)).toMatch(/EPERM/);
    }
    expect([text('etc/fstab'), text('etc/link2')]).toEqual(['# old\n', 'old']);
    expect(readdirSync(at('etc'))).toEqual(['fstab', 'link1', 'link2']);
    expect(await guest.obstacle('/etc/other')).toBeUndefined();
  });

  test('an immutable folder', async () => {
    const { at, guest } = makeGuest();
    execFileSync('chattr', ['+i', at('etc')]);
    onTestFinished(() => void execFileSync('chattr', ['-i', at('etc')]));
    for (const path of ['/etc/fstab', '/etc/new', '/etc/new/deep'] as const) {
      expect(await guest.obstacle(path)).toMatch(/EPERM/);
    }
    await expect(guest.write('/etc/fstab', bytes('x'))).rejects.toMatchObject(failsWith('EPERM', '/etc/fstab'));
  });

  test('a full file system leaves the file whole, and no half copy', () => {
    expect(inPrivateMounts('no-space', makeFolder())).toMatchObject({
      beside: failsWith('ENOSPC', '/file'),
      copied: failsWith('ENOSPC', '/copy'),
      afterBeside: ['file'],
      inPlace: failsWith('ENOSPC', '/file'),
      whole: true,
    });
  });

  test('a read-only file system', () => {
    expect(inPrivateMounts('read-only', makeFolder())).toMatchObject({
      obstacle: expect.stringMatching(/EROFS/),
      write: failsWith('EROFS', '/file'),
    });
  });
});

describe('copies, links and names', () => {
  test('a copy has everything, to the nanosecond', async () => {
    const { at, text, guest } = makeGuest({ 'var/kept': 'older copy' });
    marked(at('etc/fstab'));
    symlinkSync('/nowhere', at('etc/link'));
    execFileSync('chown', ['-h', '12:34', at('etc/link')]);
    execFileSync('touch', ['-h', '-d', '@1500000000.000000001', at('etc/link')]);
    setXattr(at('etc/link'), 'trusted.mark', 'of the link');
    await guest.copy('/etc/fstab', '/var/kept');
    await guest.copy('/etc/link', '/var/link');
    expect(text('var/kept')).toBe('# old\n');
    expect(marksOf(at('var/kept'))).toEqual(marks);
    expect((await statOf(guest, '/var/kept')).modifiedNs).toBe('1600000000987654321');
    expect(readlinkSync(at('var/link'))).toBe('/nowhere');
    expect(await statOf(guest, '/var/link')).toMatchObject({ uid: 12, gid: 34, modifiedNs: '1500000000000000001' });
    expect(getXattr(at('var/link'), 'trusted.mark')).toBe('of the link');
    expect(readdirSync(at('var'))).toEqual(['kept', 'link']);
    await expect(guest.copy('/etc', '/var/etc')).rejects.toMatchObject(failsWith('EISDIR', '/etc'));
    await expect(guest.copy('/etc/no', '/var/no')).rejects.toMatchObject(failsWith('ENOENT', '/etc/no'));
  });

  test('a copy replaces a link, and does not go through it', async () => {
    const { around, at, text, guest } = makeGuest();
    symlinkSync(`${around}/outside/file`, at('etc/target'));
    symlinkSync('../../outside', at('etc/folder'));
    await guest.copy('/etc/fstab', '/etc/target');
    expect(text('etc/target')).toBe('# old\n');
    expect(lstatSync(at('etc/target')).isFile()).toBe(true);
    await expect(guest.copy('/etc/fstab', '/etc/folder/file')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readFileSync(join(around, 'outside/file'), 'utf8')).toBe('of the preparing machine');
  });

  test('owner, mode and time come back as they were', async () => {
    const { at, guest } = makeGuest();
    marked(at('etc/fstab'));
    execFileSync('chmod', ['6750', at('etc/fstab')]);
    const like = await statOf(guest, '/etc/fstab');
    await guest.copy('/etc/fstab', '/etc/kept');
    await guest.write('/etc/fstab', bytes('new'), { mode: 0o600 });
    execFileSync('chown', ['0:0', at('etc/fstab')]);
    await guest.restoreStat('/etc/fstab', like);
    const { uid, gid, mode, modifiedNs } = like;
    expect(await statOf(guest, '/etc/fstab')).toMatchObject({ uid, gid, mode, modifiedNs });
    for (const ns of ['1', '-1', '-1500000000', '4102444800000000007']) {
      await guest.restoreStat('/etc', { ...like, modifiedNs: ns });
      expect((await statOf(guest, '/etc')).modifiedNs).toBe(ns);
    }
    const top = { ...(await statOf(guest, '/')), mode: 0o751, modifiedNs: '1600000000000000001' };
    await guest.restoreStat('/', top);
    expect(await statOf(guest, '/')).toMatchObject({ mode: 0o751, modifiedNs: '1600000000000000001' });
    symlinkSync('/nowhere', at('var'));
    await guest.restoreStat('/var', like);
    expect(await statOf(guest, '/var')).toMatchObject({ type: 'link', uid, gid, modifiedNs });
  });

  test('one file is made like another in all but its content and times', async () => {
    const { at, text, guest } = makeGuest({ 'etc/new': 'new' });
    marked(at('etc/fstab'));
    execFileSync('chmod', ['640', at('etc/fstab')]);
    setXattr(at('etc/fstab'), 'security.selinux', 'system_u:object_r:boot_t:s0');
    const before = await statOf(guest, '/etc/new');
    await guest.liken('/etc/new', '/etc/fstab');
    const { uid, gid, mode } = await statOf(guest, '/etc/fstab');
    expect(await statOf(guest, '/etc/new')).toMatchObject({ uid, gid, mode, modifiedNs: before.modifiedNs });
    expect(getXattr(at('etc/new'), 'security.selinux')).toBe('system_u:object_r:boot_t:s0');
    expect(text('etc/new')).toBe('new');
    await expect(guest.liken('/etc/new', '/etc/gone')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a second name, or a copy where that is not possible', async () => {
    const { guest } = makeGuest();
    expect(await guest.hardLinkOrCopy('/etc/fstab', '/etc/second')).toBe('linked');
    expect((await statOf(guest, '/etc/fstab')).links).toBe(2);
    await expect(guest.hardLinkOrCopy('/etc/fstab', '/etc/second')).rejects.toMatchObject({ code: 'EEXIST' });
    expect(inPrivateMounts('two-file-systems', makeFolder())).toEqual({
      kept: 'copied',
      moved: expect.objectContaining({ code: 'EXDEV' }),
      uid: 1234,
      gid: 5678,
      xattr: 'kept',
    });
  });

  test('links, renames, removals', async () => {
    const { around, at, guest } = makeGuest({ 'etc/full/file': '' });
    symlinkSync(`${around}/outside/file`, at('etc/out'));
    await guest.link('/etc/unit', '/dev/null');
    await guest.link('/etc/unit', '../\xe9');
    expect(readlinkSync(at('etc/unit'), 'latin1')).toBe('../\xe9');
    await guest.link('/etc/out', 'fstab');
    expect(readlinkSync(at('etc/out'))).toBe('fstab');
    await expect(guest.link('/etc/full', 'x')).rejects.toMatchObject(failsWith('EISDIR', '/etc/full'));
    await guest.rename('/etc/out', '/etc/full/renamed');
    expect(readlinkSync(at('etc/full/renamed'))).toBe('fstab');
    await guest.remove('/etc/full/renamed');
    await expect(guest.remove('/etc/full')).rejects.toMatchObject(failsWith('ENOTEMPTY', '/etc/full'));
    for (const path of ['/etc/full/file', '/etc/full', '/etc/full', '/no/such/file', '/etc/unit'] as const) {
      await guest.remove(path);
    }
    expect(readdirSync(at('etc'))).toEqual(['fstab']);
    await expect(guest.remove('/')).rejects.toMatchObject(failsWith('EBUSY', '/'));
  });

  test('folders are made through links, but only inside', async () => {
    const { around, at, guest } = makeGuest();
    mkdirSync(at('usr/lib'), { recursive: true });
    symlinkSync('/usr/lib', at('lib'));
    await guest.folder('/lib/systemd/system', 0o755);
    expect(statSync(at('usr/lib/systemd/system')).isDirectory()).toBe(true);
    symlinkSync(`${around}/outside`, at('out'));
    await expect(guest.folder('/out/made', 0o755)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(guest.folder('/etc/fstab', 0o755)).rejects.toMatchObject(failsWith('EEXIST', '/etc/fstab'));
    expect(readdirSync(join(around, 'outside'))).toEqual(['file']);
  });

  test('what is appended stays bytes, in a file nobody else reads', async () => {
    const { at, text, guest } = makeGuest();
    await guest.append('/etc/journal', '{"say":"begin"}\n');
    await guest.append('/etc/journal', '{"text":"\xff"}\n');
    expect(text('etc/journal')).toBe('{"say":"begin"}\n{"text":"\xff"}\n');
    expect(statSync(at('etc/journal')).mode & 0o777).toBe(0o600);
    await expect(guest.append('/etc/journal', '\u2026')).rejects.toMatchObject({ code: 'EILSEQ' });
    await expect(guest.append('/etc', 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

test('a folder that is exchanged for a link meanwhile leads nowhere', async () => {
  const { around, root, guest } = makeGuest({ 'home/user/etc/file': 'x' });
  fill(around, { 'outside/etc/file': 'of the preparing machine' });
  // As a user of the running machine might, in a folder of his own.
  const swap =
    'chdir shift; my $o = shift; while (1) { rename "user", "kept"; symlink $o, "user"; unlink "user"; rename "kept", "user" }';
  const swapper = spawn('perl', ['-e', swap, join(root, 'home'), join(around, 'outside')]);
  let failures = 0;
  const failed = () => void failures++;
  try {
    for (let round = 0; round < 5000 && failures < 300; round++) {
      await guest.write('/home/user/etc/file', bytes(`${round}`)).catch(failed);
      await guest.remove('/home/user/etc/file').catch(failed);
    }
  } finally {
    swapper.kill('SIGKILL');
  }
  expect(failures).toBeGreaterThan(0); // they did meet
  expect(readdirSync(join(around, 'outside/etc'))).toEqual(['file']);
  expect(readFileSync(join(around, 'outside/etc/file'), 'utf8')).toBe('of the preparing machine');
});
