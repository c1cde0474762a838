import { debian12 } from './debian.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about: 'Debian 12 with everything as it should be: nothing is found, nothing is planned.',
  tree: debian12,
  shows: [],
};
