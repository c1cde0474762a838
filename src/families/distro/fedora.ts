import { plainAgent } from './agent-habits.ts';
import { fedoraBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { redhatEfi } from './efi-habits.ts';
import { redhatInitrd } from './initrd-habits.ts';
import { fedoraNetwork } from './network-habits.ts';
import { fedoraPackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const fedora: Distro = {
  family: 'fedora',
  ids: ['fedora'],
  boot: fedoraBoot,
  efi: redhatEfi,
  initrd: redhatInitrd,
  network: fedoraNetwork,
  agent: plainAgent,
  packages: fedoraPackages,
  endorsedFrom: {},
  nvmeFrom: {},
  floppyFrom: {},
  seal: plainSeal,
};
