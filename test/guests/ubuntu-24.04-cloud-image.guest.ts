import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

export const guest: PhonyGuest = {
  about: "Ubuntu 24.04 cloud image: grub.d/50-cloudimg-settings.cfg has the last word, and its line is Canonical's.",
  tree: ubuntu({ version: '24.04', kernel: '6.8.0-51-generic', line: 'console=tty1 console=ttyS0', cloudImage: true }),
  shows: ['kernel-cmdline-earlyprintk'],
};
