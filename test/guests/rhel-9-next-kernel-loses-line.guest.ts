import { rootUuid } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 9.4 (trap 38): grubby changed the entries; /etc/kernel/cmdline and /etc/default/grub still say what was, so the next kernel loses it.',
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '9.4',
      kernel: '5.14.0-427.13.1.el9_4.x86_64',
      boot: 'bls',
      uefi: true,
    }),
    '/etc/kernel/cmdline': `root=UUID=${rootUuid} ro crashkernel=1G-4G:192M quiet\n`,
    '/etc/default/grub':
      'GRUB_TIMEOUT=10\nGRUB_DEFAULT=saved\nGRUB_TERMINAL="serial console"\nGRUB_SERIAL_COMMAND="serial --speed=115200"\nGRUB_CMDLINE_LINUX="crashkernel=1G-4G:192M quiet"\nGRUB_ENABLE_BLSCFG=true\n',
  },
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-quiet'],
};
