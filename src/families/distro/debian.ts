import { debianAgent } from './agent-habits.ts';
import { debianBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { debianSeal } from './seal-habits.ts';

export const debian: Distro = {
  family: 'debian',
  ids: ['debian', 'raspbian', 'devuan', 'kali'],
  edits: true,
  boot: debianBoot,
  agent: debianAgent,
  packages: { agent: 'waagent', ssh: 'openssh-server', install: 'apt-get install' },
  seal: debianSeal,
};
