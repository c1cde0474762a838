import { debianAgent } from './agent-habits.ts';
import { debianBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { debianEfi } from './efi-habits.ts';
import { debianInitrd } from './initrd-habits.ts';
import { plainNetwork } from './network-habits.ts';
import { ubuntuPackages } from './package-habits.ts';
import { ubuntuSeal } from './seal-habits.ts';

export const ubuntu: Distro = {
  family: 'ubuntu',
  ids: ['ubuntu'],
  derived: 'ubuntu',
  boot: debianBoot,
  efi: debianEfi,
  initrd: debianInitrd,
  network: plainNetwork,
  agent: debianAgent,
  packages: ubuntuPackages,
  endorsedFrom: { ubuntu: 18.04 },
  nvmeFrom: { ubuntu: [18.04, 20.04, 22.04, 24.04] },
  floppyFrom: {},
  seal: ubuntuSeal,
};
