import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'CentOS 7 from VMware (trap 60): the only profile is ifcfg-ens33; net.ifnames=0 alone would leave the card without one.',
  tree: (() => {
    const tree = redhat({
      id: 'centos',
      name: 'CentOS Linux',
      version: '7.9',
      kernel: '3.10.0-1160.el7.x86_64',
      boot: 'grub2',
      line: delayedLine,
      provisioner: 'waagent',
    });
    const { '/etc/sysconfig/network-scripts/ifcfg-eth0': _eth0, ...rest } = tree;
    return {
      ...rest,
      '/etc/sysconfig/network-scripts/ifcfg-ens33':
        'TYPE=Ethernet\nBOOTPROTO=dhcp\nDEFROUTE=yes\nNAME=ens33\nUUID=0f1e2d3c-0000-4000-8000-aabbccddeeff\nDEVICE=ens33\nONBOOT=yes\n',
    };
  })(),
  shows: ['net-ifcfg-eth0', 'kernel-cmdline-net-ifnames'],
};
