import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 8 (trap 11): somebody followed the old advice and switched NetworkManager off: nothing brings the network up.',
  tree: (() => {
    const tree = redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '8.10',
      kernel: '4.18.0-553.el8_10.x86_64',
      boot: 'kernelopts',
    });
    const { '/etc/systemd/system/multi-user.target.wants/NetworkManager.service': _enabled, ...rest } = tree;
    return rest;
  })(),
  shows: ['net-service-enabled'],
};
