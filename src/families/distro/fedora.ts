import { plainAgent } from './agent-habits.ts';
import { fedoraBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainSeal } from './seal-habits.ts';

export const fedora: Distro = {
  family: 'fedora',
  ids: ['fedora'],
  edits: false,
  boot: fedoraBoot,
  agent: plainAgent,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'dnf install' },
  seal: plainSeal,
};
