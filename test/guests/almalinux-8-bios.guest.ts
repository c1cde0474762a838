import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'AlmaLinux 8.9 on BIOS, `$kernelopts` in /boot/grub2/grubenv, glued driver names in dracut (trap 22).',
  tree: {
    ...redhat({
      id: 'almalinux',
      name: 'AlmaLinux',
      version: '8.9',
      kernel: '4.18.0-513.9.1.el8_9.x86_64',
      boot: 'kernelopts',
      line: 'resume=/dev/mapper/almalinux-swap rhgb quiet',
      holds: ['virtio_blk', 'xfs'],
    }),
    '/etc/dracut.conf.d/azure.conf': 'add_drivers+="hv_vmbus"\n',
    '/etc/dracut.conf.d/azure2.conf': 'add_drivers+="hv_storvsc"\n',
  },
  shows: ['initrd-persistent-config', 'initrd-hv-modules', 'kernel-cmdline-no-stale-resume'],
};
