import { rootUuid } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { grubenv, machineId, redhat } from './redhat.ts';

const kernel = '4.18.0-513.9.1.el8_9.x86_64';
const line = `root=UUID=${rootUuid} ro quiet`;

export const guest: PhonyGuest = {
  about: 'AlmaLinux 8 that starts by BIOS and by UEFI (trap 44): each has a grubenv of its own, and both hold a line.',
  tree: {
    ...redhat({
      id: 'almalinux',
      name: 'AlmaLinux',
      version: '8.9',
      kernel,
      boot: 'kernelopts',
      uefi: true,
      line: 'quiet',
    }),
    '/boot/grub2/i386-pc/core.img': 'core',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the variable is GRUB's.
    '/boot/grub2/grub.cfg': 'set default="${saved_entry}"\nload_env\ninsmod blscfg\nblscfg\n',
    '/boot/grub2/grubenv': grubenv({ saved_entry: `${machineId}-${kernel}`, kernelopts: line }),
  },
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-quiet'],
};
