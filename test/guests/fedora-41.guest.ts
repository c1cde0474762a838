import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'Fedora 41 Server on UEFI, from KVM: only the kernel line and the initrd are not as they should be.',
  tree: redhat({
    id: 'fedora',
    name: 'Fedora Linux',
    version: '41',
    kernel: '6.11.4-301.fc41.x86_64',
    boot: 'bls',
    uefi: true,
    line: 'rhgb quiet',
    holds: ['virtio_blk', 'xfs'],
  }),
  shows: ['kernel-cmdline-console', 'initrd-hv-modules'],
};
