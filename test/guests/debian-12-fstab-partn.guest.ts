import { debian12 } from './debian.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about: 'Debian 12 (traps 20 and 45): the menu says root=/dev/sda1 and fstab names a by-id path that ends in -part1.',
  tree: {
    ...debian12,
    '/boot/grub/grub.cfg': String((debian12['/boot/grub/grub.cfg'] as { content: string }).content).replace(
      /root=UUID=\S+/,
      'root=/dev/sda1',
    ),
    '/etc/fstab':
      '/dev/disk/by-id/ata-QEMU_HARDDISK_QM00001-part1 / ext4 errors=remount-ro 0 1\n/dev/sdb1 /data ext4 defaults 0 2\n',
  },
  shows: ['root-by-persistent-id', 'fstab-sane'],
  left: ['root-by-persistent-id'],
};
