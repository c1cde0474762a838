import type { Distro } from './distro.ts';

export const debian: Distro = {
  family: 'debian',
  ids: ['debian', 'raspbian', 'devuan', 'kali'],
  edits: true,
  grubDropIns: '/etc/default/grub.d',
  packages: { agent: 'waagent', ssh: 'openssh-server', install: 'apt-get install' },
};
