import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

export const guest: PhonyGuest = {
  about:
    'Ubuntu 26.04 with dracut, though /etc/initramfs-tools/modules is still there and names the drivers: nobody reads it.',
  tree: {
    ...ubuntu({
      version: '26.04',
      kernel: '7.0.0-14-generic',
      line: delayedLine,
      initrdTool: 'dracut',
      holds: ['virtio_blk', 'ext4'],
    }),
    '/etc/initramfs-tools/modules': 'hv_vmbus\nhv_storvsc\nhv_netvsc\n',
  },
  shows: ['initrd-hv-modules', 'initrd-persistent-config'],
};
