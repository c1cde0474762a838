import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'Fedora Silverblue: an ostree system, whose files come from its image; inspected, and the plan is refused.',
  tree: {
    ...redhat({
      id: 'fedora',
      name: 'Fedora Linux',
      version: '41.20250101.0',
      kernel: '6.11.4-301.fc41.x86_64',
      boot: 'bls',
      uefi: true,
      line: 'rhgb quiet',
    }),
    '/ostree/repo/config': '[core]\nrepo_version=1\n',
    '/sysroot': { folder: true },
    '/usr/lib/ostree-boot': { folder: true },
  },
  shows: ['kernel-cmdline-console'],
};
