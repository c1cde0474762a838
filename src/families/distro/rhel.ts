import { rhelAgent } from './agent-habits.ts';
import { redhatBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { rhelSeal } from './seal-habits.ts';

export const rhel: Distro = {
  family: 'rhel',
  ids: ['rhel', 'centos', 'almalinux', 'rocky', 'redhat', 'scientific'],
  edits: false,
  boot: redhatBoot,
  agent: rhelAgent,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'yum install' },
  seal: rhelSeal,
};
