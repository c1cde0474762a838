import type { Distro } from './distro.ts';

export const suse: Distro = {
  family: 'suse',
  ids: ['sles', 'sled', 'suse', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'sles_sap', 'sle-micro'],
  edits: false,
  grubDropIns: undefined,
  packages: { agent: 'python-azure-agent', ssh: 'openssh', install: 'zypper install' },
};
