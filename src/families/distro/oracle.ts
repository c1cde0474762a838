import type { Distro } from './distro.ts';

export const oracle: Distro = {
  family: 'oracle',
  ids: ['ol', 'oracle'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'yum install' },
};
