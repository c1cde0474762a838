/**
 * How the disks of the test guests are divided. Ids never change, so that a root unpacked from the cache and an image made
 * from it fit each other. Sizes are in sectors of 512 bytes unless they are called MiB.
 */
export interface Partition {
  readonly start: number;
  readonly sectors: number;
  /** As sfdisk knows it: a number, a letter or a GUID. */
  readonly type: string;
  /** On GPT, so that the table is the same whenever it is written. */
  readonly id?: string;
  readonly holds: Volume | 'swap' | 'boot-loader';
}

/** A file system of the guest. */
export interface Volume {
  readonly at: '/' | '/boot' | '/boot/efi';
  readonly fs: 'ext3' | 'ext4' | 'vfat';
  /** vfat: eight hexadecimal digits. */
  readonly uuid: string;
  /** The logical volume that it lies on, the only one of its group, in one piece. */
  readonly lvm?: { readonly group: string; readonly name: string };
}

export interface Layout {
  readonly label: 'dos' | 'gpt';
  readonly partitions: readonly Partition[];
}

export const swapUuid = 'b7d3e6a0-41c8-4f7e-9d22-5a6e8c904f12';
const rootUuid = '6f9a2c54-9c0e-4d5b-8a1e-3f1f0c2d7b11';
const bootUuid = '2c1d7a90-5f64-4b0e-8a3c-71d5e20b9f08';

/** LVM keeps the first MiB of a physical volume for itself, and deals out the rest in extents of 4 MiB. */
const lvmHeader = mebibytes(1);

export function mebibytes(count: number): number {
  return count * 2048;
}

function partition(start: number, size: number, rest: Omit<Partition, 'start' | 'sectors'>): Partition {
  return { start: mebibytes(start), sectors: mebibytes(size), ...rest };
}

function swapAt(start: number, type: string): Partition {
  return partition(start, 64, { type, id: '3D0C5F7A-8E7B-4A37-9C51-0A5B6D1E2F43', holds: 'swap' });
}

function mbr(fs: 'ext3' | 'ext4'): Layout {
  const root = partition(1, 1599, { type: '83', holds: { at: '/', fs, uuid: rootUuid } });
  return { label: 'dos', partitions: [root, swapAt(1600, '82')] };
}

const linuxData = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';
const linuxSwap = '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F';

export const layouts = {
  /** What an installer makes on a BIOS: one root, and swap behind it. */
  mbr: mbr('ext4'),
  /** For GRUB legacy, which knows no younger ext. */
  'mbr-ext3': mbr('ext3'),
  /** What an installer makes on UEFI. */
  esp: {
    label: 'gpt',
    partitions: [
      partition(1, 256, {
        type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
        id: 'F0A1C2D3-4B5E-4F60-9182-93A4B5C6D7E8',
        holds: { at: '/boot/efi', fs: 'vfat', uuid: '5A3C9E10' },
      }),
      partition(257, 1599, {
        type: linuxData,
        id: '1B2C3D4E-5F60-4718-8293-A4B5C6D7E8F9',
        holds: { at: '/', fs: 'ext4', uuid: rootUuid },
      }),
      swapAt(1856, linuxSwap),
    ],
  },
  /** What an installer makes on a BIOS when it is asked for LVM; GRUB's core image has a partition of its own. */
  lvm: {
    label: 'gpt',
    partitions: [
      {
        start: 34,
        sectors: 2014,
        type: '21686148-6449-6E6F-744E-656564454649',
        id: '0E9D8C7B-6A59-4847-B635-241302F1E0DF',
        holds: 'boot-loader',
      },
      partition(1, 256, {
        type: linuxData,
        id: '7C6B5A49-3827-4615-A4F3-E2D1C0BFAE9D',
        holds: { at: '/boot', fs: 'ext4', uuid: bootUuid },
      }),
      partition(257, 1601, {
        type: 'E6D6D379-F507-44C2-A23C-238F2A3DF928',
        id: '8D7C6B5A-4938-4726-95A4-B3C2D1E0F9AE',
        holds: { at: '/', fs: 'ext4', uuid: rootUuid, lvm: { group: 'guest', name: 'root' } },
      }),
      swapAt(1858, linuxSwap),
    ],
  },
} as const satisfies Record<string, Layout>;

export type LayoutName = keyof typeof layouts;

/** A file system with its place on the disk, in sectors. */
export interface PlacedVolume extends Volume {
  /** Of its partition, from 1. */
  readonly number: number;
  readonly start: number;
  readonly sectors: number;
}

/** The file systems, the root first: the order in which they are mounted. */
export function volumesOf(layout: Layout): PlacedVolume[] {
  return layout.partitions
    .flatMap(({ holds, start, sectors }, index): PlacedVolume[] => {
      if (typeof holds === 'string') return [];
      const number = index + 1;
      if (!holds.lvm) return [{ ...holds, number, start, sectors }];
      return [{ ...holds, number, start: start + lvmHeader, sectors: sectors - lvmHeader }];
    })
    .sort((one, other) => one.at.length - other.at.length);
}

/** First sectors of the MiBs that are no file system and must be as they were: the disk's first one, and LVM's headers. */
export function headersOf(layout: Layout): number[] {
  const physical = layout.partitions.filter(({ holds }) => typeof holds !== 'string' && holds.lvm);
  return [0, ...physical.map(({ start }) => start)];
}

/** MiB of the whole disk: GPT keeps its second table behind the last partition. */
export function diskMebibytes(layout: Layout): number {
  const end = Math.max(...layout.partitions.map(({ start, sectors }) => start + sectors));
  return end / mebibytes(1) + (layout.label === 'gpt' ? 1 : 0);
}

/** The lines that sfdisk reads. */
export function partitionTable(layout: Layout): string {
  const head = layout.label === 'gpt' ? ['label-id: 4A5B6C7D-8E9F-4012-A3B4-C5D6E7F80912', 'first-lba: 34'] : [];
  const rows = layout.partitions.map(({ start, sectors, type, id, holds }) => {
    const place = `start=${start}, size=${sectors}, type=${type}`;
    if (layout.label === 'gpt') return `${place}, uuid=${id}`;
    return typeof holds === 'string' ? place : `${place}, bootable`;
  });
  return [`label: ${layout.label}`, ...head, ...rows, ''].join('\n');
}

/** How fstab and the kernel line name a file system. */
export function nameOf(volume: Volume): string {
  if (volume.lvm) return `/dev/mapper/${volume.lvm.group}-${volume.lvm.name}`;
  return `UUID=${volume.fs === 'vfat' ? volume.uuid.replace(/^(....)/, '$1-') : volume.uuid}`;
}

export function rootOf(layout: Layout): PlacedVolume {
  const root = volumesOf(layout).find(({ at }) => at === '/');
  if (!root) throw new Error('a disk without a root');
  return root;
}

/** What the disk boots on. */
export function firmwareOf(layout: Layout): 'bios' | 'uefi' {
  return volumesOf(layout).some(({ at }) => at === '/boot/efi') ? 'uefi' : 'bios';
}
