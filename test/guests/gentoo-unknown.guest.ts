import { debian12 } from './debian.ts';
import { osRelease } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about: 'A distribution that the program does not know: inspected, never edited.',
  tree: {
    ...debian12,
    ...osRelease({ ID: 'gentoo', PRETTY_NAME: 'Gentoo Linux' }),
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\n',
  },
  shows: [],
};
