import type { Distro } from './distro.ts';

export const azurelinux: Distro = {
  family: 'azurelinux',
  ids: ['azurelinux', 'mariner'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'tdnf install' },
};
