import { delayedLine, rootUuid } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { ubuntu } from './ubuntu.ts';

const kernel = '6.8.0-1020-azure';

export const guest: PhonyGuest = {
  about:
    'Ubuntu 24.04 minimal: 40-force-partuuid.cfg starts the kernel without an initrd, so what it needs must be built in.',
  tree: {
    ...ubuntu({ version: '24.04', kernel, line: delayedLine, cloudImage: true }),
    '/boot/grub/grub.cfg': `set default="0"\nmenuentry 'Ubuntu' {\n\tlinux\t/boot/vmlinuz-${kernel} root=PARTUUID=${rootUuid} ro ${delayedLine} panic=-1\n}\n`,
    '/etc/default/grub.d/40-force-partuuid.cfg': `GRUB_FORCE_PARTUUID=${rootUuid}\n`,
    '/etc/fstab':
      'LABEL=cloudimg-rootfs / ext4 discard,errors=remount-ro 0 1\nLABEL=UEFI /boot/efi vfat umask=0077 0 1\n',
  },
  shows: [],
};
