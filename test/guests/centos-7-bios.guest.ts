import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'CentOS 7.9 from VirtualBox (trap 23): host-only initrd, ifcfg with a hardware address, no serial console.',
  tree: {
    ...redhat({
      id: 'centos',
      name: 'CentOS Linux',
      version: '7.9',
      kernel: '3.10.0-1160.el7.x86_64',
      boot: 'grub2',
      line: 'crashkernel=auto spectre_v2=retpoline rhgb quiet',
      holds: ['ata_piix', 'xfs'],
      provisioner: 'waagent',
    }),
    '/etc/dracut.conf.d/azure.conf': '# nothing yet\n',
    '/etc/sysconfig/network-scripts/ifcfg-eth0':
      'TYPE=Ethernet\nBOOTPROTO=dhcp\nNAME=eth0\nDEVICE=eth0\nONBOOT=yes\nHWADDR=08:00:27:aa:bb:cc\nUUID=5f3f2d0f-0000-4000-8000-1234567890ab\n',
  },
  shows: ['initrd-hv-modules', 'kernel-cmdline-console', 'net-ifcfg-eth0'],
};
