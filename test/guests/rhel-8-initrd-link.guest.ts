import { initrdImage } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

const kernel = '4.18.0-477.10.1.el8_8.x86_64';

export const guest: PhonyGuest = {
  about:
    'RHEL 8 (trap 25): the initrd is a link to a file elsewhere in /boot, which is the one to read and to rebuild.',
  tree: {
    ...redhat({ id: 'rhel', name: 'Red Hat Enterprise Linux', version: '8.8', kernel, boot: 'kernelopts' }),
    [`/boot/initramfs-${kernel}.img`]: { link: `images/${kernel}.img` },
    [`/boot/images/${kernel}.img`]: initrdImage(kernel, ['virtio_blk', 'xfs']),
  },
  comesAnyway: ['sd_mod', 'hyperv_keyboard', 'hid_hyperv'],
  shows: ['initrd-hv-modules'],
};
