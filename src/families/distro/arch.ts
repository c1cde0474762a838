import { plainAgent } from './agent-habits.ts';
import { archBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';

export const arch: Distro = {
  family: 'arch',
  ids: ['arch', 'archarm'],
  edits: false,
  boot: archBoot,
  agent: plainAgent,
  packages: { agent: 'walinuxagent', ssh: 'openssh', install: 'pacman -S' },
};
