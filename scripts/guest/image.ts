import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeTree } from './cache.ts';
import { type GuestDevice, inGuest } from './in-guest.ts';
import { type MountSpace, withMountSpace } from './mount-space.ts';
import { must } from './run.ts';

/**
 * The disk of every test guest: an MBR, one ext4 root that begins at 1 MiB, and a swap partition behind it. Sizes in
 * MiB. The ids never change, so that a root unpacked from the cache and an image made from it fit each other.
 */
export const disk = {
  mebibytes: 1664,
  root: { start: 1, mebibytes: 1599, uuid: '6f9a2c54-9c0e-4d5b-8a1e-3f1f0c2d7b11' },
  swap: { start: 1600, mebibytes: 64, uuid: 'b7d3e6a0-41c8-4f7e-9d22-5a6e8c904f12' },
} as const;

const mebibyte = 1024 * 1024;

/**
 * Makes a raw disk image from a root folder; what is not data stays a hole. `bootArea` is the first MiB of an image that
 * `installBootLoader` has seen and whose grub folder the root has: with it the image boots, and nothing is mounted.
 */
export async function makeImage(root: string, image: string, bootArea?: string): Promise<void> {
  await rm(image, { force: true });
  await must(['truncate', '-s', `${disk.mebibytes}M`, image]);
  if (bootArea) await must(['dd', `if=${bootArea}`, `of=${image}`, 'bs=1M', 'count=1', 'conv=notrunc', 'status=none']);
  else await must(['sfdisk', '--quiet', '--label', 'dos', image], { input: partitionTable() });
  await must([
    ...(['mkfs.ext4', '-q', '-F', '-U', disk.root.uuid, '-E', `offset=${disk.root.start * mebibyte}`] as const),
    ...['-d', root, image, `${disk.root.mebibytes}M`],
  ]);
  await addSwap(image);
}

function partitionTable(): string {
  const { root, swap } = disk;
  return [
    `start=${root.start * 2048}, size=${root.mebibytes * 2048}, type=83, bootable`,
    `start=${swap.start * 2048}, size=${swap.mebibytes * 2048}, type=82`,
    '',
  ].join('\n');
}

/** mkswap knows no offset: the signature is made in a file of the same size, and its first page copied. */
async function addSwap(image: string): Promise<void> {
  const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-swap-'));
  try {
    const file = path.join(work, 'swap');
    await must(['truncate', '-s', `${disk.swap.mebibytes}M`, file]);
    await must(['mkswap', '-U', disk.swap.uuid, file]);
    const seek = `seek=${disk.swap.start * 256}`;
    await must(['dd', `if=${file}`, `of=${image}`, 'bs=4096', 'count=1', seek, 'conv=notrunc', 'status=none']);
  } finally {
    await removeTree(work);
  }
}

/** Reads the first MiB of an image: the MBR with its partition table, and GRUB's core image behind it. */
export async function saveBootArea(image: string, to: string): Promise<void> {
  const from = await open(image);
  try {
    const { buffer } = await from.read(Buffer.alloc(mebibyte), 0, mebibyte, 0);
    const into = await open(`${to}.new`, 'w');
    await into.writeFile(buffer);
    await into.close();
    await rename(`${to}.new`, to);
  } finally {
    await from.close();
  }
}

/** A mounted image: `root` inside `space`, and the same folder as this process can read it. */
export interface MountedImage {
  readonly space: MountSpace;
  readonly root: string;
  readonly seen: string;
}

/** Mounts the root of an image in a private mount name space, and unmounts it however `use` ends. */
export async function withMountedImage<T>(image: string, use: (mounted: MountedImage) => Promise<T>): Promise<T> {
  const root = await mkdtemp(path.join(tmpdir(), 'prep-guest-mount-'));
  try {
    return await withMountSpace(async (space) => {
      await space.must(['mount', '-o', `loop,offset=${disk.root.start * mebibyte}`, image, root]);
      try {
        return await use({ space, root, seen: space.seen(root) });
      } finally {
        await space.must(['umount', root]);
      }
    });
  } finally {
    await must(['rmdir', root]);
  }
}

/**
 * Lets the guest's own grub-install and update-grub work on the image, as they would on its disk, and gives what is in
 * /boot/grub then to `use`, with the mounted root. A loop device does not make partitions by itself here (`losetup -P`
 * needs the kernel's partition parsers): partx does.
 */
export async function installBootLoader<T>(image: string, use: (mounted: MountedImage) => Promise<T>): Promise<T> {
  const root = await mkdtemp(path.join(tmpdir(), 'prep-guest-mount-'));
  const loop = (await must(['losetup', '--find', '--show', image])).trim();
  try {
    await must(['partx', '--add', loop]);
    return await withMountSpace(async (space) => {
      await space.must(['mount', `${loop}p1`, root]);
      try {
        const devices = await loopDevices(loop);
        await inGuest(root, ['grub-install', '--target=i386-pc', '--no-floppy', loop], { space, devices });
        await inGuest(root, ['update-grub'], { space, devices });
        return await use({ space, root, seen: space.seen(root) });
      } finally {
        await space.must(['umount', root]);
      }
    });
  } finally {
    await must(['partx', '--delete', loop]).finally(() => must(['losetup', '--detach', loop]));
    await must(['rmdir', root]);
  }
}

async function loopDevices(loop: string): Promise<GuestDevice[]> {
  const listed = await must(['lsblk', '--noheadings', '--raw', '--output', 'NAME,MAJ:MIN', loop]);
  return listed
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', numbers = ''] = line.split(' ');
      const [major = 0, minor = 0] = numbers.split(':').map(Number);
      const device = { name, major, minor };
      return name.endsWith('p1') ? { ...device, uuid: disk.root.uuid } : device;
    });
}
