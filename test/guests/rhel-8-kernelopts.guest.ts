import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 8.9 on UEFI: the line is `$kernelopts` in a grubenv of 1,024 bytes on the ESP, with crashkernel=auto and rhgb quiet.',
  tree: redhat({
    id: 'rhel',
    name: 'Red Hat Enterprise Linux',
    version: '8.9',
    kernel: '4.18.0-513.5.1.el8_9.x86_64',
    boot: 'kernelopts',
    uefi: true,
    line: 'crashkernel=auto rhgb quiet',
  }),
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-crashkernel-auto', 'kernel-cmdline-no-rhgb'],
};
