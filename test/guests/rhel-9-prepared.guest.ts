import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'RHEL 9.4 on UEFI with cloud-init, prepared as the article says: nothing is found, nothing is planned.',
  tree: redhat({
    id: 'rhel',
    name: 'Red Hat Enterprise Linux',
    version: '9.4',
    kernel: '5.14.0-427.13.1.el9_4.x86_64',
    boot: 'bls',
    uefi: true,
  }),
  shows: [],
};
