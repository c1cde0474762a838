import { debian12 } from './debian.ts';
import { kernel } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const version = '6.1.0-32-amd64';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (trap 31): a list from an old page in /etc/initramfs-tools/modules: hv_blkvsc does not exist, and a comment stands behind a name.',
  tree: {
    ...debian12,
    ...kernel({ version, suffix: '.ko', initrd: `/boot/initrd.img-${version}`, holds: ['virtio_blk'] }),
    '/etc/initramfs-tools/initramfs.conf': 'MODULES=dep\n',
    '/etc/initramfs-tools/modules': 'hv_blkvsc\nhv_vmbus # the bus\n  # hv_storvsc\n',
  },
  comesAnyway: ['hyperv_keyboard', 'hid_hyperv', 'sd_mod'],
  shows: ['initrd-hv-modules', 'initrd-persistent-config'],
};
