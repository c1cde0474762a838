import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'RHEL 8 hardened by the book (trap 17): udf, vfat and cdrom cannot be loaded, one of them by a file below /usr/lib.',
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '8.8',
      kernel: '4.18.0-477.10.1.el8_8.x86_64',
      boot: 'kernelopts',
      uefi: true,
    }),
    '/etc/modprobe.d/CIS.conf':
      'install cramfs /bin/false\ninstall udf /bin/true\nblacklist udf\ninstall vfat /bin/false\n',
    '/usr/lib/modprobe.d/no-cdrom.conf': 'blacklist cdrom\nblacklist sr_mod\n',
  },
  comesAnyway: ['sd_mod', 'hyperv_keyboard', 'hid_hyperv'],
  shows: ['modprobe-not-blocked'],
};
