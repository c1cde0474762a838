import { suseAgent } from './agent-habits.ts';
import { suseBoot } from './boot-habits.ts';
import type { Distro } from './distro.ts';
import { suseEfi } from './efi-habits.ts';
import { suseInitrd } from './initrd-habits.ts';
import { suseNetwork } from './network-habits.ts';
import { susePackages } from './package-habits.ts';
import { suseSeal } from './seal-habits.ts';

export const suse: Distro = {
  family: 'suse',
  ids: [
    'sles',
    'sles_sap',
    'sled',
    'suse',
    'opensuse',
    'opensuse-leap',
    'opensuse-tumbleweed',
    'opensuse-slowroll',
    // Inspected only: their files come out of an image.
    'sle-micro',
    'sl-micro',
    'sle-micro-rancher',
    'opensuse-microos',
    'opensuse-leap-micro',
  ],
  boot: suseBoot,
  efi: suseEfi,
  initrd: suseInitrd,
  network: suseNetwork,
  agent: suseAgent,
  packages: susePackages,
  endorsedFrom: { sles: 12 },
  nvmeFrom: { sles: [15.04] },
  floppyFrom: {},
  seal: suseSeal,
};
