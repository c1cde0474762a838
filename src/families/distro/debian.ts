import { debianAgent } from './agent-habits.ts';
import { debianBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';

export const debian: Distro = {
  family: 'debian',
  ids: ['debian', 'raspbian', 'devuan', 'kali'],
  edits: true,
  boot: debianBoot,
  agent: debianAgent,
  packages: { agent: 'waagent', ssh: 'openssh-server', install: 'apt-get install' },
};
