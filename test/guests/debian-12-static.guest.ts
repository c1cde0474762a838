import { debian12 } from './debian.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about: 'Debian 12 with a static address, given up by name: --allow static-network.',
  tree: {
    ...debian12,
    '/etc/network/interfaces':
      'auto lo\niface lo inet loopback\n\n# the office\nallow-hotplug eth0\niface eth0 inet static\n    address 192.0.2.10/24\n    gateway 192.0.2.1\n',
  },
  policy: { allow: ['static-network'] },
  shows: ['net-no-static-config'],
};
