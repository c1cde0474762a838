import { debian12 } from './debian.ts';
import { bzImage } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (trap 33): copies of kernels and images that somebody kept in /boot are neither kernels nor in the way.',
  tree: {
    ...debian12,
    '/boot/vmlinuz-6.1.0-32-amd64.bak': bzImage('6.1.0-32-amd64'),
    '/boot/initrd.img-6.1.0-32-amd64.bak': 'an older image',
    '/boot/initrd.img-6.1.0-32-amd64.old-dkms': 'another',
    '/boot/vmlinuz-6.1.0-32-amd64.dpkg-bak': bzImage('6.1.0-32-amd64'),
  },
  shows: [],
};
