import type { PhonyGuest } from './phony.ts';
import { alpine } from './small.ts';

export const guest: PhonyGuest = {
  about: 'Alpine 3.20 with extlinux and OpenRC: no feature of mkinitfs brings hv_vmbus.',
  tree: alpine('quiet rootfstype=ext4', 'base ext4 virtio', ['virtio_blk', 'ext4']),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'initrd-persistent-config', 'kernel-cmdline-console'],
};
