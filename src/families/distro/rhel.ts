import type { Distro } from './distro.ts';

export const rhel: Distro = {
  family: 'rhel',
  ids: ['rhel', 'centos', 'almalinux', 'rocky', 'redhat', 'scientific'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'yum install' },
};
