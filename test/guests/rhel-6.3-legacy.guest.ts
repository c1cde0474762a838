import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'RHEL 6.3: GRUB legacy, a kernel that needs numa=off and the LIS package, NetworkManager beside the agent.',
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux Server',
      version: '6.3',
      kernel: '2.6.32-279.el6.x86_64',
      boot: 'legacy',
      line: 'rd_NO_LUKS LANG=en_US.UTF-8 crashkernel=auto rhgb quiet',
      holds: ['virtio_blk', 'ext4'],
      provisioner: 'waagent',
      packages: ['NetworkManager-0.8.1-34.el6'],
      lacks: [
        'hv_vmbus',
        'hv_storvsc',
        'hv_netvsc',
        'hv_utils',
        'hv_balloon',
        'hyperv_keyboard',
        'hid_hyperv',
        'hyperv_drm',
        'pci_hyperv',
      ],
    }),
    '/usr/sbin/NetworkManager': 'NetworkManager',
    '/etc/rc.d/init.d/NetworkManager': { content: '#!/bin/sh\n# chkconfig: 345 23 84\n', mode: 0o755 },
    '/etc/rc.d/rc3.d/S23NetworkManager': { link: '../init.d/NetworkManager' },
    '/etc/dracut.conf.d/azure.conf': '# nothing yet\n',
  },
  shows: [
    'kernel-cmdline-numa-off',
    'kernel-cmdline-console',
    'lis-package-rhel6',
    'networkmanager-conflict',
    'initrd-hv-modules',
  ],
  left: ['kernel-hyperv-drivers', 'initrd-hv-modules', 'lis-package-rhel6', 'networkmanager-conflict'],
};
