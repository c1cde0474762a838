import type { PhonyGuest } from './phony.ts';
import { sles11 } from './suse.ts';

export const guest: PhonyGuest = {
  about: 'SLES 11 SP4: GRUB legacy with a failsafe entry, INITRD_MODULES without the Hyper-V drivers, SysV init.',
  tree: sles11('3.0.101-63-default', 'splash=silent quiet showopts', 'virtio_pci virtio_blk', ['virtio_blk', 'ext4']),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'initrd-persistent-config', 'kernel-cmdline-console'],
};
