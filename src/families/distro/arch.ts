import { plainAgent } from './agent-habits.ts';
import { archBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainSeal } from './seal-habits.ts';

export const arch: Distro = {
  family: 'arch',
  ids: ['arch', 'archarm'],
  edits: false,
  boot: archBoot,
  agent: plainAgent,
  packages: { agent: 'walinuxagent', ssh: 'openssh', install: 'pacman -S' },
  seal: plainSeal,
};
