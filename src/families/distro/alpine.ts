import { plainAgent } from './agent-habits.ts';
import { alpineBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainEfi } from './efi-habits.ts';
import { alpineInitrd } from './initrd-habits.ts';
import { plainNetwork } from './network-habits.ts';
import { alpinePackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const alpine: Distro = {
  family: 'alpine',
  ids: ['alpine'],
  boot: alpineBoot,
  efi: plainEfi,
  initrd: alpineInitrd,
  network: plainNetwork,
  agent: plainAgent,
  packages: alpinePackages,
  endorsedFrom: {},
  nvmeFrom: {},
  floppyFrom: {},
  seal: plainSeal,
};
