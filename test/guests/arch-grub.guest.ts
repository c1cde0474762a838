import type { PhonyGuest } from './phony.ts';
import { arch } from './small.ts';

export const guest: PhonyGuest = {
  about:
    'Arch with GRUB and microcode before the initrd: mkinitcpio with autodetect, so the image fits the machine it was made on.',
  tree: arch({
    boot: 'grub',
    line: 'loglevel=3 quiet',
    conf: '# vim:set ft=sh\nMODULES=()\nBINARIES=()\nFILES=()\nHOOKS=(base udev autodetect microcode modconf kms keyboard keymap consolefont block filesystems fsck)\n',
    holds: ['virtio_blk', 'ext4'],
  }),
  comesAnyway: ['sd_mod'],
  shows: ['initrd-hv-modules', 'initrd-persistent-config', 'kernel-cmdline-console'],
};
