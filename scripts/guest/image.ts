import { mkdir, mkdtemp, open, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeTree } from './cache.ts';
import type { GuestDevice } from './in-guest.ts';
import {
  diskMebibytes,
  headersOf,
  type Layout,
  mebibytes,
  type PlacedVolume,
  partitionTable,
  rootOf,
  swapUuid,
  volumesOf,
} from './layout.ts';
import { type MountSpace, withMountSpace } from './mount-space.ts';
import { must } from './run.ts';

/**
 * Makes a raw disk image from a root folder; what is not data stays a hole. `headers` is a folder that `saveHeaders` has
 * filled from an image on which a boot loader was installed, whose files the root has: with it the image boots, and
 * nothing is mounted.
 */
export async function makeImage(root: string, image: string, layout: Layout, headers?: string): Promise<void> {
  await rm(image, { force: true });
  await must(['truncate', '-s', `${diskMebibytes(layout)}M`, image]);
  await must(['sfdisk', '--quiet', image], { input: partitionTable(layout) });
  for (const start of headers ? headersOf(layout) : [])
    await copyMebibyte(path.join(headers ?? '', `${start}.img`), 0, image, start);
  await withMountSpace(async (space) => {
    // Innermost first: what lies on a volume of its own is no part of the one around it.
    for (const volume of volumesOf(layout).reverse()) await fill(space, volume, root, image);
  });
  await addSwap(image, layout);
}

async function fill(space: MountSpace, volume: PlacedVolume, root: string, image: string): Promise<void> {
  const from = path.join(root, volume.at);
  const size = volume.sectors / 2;
  if (volume.fs === 'vfat') {
    const offset = ['--offset', `${volume.start}`];
    await space.must(['mkfs.vfat', '-F', '32', '-s', '1', '-i', volume.uuid, ...offset, image, `${size}`]);
    const drive = `${image}@@${volume.start * 512}`;
    await space.must(['sh', '-c', 'cd "$1" && mcopy -i "$2" -s -Q -m ./* ::', 'sh', from, drive]);
  } else {
    // GRUB legacy reads neither large blocks counts nor checksums: mkfs.ext3 makes none.
    const options = ['-q', '-F', '-U', volume.uuid, '-E', `offset=${volume.start * 512}`];
    await space.must([`mkfs.${volume.fs}`, ...options, '-d', from, image, `${size}k`]);
  }
  // Only this name space sees that the mount point is empty.
  if (volume.at !== '/') await space.must(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'none', from]);
}

/** mkswap knows no offset: the signature is made in a file of the same size, and its first page copied. */
async function addSwap(image: string, layout: Layout): Promise<void> {
  const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-swap-'));
  try {
    const file = path.join(work, 'swap');
    for (const { start, sectors } of layout.partitions.filter(({ holds }) => holds === 'swap')) {
      await must(['truncate', '-s', `${sectors * 512}`, file]);
      await must(['mkswap', '-U', swapUuid, file]);
      await copyMebibyte(file, 0, image, start);
    }
  } finally {
    await removeTree(work);
  }
}

/** Between two sectors of two files that are there. */
async function copyMebibyte(from: string, fromSector: number, to: string, toSector: number): Promise<void> {
  const size = mebibytes(1) * 512;
  const source = await open(from);
  try {
    const { buffer, bytesRead } = await source.read(Buffer.alloc(size), 0, size, fromSector * 512);
    if (bytesRead !== size) throw new Error(`${from} is too short`);
    const target = await open(to, 'r+');
    try {
      await target.write(buffer, 0, size, toSector * 512);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Keeps what of an image lies outside its file systems: the partition table, the boot loader behind it, LVM's headers. */
export async function saveHeaders(image: string, layout: Layout, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const start of headersOf(layout)) {
    const file = path.join(folder, `${start}.img`);
    await must(['truncate', '-s', '1M', `${file}.new`]);
    await copyMebibyte(image, start, `${file}.new`, 0);
    await rename(`${file}.new`, file);
  }
}

/** A mounted image: `root` inside `space`, and the same folder as this process can read it. */
export interface MountedImage {
  readonly space: MountSpace;
  readonly root: string;
  readonly seen: string;
}

/** Mounts the root of an image in a private mount name space, and unmounts it however `use` ends. */
export function withMountedImage<T>(
  image: string,
  layout: Layout,
  use: (mounted: MountedImage) => Promise<T>,
): Promise<T> {
  const offset = rootOf(layout).start * 512;
  return mounted((space, root) => space.must(['mount', '-o', `loop,offset=${offset}`, image, root]), use);
}

/** An image that is mounted as a disk: with what a boot loader's programs need of it. */
export interface MountedDisk extends MountedImage {
  /** `/dev/loop3`, inside the guest as well. */
  readonly disk: string;
  readonly devices: readonly GuestDevice[];
}

/**
 * Mounts the file systems of an image as those of a disk. The ESP is left out, since not every kernel that builds guests knows
 * vfat. A kernel without partition parsers finds no partitions on a loop device (`losetup -P`): partx does. A logical
 * volume is in one piece, so a partition without LVM's header stands for it where there is no device mapper.
 */
export function withMountedDisk<T>(
  image: string,
  layout: Layout,
  use: (mounted: MountedDisk) => Promise<T>,
): Promise<T> {
  const devices: GuestDevice[] = [];
  let disk = '';
  const mount = async (space: MountSpace, root: string) => {
    // With --partscan the kernel also forgets the partitions when the loop device is detached.
    disk = (await space.must(['losetup', '--find', '--partscan', '--show', image])).trim();
    try {
      devices.push(await deviceAt(disk));
      await space.must(['partx', '--update', disk]);
      for (const { at, fs, lvm, uuid, number, start, sectors } of volumesOf(layout)) {
        if (fs === 'vfat') continue;
        const device = `${disk}p${number}`;
        if (lvm) {
          await space.must(['delpart', disk, `${number}`]);
          await space.must(['addpart', disk, `${number}`, `${start}`, `${sectors}`]);
        }
        await space.must(['mount', device, path.join(root, at)]);
        devices.push({ ...(await deviceAt(device)), uuid });
      }
    } finally {
      // It is detached when the last one who holds it lets go: with the mounts, even if this process is killed before.
      await space.must(['losetup', '--detach', disk]);
    }
  };
  return mounted(mount, (place) => use({ ...place, disk, devices }));
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
        await space.must(['umount', '--recursive', root]);
      }
    });
  } finally {
    await rmdir(root);
  }
}

async function deviceAt(device: string): Promise<GuestDevice> {
  const numbers = (await must(['lsblk', '--noheadings', '--nodeps', '--output', 'MAJ:MIN', device])).trim();
  const [major = 0, minor = 0] = numbers.split(':').map(Number);
  return { name: path.basename(device), major, minor };
}
