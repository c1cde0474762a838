import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'RHEL 10.0 on UEFI, from KVM: the line lies in the entry and in /etc/kernel/cmdline.',
  tree: redhat({
    id: 'rhel',
    name: 'Red Hat Enterprise Linux',
    version: '10.0',
    kernel: '6.12.0-55.9.1.el10_0.x86_64',
    boot: 'bls',
    uefi: true,
    line: 'crashkernel=2G-64G:256M,64G-:512M rhgb quiet',
    holds: ['virtio_blk', 'xfs'],
  }),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'kernel-cmdline-console', 'kernel-cmdline-no-rhgb'],
};
