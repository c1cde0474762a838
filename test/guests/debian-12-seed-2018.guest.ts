import { debian12 } from './debian.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about: 'Debian 12, judged by the article of 2018 to the letter: rootdelay=300 is asked for.',
  tree: { ...debian12, '/usr/share/initramfs-tools/init': 'if [ -n "$ROOTDELAY" ]; then sleep "$ROOTDELAY"; fi\n' },
  policy: { profile: 'seed-2018' },
  shows: ['kernel-cmdline-rootdelay'],
};
