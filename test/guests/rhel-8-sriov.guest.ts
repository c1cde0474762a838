import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 8 (trap 50): NetworkManager would take the virtual function of accelerated networking for a card of its own.',
  tree: (() => {
    const tree = redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '8.8',
      kernel: '4.18.0-477.10.1.el8_8.x86_64',
      boot: 'kernelopts',
    });
    const {
      '/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules': _rule,
      '/etc/NetworkManager/conf.d/99-azure-unmanaged-devices.conf': _conf,
      ...rest
    } = tree;
    return rest;
  })(),
  shows: ['net-sriov-unmanaged'],
};
