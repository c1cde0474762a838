import { bootUuid, delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

const lvm = `${delayedLine} net.ifnames=0 rd.lvm.lv=rhel/root rd.lvm.lv=rhel/swap resume=/dev/mapper/rhel-swap`;

export const guest: PhonyGuest = {
  about:
    "RHEL 9 on LVM (trap 52): the devices file names the old machine's disk, and swap is a volume that the kernel line waits for.",
  tree: {
    ...redhat({
      id: 'rhel',
      name: 'Red Hat Enterprise Linux',
      version: '9.4',
      kernel: '5.14.0-427.13.1.el9_4.x86_64',
      boot: 'bls',
      line: lvm,
    }),
    '/etc/fstab': `/dev/mapper/rhel-root / xfs defaults 0 0\nUUID=${bootUuid} /boot xfs defaults 0 0\n/dev/mapper/rhel-swap none swap defaults 0 0\n`,
    '/etc/lvm/devices/system.devices':
      '# LVM uses devices listed in this file.\nVERSION=1.1.2\nIDTYPE=sys_wwid IDNAME=t10.ATA_VBOX_HARDDISK_VB1234 DEVNAME=/dev/sda2 PVID=abcdef PART=2\n',
  },
  shows: ['root-not-lvm', 'lvm-devices-file', 'swap-none-on-os-disk', 'kernel-cmdline-no-stale-resume'],
};
