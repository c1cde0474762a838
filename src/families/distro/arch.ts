import { plainAgent } from './agent-habits.ts';
import { archBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { plainEfi } from './efi-habits.ts';
import { archInitrd } from './initrd-habits.ts';
import { plainNetwork } from './network-habits.ts';
import { archPackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const arch: Distro = {
  family: 'arch',
  ids: ['arch', 'archarm'],
  boot: archBoot,
  efi: plainEfi,
  initrd: archInitrd,
  network: plainNetwork,
  agent: plainAgent,
  packages: archPackages,
  endorsedFrom: {},
  nvmeFrom: {},
  floppyFrom: {},
  seal: plainSeal,
};
