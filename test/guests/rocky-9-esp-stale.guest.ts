import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'Rocky 9 (trap 37b): an image tool switched BLS off and left a full menu on the ESP, while updates write /boot/grub2/grub.cfg.',
  tree: {
    ...redhat({
      id: 'rocky',
      name: 'Rocky Linux',
      version: '9.3',
      kernel: '5.14.0-362.8.1.el9_3.x86_64',
      boot: 'grub2',
      uefi: true,
      line: 'quiet',
    }),
    '/boot/grub2/grub.cfg': `set default=0\nmenuentry 'Rocky Linux' {\n\tlinux /vmlinuz-5.14.0-362.8.1.el9_3.x86_64 root=/dev/mapper/rocky-root ro\n\tinitrd /initramfs-5.14.0-362.8.1.el9_3.x86_64.img\n}\n`,
  },
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-quiet'],
};
