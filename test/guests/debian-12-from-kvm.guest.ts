import { debian12 } from './debian.ts';
import { grubCfg, kernel } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const version = '6.1.0-32-amd64';

export const guest: PhonyGuest = {
  about: 'Debian 12 as virt-install leaves it: MODULES=dep, a quiet line without serial console, swap on the OS disk.',
  tree: {
    ...debian12,
    ...kernel({ version, suffix: '.ko', initrd: `/boot/initrd.img-${version}`, holds: ['virtio_blk', 'ext4'] }),
    '/etc/initramfs-tools/initramfs.conf': 'MODULES=dep\nBUSYBOX=auto\n',
    '/boot/grub/grub.cfg': grubCfg([
      {
        title: 'Debian GNU/Linux',
        linux: `/boot/vmlinuz-${version}`,
        args: 'quiet',
        initrd: `/boot/initrd.img-${version}`,
      },
    ]),
    '/etc/default/grub': 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
    '/etc/fstab': '/dev/vda1 / ext4 defaults 0 1\nUUID=9d1c8f7e-1111-4222-8333-444455556666 none swap sw 0 0\n',
    '/etc/udev/rules.d/70-persistent-net.rules': 'SUBSYSTEM=="net", ATTR{address}=="52:54:00:12:34:56", NAME="eth0"\n',
  },
  comesAnyway: ['hv_vmbus', 'hv_storvsc', 'hv_netvsc', 'sd_mod', 'hyperv_keyboard', 'hid_hyperv'],
  shows: [
    'initrd-hv-modules',
    'kernel-cmdline-console',
    'kernel-cmdline-no-quiet',
    'swap-none-on-os-disk',
    'udev-no-persistent-net',
  ],
  left: [],
};
