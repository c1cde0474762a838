import { oracleAgent } from './agent-habits.ts';
import { redhatBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { rhelSeal } from './seal-habits.ts';

export const oracle: Distro = {
  family: 'oracle',
  ids: ['ol', 'oracle'],
  edits: false,
  boot: redhatBoot,
  agent: oracleAgent,
  packages: { agent: 'WALinuxAgent', ssh: 'openssh-server', install: 'yum install' },
  seal: rhelSeal,
};
