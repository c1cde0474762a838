import { plainAgent } from './agent-habits.ts';
import { azurelinuxBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainSeal } from './seal-habits.ts';

export const azurelinux: Distro = {
  family: 'azurelinux',
  ids: ['azurelinux', 'mariner'],
  edits: false,
  boot: azurelinuxBoot,
  agent: plainAgent,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'tdnf install' },
  seal: plainSeal,
};
