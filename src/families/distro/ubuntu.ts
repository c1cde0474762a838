import type { Distro } from './distro.ts';

export const ubuntu: Distro = {
  family: 'ubuntu',
  ids: ['ubuntu', 'linuxmint', 'pop'],
  edits: true,
  grubDropIns: '/etc/default/grub.d',
  packages: { agent: 'walinuxagent', ssh: 'openssh-server', install: 'apt-get install' },
};
