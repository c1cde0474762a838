import { delayedLine, rootUuid } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 9.4 (traps 36 and 37): somebody edited /etc/default/grub and ran grub2-mkconfig, which from 9.3 on leaves the entries as they were.',
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '9.4',
      kernel: '5.14.0-427.13.1.el9_4.x86_64',
      boot: 'bls',
      line: 'rhgb quiet',
    }),
    '/etc/default/grub': `GRUB_TIMEOUT=10\nGRUB_DEFAULT=saved\nGRUB_TERMINAL="serial console"\nGRUB_SERIAL_COMMAND="serial --speed=115200"\nGRUB_CMDLINE_LINUX="${delayedLine} net.ifnames=0"\nGRUB_ENABLE_BLSCFG=true\n`,
    '/etc/kernel/cmdline': `root=UUID=${rootUuid} ro rhgb quiet\n`,
  },
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-rhgb'],
};
