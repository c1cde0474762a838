import type { Facts, GuestPath } from '../model.ts';
import { dropInFolder } from './cloud-config.ts';

/** What Ubuntu's installers and their helper curtin leave for the one machine that they installed. */
const written: readonly { readonly path: GuestPath; readonly does: string }[] = [
  { path: `${dropInFolder}/50-curtin-networking.cfg`, does: 'holds the network of the installed machine' },
  { path: `${dropInFolder}/90-installer-network.cfg`, does: 'holds the network of the installed machine' },
  { path: `${dropInFolder}/curtin-preserve-sources.cfg`, does: 'keeps cloud-init from choosing package mirrors' },
  { path: `${dropInFolder}/99-installer.cfg`, does: 'pins cloud-init to the user data of the installed machine' },
  {
    path: `${dropInFolder}/subiquity-disable-cloudinit-networking.cfg`,
    does: 'keeps cloud-init from configuring the network',
  },
];

/** Those that are there. */
export function installerFiles(facts: Facts): readonly { readonly path: GuestPath; readonly does: string }[] {
  return written.filter(({ path }) => facts.agent.cloudInit.files.includes(path));
}

/** Where installers write the network for netplan; what cloud-init writes itself it writes anew on the new machine. */
export function installerNetplans(facts: Facts): GuestPath[] {
  const paths = Object.keys(facts.texts) as GuestPath[];
  return paths.filter((path) => /^\/etc\/netplan\/(?:00-installer-config[^/]*|01-netcfg)\.yaml$/.test(path));
}
