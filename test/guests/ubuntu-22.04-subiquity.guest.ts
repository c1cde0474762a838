import { swapFile } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

const cloudd = '/etc/cloud/cloud.cfg.d';

export const guest: PhonyGuest = {
  about:
    "Ubuntu 22.04 from its server installer (trap 14): the installer's files pin cloud-init to no data source and switch its network off; netplan pins a MAC; swap is a file.",
  tree: {
    ...ubuntu({ version: '22.04', kernel: '5.15.0-130-generic', line: '' }),
    [`${cloudd}/99-installer.cfg`]:
      'datasource:\n  None:\n    metadata:\n      instance-id: 1b2c\n    userdata_raw: "#cloud-config"\ndatasource_list: [None]\n',
    [`${cloudd}/subiquity-disable-cloudinit-networking.cfg`]: 'network: {config: disabled}\n',
    [`${cloudd}/curtin-preserve-sources.cfg`]: 'apt:\n  preserve_sources_list: true\n',
    '/etc/cloud/ds-identify.cfg': 'policy: enabled\n',
    '/etc/netplan/00-installer-config.yaml': {
      content:
        '# written by subiquity\nnetwork:\n  ethernets:\n    ens3:\n      match:\n        macaddress: 52:54:00:12:34:56\n      set-name: ens3\n      dhcp4: true\n  version: 2\n',
      mode: 0o600,
    },
    '/swap.img': { content: swapFile(), mode: 0o600 },
    '/etc/fstab':
      '/dev/disk/by-uuid/0b5a1d6e-5f0b-4a8e-9a9c-3f2d7c1b8e01 / ext4 defaults 0 1\n/swap.img none swap sw 0 0\n',
  },
  shows: [
    'cloudinit-installer-leftovers',
    'cloudinit-datasource-azure',
    'swap-none-on-os-disk',
    'kernel-cmdline-console',
  ],
};
