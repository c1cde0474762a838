import { hyperv, initrdImage } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

const kernel = '3.10.0-1160.el7.x86_64';

export const guest: PhonyGuest = {
  about: 'CentOS 7 (trap 26): its initrd was built in a chroot on a loop device, and asks for that device as root.',
  tree: {
    ...redhat({ id: 'centos', name: 'CentOS Linux', version: '7.9', kernel, boot: 'grub2', provisioner: 'waagent' }),
    [`/boot/initramfs-${kernel}.img`]: initrdImage(kernel, [...hyperv, 'hyperv_keyboard', 'hid_hyperv'], {
      'etc/cmdline.d/95root-dev.conf': 'root=/dev/loop0p1 rootfstype=xfs\n',
    }),
  },
  comesAnyway: ['sd_mod', 'hyperv_keyboard', 'hid_hyperv'],
  shows: ['initrd-hv-modules'],
};
