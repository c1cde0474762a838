import { plainAgent } from './agent-habits.ts';
import { azurelinuxBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { azurelinuxEfi } from './efi-habits.ts';
import { azureInitrd } from './initrd-habits.ts';
import { azurelinuxNetwork } from './network-habits.ts';
import { azurelinuxPackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const azurelinux: Distro = {
  family: 'azurelinux',
  ids: ['azurelinux', 'mariner'],
  boot: azurelinuxBoot,
  efi: azurelinuxEfi,
  initrd: azureInitrd,
  network: azurelinuxNetwork,
  agent: plainAgent,
  packages: azurelinuxPackages,
  endorsedFrom: { azurelinux: 2, mariner: 2 },
  nvmeFrom: { azurelinux: [3] },
  floppyFrom: {},
  seal: plainSeal,
};
