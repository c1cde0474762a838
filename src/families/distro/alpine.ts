import { plainAgent } from './agent-habits.ts';
import { alpineBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainSeal } from './seal-habits.ts';

export const alpine: Distro = {
  family: 'alpine',
  ids: ['alpine'],
  edits: false,
  boot: alpineBoot,
  agent: plainAgent,
  packages: { agent: 'walinuxagent', ssh: 'openssh', install: 'apk add' },
  seal: plainSeal,
};
