import type { Distro } from './distro.ts';

export const arch: Distro = {
  family: 'arch',
  ids: ['arch', 'archarm'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'walinuxagent', ssh: 'openssh', install: 'pacman -S' },
};
