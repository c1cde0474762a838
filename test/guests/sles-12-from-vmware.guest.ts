import type { PhonyGuest } from './phony.ts';
import { suse } from './suse.ts';

export const guest: PhonyGuest = {
  about:
    'SLES 12 SP5 from VMware: splash=silent quiet, targetpw in sudoers, DHCP sets the host name, fstab by by-id, omit_drivers in dracut.',
  tree: {
    ...suse({
      id: 'sles',
      name: 'SLES',
      version: '12.5',
      kernel: '4.12.14-122.37-default',
      line: 'splash=silent quiet showopts',
      holds: ['ata_piix', 'ext4'],
    }),
    '/etc/sudoers': {
      content:
        "Defaults always_set_home\nDefaults targetpw   # ask for the password of the target user i.e. root\nALL   ALL=(ALL) ALL   # WARNING! Only use this together with 'Defaults targetpw'!\nroot ALL=(ALL) ALL\n",
      mode: 0o440,
    },
    '/etc/sysconfig/network/dhcp': 'DHCLIENT_SET_HOSTNAME="yes"\n',
    '/etc/fstab': '/dev/disk/by-id/scsi-36000c29f-part1 / ext4 acl,user_xattr 1 1\n',
    '/etc/dracut.conf.d/azure.conf': '# nothing yet\n',
    '/etc/dracut.conf.d/90-slim.conf': 'omit_drivers+=" hv_netvsc floppy "\n',
  },
  shows: [
    'sudoers-no-targetpw',
    'dhcp-set-hostname-no',
    'kernel-cmdline-console',
    'root-by-persistent-id',
    'initrd-persistent-config',
  ],
};
