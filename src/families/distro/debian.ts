import { debianAgent } from './agent-habits.ts';
import { debianBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { debianEfi } from './efi-habits.ts';
import { debianInitrd } from './initrd-habits.ts';
import { debianNetwork } from './network-habits.ts';
import { debianPackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const debian: Distro = {
  family: 'debian',
  ids: ['debian', 'raspbian', 'devuan', 'kali'],
  derived: 'debian',
  boot: debianBoot,
  efi: debianEfi,
  initrd: debianInitrd,
  network: debianNetwork,
  agent: debianAgent,
  packages: debianPackages,
  endorsedFrom: { debian: 10 },
  nvmeFrom: { debian: [11, 12] },
  floppyFrom: {},
  seal: plainSeal,
};
