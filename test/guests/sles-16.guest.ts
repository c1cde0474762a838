import type { PhonyGuest } from './phony.ts';
import { suse } from './suse.ts';

export const guest: PhonyGuest = {
  about: 'SLES 16 with NetworkManager, from KVM: a host-only initrd and a quiet line.',
  tree: suse({
    id: 'sles',
    name: 'SUSE Linux Enterprise Server',
    version: '16.0',
    kernel: '6.12.0-160000.5-default',
    uefi: true,
    line: 'splash=silent quiet',
    holds: ['virtio_blk', 'ext4'],
  }),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'kernel-cmdline-console', 'kernel-cmdline-no-quiet'],
};
