import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findShortages, initrdsKeptElsewhere } from '../../src/apply/space.ts';
import type { GuestFiles } from '../../src/guest/guest.ts';
import type { GuestPath, Step } from '../../src/model.ts';
import { image, initrdStep, kernel, modules, openGuest, planOf } from './applied-guest.ts';
import { makeRoot } from './make-root.ts';

const mebibyte = 1024 * 1024;

/** A guest in which these folders are mount points of file systems with that many bytes free; the rest has room. */
function mounted(free: Readonly<Record<GuestPath, number>>, hardLinks = true) {
  const root = makeRoot();
  const { guest } = openGuest(root);
  const mountOf = (path: GuestPath) =>
    (Object.keys(free) as GuestPath[]).find((at) => at === '/' || path === at || path.startsWith(`${at}/`));
  const files: GuestFiles = {
    ...guest,
    stat: async (path) => {
      const stat = await guest.stat(path);
      const mount = mountOf(path);
      if (stat.is !== 'there' || mount === undefined) return stat;
      return { is: 'there', value: { ...stat.value, device: 1000 + Object.keys(free).indexOf(mount) } };
    },
    free: async (at) => ({ bytes: free[mountOf(at) ?? '/none'] ?? 1e12, inodes: Number.POSITIVE_INFINITY, hardLinks }),
  };
  return {
    root,
    image: (bytes: number, path: string = image) => truncateSync(join(root, path), bytes),
    file: (path: string, bytes: number, content = '') => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      if (bytes > 0) truncateSync(join(root, path), bytes);
    },
    elsewhere: async (steps: readonly Step[]) => [...(await initrdsKeptElsewhere(await planOf(guest, steps), files))],
    shortages: async (steps: readonly Step[]) => findShortages(await planOf(guest, steps), files),
  };
}

test('a new initrd lies beside the old one: /boot must hold a third more than the old one again', async () => {
  const { image: size, shortages } = mounted({ '/boot': 40 * mebibyte });
  size(29 * mebibyte);
  expect(await shortages([initrdStep])).toEqual([]);
  size(31 * mebibyte);
  expect(await shortages([initrdStep])).toEqual(['the file system of /boot needs 41 MiB and has 40 MiB free']);
});

test('an initrd for one machine that becomes a generic one grows to a share of the modules', async () => {
  const conf: GuestPath = '/etc/initramfs-tools/initramfs.conf';
  const { image: size, file, shortages } = mounted({ '/boot': 20 * mebibyte });
  size(6 * mebibyte);
  file(`${modules}/kernel/drivers/a.ko`, 200 * mebibyte);
  file(`${modules}/kernel/fs/b.ko.xz`, 10 * mebibyte);
  file(conf, 0, 'MODULES=dep\n');
  // As long as it stays an image for one machine, it stays as small.
  expect(await shortages([initrdStep])).toEqual([]);
  const widen: Step = {
    kind: 'write',
    path: conf,
    before: 'MODULES=dep\n',
    content: '# MODULES=dep\nMODULES=most\n',
    mode: 0o644,
  };
  const needs = ['the file system of /boot needs 27 MiB and has 20 MiB free'];
  expect(await shortages([widen, initrdStep])).toEqual(needs);
  // dracut is told to build a generic one, whatever its configuration says.
  expect(await shortages([{ ...initrdStep, build: ['/usr/bin/dracut', '--no-hostonly', '{out}', kernel] }])).toEqual(
    needs,
  );
  // A generic image shows by its size: what it held tells more than the modules do.
  size(14 * mebibyte);
  expect(await shortages([widen, initrdStep])).toEqual([]);
});

test('a generic image beside it, as a rescue kernel has, tells how large one becomes', async () => {
  const { image: size, file, shortages } = mounted({ '/boot': 40 * mebibyte });
  size(6 * mebibyte);
  file('/boot/initramfs-0-rescue-1234.img', 50 * mebibyte);
  expect(await shortages([initrdStep])).toEqual(['the file system of /boot needs 51 MiB and has 40 MiB free']);
});

describe('where a file cannot have two names, the old initrd is kept by a copy', () => {
  test('beside it, as long as it fits', async () => {
    const { image: size, shortages, elsewhere } = mounted({ '/boot': 48 * mebibyte, '/var': 140 * mebibyte }, false);
    size(20 * mebibyte);
    expect(await shortages([initrdStep])).toEqual([]);
    expect(await elsewhere([initrdStep])).toEqual([]);
  });

  test('in the folder of the run, where /boot has no room for it', async () => {
    const { image: size, shortages, elsewhere } = mounted({ '/boot': 40 * mebibyte, '/var': 160 * mebibyte }, false);
    size(20 * mebibyte);
    expect(await shortages([initrdStep])).toEqual([]);
    expect(await elsewhere([initrdStep])).toEqual([image]);
  });

  test('all of one file system together, and refused where they fit nowhere', async () => {
    const free = { '/boot': 60 * mebibyte, '/var': 160 * mebibyte };
    const { root, image: size, shortages, elsewhere } = mounted(free, false);
    const two = [initrdStep, { ...initrdStep, image: `${image}-2` } as const];
    size(20 * mebibyte);
    writeFileSync(join(root, `${image}-2`), '');
    size(20 * mebibyte, `${image}-2`);
    expect(await elsewhere(two)).toEqual([image, `${image}-2`]);
    expect(await shortages(two)).toEqual(['the file system of /var/lib needs 175 MiB and has 160 MiB free']);
  });

  test('nowhere else, where the state lies on the same file system or the new image alone is too large', async () => {
    const same = mounted({ '/': 150 * mebibyte }, false);
    same.image(20 * mebibyte);
    expect(await same.elsewhere([initrdStep])).toEqual([]);
    expect(await same.shortages([initrdStep])).toEqual([
      expect.stringMatching(/^the file system of \/\S* needs 18\d MiB/),
    ]);
    const small = mounted({ '/boot': 20 * mebibyte }, false);
    small.image(20 * mebibyte);
    expect(await small.shortages([initrdStep])).toEqual(['the file system of /boot needs 27 MiB and has 20 MiB free']);
  });
});

test('several initrds add up, and each old one stays', async () => {
  const { root, image: size, shortages } = mounted({ '/boot': 40 * mebibyte });
  size(20 * mebibyte);
  writeFileSync(join(root, `${image}-2`), '');
  size(20 * mebibyte, `${image}-2`);
  expect(await shortages([initrdStep])).toEqual([]);
  expect(await shortages([initrdStep, { ...initrdStep, image: `${image}-2` }])).toEqual([
    'the file system of /boot needs 54 MiB and has 40 MiB free',
  ]);
});

test('where there is no initrd yet, its neighbours tell, or else the size of a generic one', async () => {
  const { image: size, shortages } = mounted({ '/boot': 90 * mebibyte });
  size(60 * mebibyte);
  expect(await shortages([{ ...initrdStep, image: '/boot/initrd.img-7' }])).toEqual([]);
  const other: Step = { ...initrdStep, image: '/boot/grub/initrd.img-7' };
  expect(await shortages([other])).toEqual(['the file system of /boot/grub needs 100 MiB and has 90 MiB free']);
});

test('the unpacked tree needs room in the folder of the run, where the tools lay it out', async () => {
  const { image: size, shortages } = mounted({ '/var': 100 * mebibyte });
  size(20 * mebibyte);
  expect(await shortages([initrdStep])).toEqual(['the file system of /var/lib needs 135 MiB and has 100 MiB free']);
});

test('a file that is removed takes no room when it can be kept by a second name, and its own size when it cannot', async () => {
  const remove: Step = { kind: 'remove', path: '/etc/resume' };
  const beside = mounted({});
  beside.image(500 * mebibyte, '/etc/resume');
  expect(await beside.shortages([remove])).toEqual([]);
  const elsewhere = mounted({ '/var': 100 * mebibyte });
  elsewhere.image(500 * mebibyte, '/etc/resume');
  expect(await elsewhere.shortages([remove])).toEqual([
    'the file system of /var/lib needs 500 MiB and has 100 MiB free',
  ]);
});

test('what a program rewrites is kept, and may be as large again', async () => {
  const { image: size, shortages } = mounted({ '/etc': 15 * mebibyte, '/var': 15 * mebibyte });
  size(16 * mebibyte, '/etc/fstab');
  expect(await shortages([{ kind: 'run', argv: ['/bin/x'], rewrites: ['/etc/fstab'] }])).toEqual([
    'the file system of /var/lib needs 16 MiB and has 15 MiB free',
    'the file system of /etc needs 16 MiB and has 15 MiB free',
  ]);
});
