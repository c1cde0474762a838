import type { PhonyGuest } from './phony.ts';
import { guest as prepared } from './sles-15-prepared.guest.ts';

const boot = '/boot/efi/EFI/boot/';

export const guest: PhonyGuest = {
  about: 'SLES 15 on UEFI whose EFI/boot went missing: shim, GRUB and the stub beside it are copied there.',
  tree: Object.fromEntries(Object.entries(prepared.tree).filter(([path]) => !path.startsWith(boot))),
  shows: ['uefi-fallback-loader'],
};
