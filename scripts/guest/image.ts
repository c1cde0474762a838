import { mkdtemp, open, rename, rm, rmdir } from 'node:fs/promises';
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
export function withMountedImage<T>(image: string, use: (mounted: MountedImage) => Promise<T>): Promise<T> {
  return mounted(
    (space, root) => space.must(['mount', '-o', `loop,offset=${disk.root.start * mebibyte}`, image, root]),
    use,
  );
}

/**
 * Lets the guest's own grub-install and update-grub work on the image as they would on its disk, and hands the mounted
 * root to `use`. A kernel without partition parsers finds no partitions on a loop device (`losetup -P`): partx does.
 */
export async function installBootLoader<T>(image: string, use: (mounted: MountedImage) => Promise<T>): Promise<T> {
  let loop = '';
  const mount = async (space: MountSpace, root: string) => {
    loop = (await space.must(['losetup', '--find', '--partscan', '--show', image])).trim();
    await space.must(['partx', '--update', loop]);
    await space.must(['mount', `${loop}p1`, root]);
    // It is detached when the last one who holds it lets go: with the mount, even if this process is killed before.
    await space.must(['losetup', '--detach', loop]);
  };
  return mounted(mount, async (place) => {
    const { space, root } = place;
    const devices = await loopDevices(loop);
    await inGuest(root, ['grub-install', '--target=i386-pc', '--no-floppy', loop], { space, devices });
    await inGuest(root, ['update-grub'], { space, devices });
    return use(place);
  });
}

async function mounted<T>(
  mount: (space: MountSpace, root: string) => Promise<unknown>,
  use: (mounted: MountedImage) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(path.join(tmpdir(), 'prep-guest-mount-'));
  try {
    return await withMountSpace(async (space) => {
      await mount(space, root);
      try {
        return await use({ space, root, seen: space.seen(root) });
      } finally {
        await space.must(['umount', root]);
      }
    });
  } finally {
    await rmdir(root);
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
