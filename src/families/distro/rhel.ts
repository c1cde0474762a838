import { rhelAgent } from './agent-habits.ts';
import { redhatBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { redhatEfi } from './efi-habits.ts';
import { redhatInitrd } from './initrd-habits.ts';
import { redhatNetwork } from './network-habits.ts';
import { rhelPackages } from './package-habits.ts';
import { rhelSeal } from './seal-habits.ts';

export const rhel: Distro = {
  family: 'rhel',
  ids: ['rhel', 'centos', 'almalinux', 'rocky', 'redhat', 'scientific'],
  boot: redhatBoot,
  efi: redhatEfi,
  initrd: redhatInitrd,
  network: redhatNetwork,
  agent: rhelAgent,
  packages: rhelPackages,
  endorsedFrom: { rhel: 6.07, almalinux: 8, rocky: 9 },
  nvmeFrom: { rhel: [7.09, 8.06, 9], almalinux: [8, 9], rocky: [8.1, 9.06] },
  floppyFrom: { centos: 7.08, rhel: 7.08 },
  seal: rhelSeal,
};
