import type { PhonyGuest } from './phony.ts';
import { suse } from './suse.ts';

export const guest: PhonyGuest = {
  about: 'SLES 15 SP6 with wicked, prepared as the article says.',
  tree: suse({ id: 'sles', name: 'SLES', version: '15.6', kernel: '6.4.0-150600.23.25-default', uefi: true }),
  shows: [],
};
