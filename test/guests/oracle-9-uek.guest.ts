import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'Oracle Linux 9.4 with UEK 7 on UEFI, from VirtualBox.',
  tree: redhat({
    id: 'ol',
    name: 'Oracle Linux Server',
    version: '9.4',
    like: 'fedora',
    kernel: '5.15.0-206.153.7.el9uek.x86_64',
    boot: 'bls',
    uefi: true,
    line: 'rhgb quiet',
    holds: ['ata_piix', 'xfs'],
  }),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'kernel-cmdline-console'],
};
