import { oracleAgent } from './agent-habits.ts';
import { redhatBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { redhatEfi } from './efi-habits.ts';
import { redhatInitrd } from './initrd-habits.ts';
import { redhatNetwork } from './network-habits.ts';
import { oraclePackages } from './package-habits.ts';
import { rhelSeal } from './seal-habits.ts';

export const oracle: Distro = {
  family: 'oracle',
  ids: ['ol', 'oracle'],
  boot: redhatBoot,
  efi: redhatEfi,
  initrd: redhatInitrd,
  network: redhatNetwork,
  agent: oracleAgent,
  packages: oraclePackages,
  endorsedFrom: { ol: 6.04 },
  nvmeFrom: { ol: [7.09, 8.05, 9] },
  floppyFrom: {},
  seal: rhelSeal,
};
