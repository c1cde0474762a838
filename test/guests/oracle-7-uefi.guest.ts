import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'Oracle Linux 7.9 with UEK on UEFI: the full menu lies on the ESP below EFI/redhat.',
  tree: redhat({
    id: 'ol',
    name: 'Oracle Linux Server',
    version: '7.9',
    kernel: '5.4.17-2136.300.7.el7uek.x86_64',
    boot: 'grub2',
    uefi: true,
    line: 'rhgb quiet',
    provisioner: 'waagent',
  }),
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-rhgb'],
};
