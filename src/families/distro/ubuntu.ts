import { debianAgent } from './agent-habits.ts';
import { debianBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { ubuntuSeal } from './seal-habits.ts';

export const ubuntu: Distro = {
  family: 'ubuntu',
  ids: ['ubuntu', 'linuxmint', 'pop'],
  edits: true,
  boot: debianBoot,
  agent: debianAgent,
  packages: { agent: 'walinuxagent', ssh: 'openssh-server', install: 'apt-get install' },
  seal: ubuntuSeal,
};
