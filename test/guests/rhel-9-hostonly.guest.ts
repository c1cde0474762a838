import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 9.2 from KVM (trap 23): a host-only initrd without Hyper-V drivers, and nothing that would add them next time.',
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '9.2',
      kernel: '5.14.0-284.11.1.el9_2.x86_64',
      boot: 'bls',
      uefi: true,
      line: 'crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M rhgb quiet',
      holds: ['virtio_blk', 'xfs'],
    }),
    '/etc/dracut.conf.d/azure.conf': '# nothing yet\n',
  },
  shows: [
    'initrd-hv-modules',
    'initrd-persistent-config',
    'kernel-cmdline-console',
    'kernel-cmdline-no-rhgb',
    'kernel-cmdline-no-quiet',
  ],
};
