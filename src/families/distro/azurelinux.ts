import { plainAgent } from './agent-habits.ts';
import { azurelinuxBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { azureInitrd } from './initrd-habits.ts';
import { plainNetwork } from './network-habits.ts';
import { azurelinuxPackages } from './package-habits.ts';
import { plainSeal } from './seal-habits.ts';

export const azurelinux: Distro = {
  family: 'azurelinux',
  ids: ['azurelinux', 'mariner'],
  boot: azurelinuxBoot,
  initrd: azureInitrd,
  network: plainNetwork,
  agent: plainAgent,
  packages: azurelinuxPackages,
  endorsedFrom: { azurelinux: 2, mariner: 2 },
  seal: plainSeal,
};
