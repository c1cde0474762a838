import path from 'node:path';
import { inGuest } from './in-guest.ts';
import { type Layout, volumesOf } from './layout.ts';
import { withMountSpace } from './mount-space.ts';

/** No device mapper, no udev, and nothing kept in the guest of how it was made. */
const config = [
  'activation { udev_sync=0 udev_rules=0 }',
  'backup { backup=0 archive=0 }',
  'devices { use_devicesfile=0 }',
].join(' ');

/**
 * Writes LVM's headers in front of the file systems of an image, with the guest's own programs: groups of one volume, which is
 * never activated here. The file system behind the header stays as it is.
 */
export async function makeVolumeGroups(root: string, image: string, layout: Layout): Promise<void> {
  for (const volume of volumesOf(layout)) {
    if (!volume.lvm) continue;
    const { start, sectors } = layout.partitions[volume.number - 1] ?? volume;
    const { group, name } = volume.lvm;
    await withMountSpace(async (space) => {
      const place = ['--offset', `${start * 512}`, '--sizelimit', `${sectors * 512}`];
      const loop = (await space.must(['losetup', '--find', '--show', ...place, image])).trim();
      try {
        const numbers = (await space.must(['lsblk', '--noheadings', '--nodeps', '--output', 'MAJ:MIN', loop])).trim();
        const [major = 0, minor = 0] = numbers.split(':').map(Number);
        const devices = [{ name: path.basename(loop), major, minor }];
        const lvm = (...words: string[]) =>
          inGuest(root, ['lvm', ...words, '--driverloaded', 'n', '--config', config], { devices });
        await lvm('pvcreate', '--zero', 'y', loop);
        await lvm('vgcreate', group, loop);
        const unseen = ['--activate', 'n', '--zero', 'n', '--wipesignatures', 'n'];
        await lvm('lvcreate', ...unseen, '--extents', '100%FREE', '--name', name, group);
      } finally {
        await space.must(['losetup', '--detach', loop]);
      }
    });
  }
}
