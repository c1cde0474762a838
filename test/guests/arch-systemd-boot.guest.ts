import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { arch } from './small.ts';

export const guest: PhonyGuest = {
  about: 'Arch with systemd-boot and a /boot on vfat; the drivers are named in MODULES over several lines.',
  tree: arch({
    boot: 'systemd-boot',
    line: `quiet ${delayedLine}`,
    conf: 'MODULES=(\n  hv_vmbus # the bus\n  hv_storvsc\n  hv_netvsc\n)\nHOOKS=(base systemd autodetect modconf block filesystems)\n',
    holds: [
      'hv_vmbus',
      'hv_storvsc',
      'hv_netvsc',
      'scsi_mod',
      'scsi_transport_fc',
      'sd_mod',
      'hyperv_keyboard',
      'hid_hyperv',
    ],
  }),
  shows: ['kernel-cmdline-no-quiet'],
};
