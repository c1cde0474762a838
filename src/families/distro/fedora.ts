import type { Distro } from './distro.ts';

export const fedora: Distro = {
  family: 'fedora',
  ids: ['fedora'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'dnf install' },
};
