import { debian12 } from './debian.ts';
import { grubCfg } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const version = '6.1.0-32-amd64';
const odd = 'console=tty0 dyndbg="file drivers/hv/* +p" console=ttyS1,9600 quiet';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (traps 40 and 41): console= stands twice and one argument is quoted with blanks inside; all of it must survive.',
  tree: {
    ...debian12,
    '/boot/grub/grub.cfg': grubCfg([
      {
        title: 'Debian GNU/Linux',
        linux: `/boot/vmlinuz-${version}`,
        args: odd,
        initrd: `/boot/initrd.img-${version}`,
      },
    ]),
    '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT='${odd}'\nGRUB_CMDLINE_LINUX=""\n`,
  },
  shows: ['kernel-cmdline-console', 'kernel-cmdline-no-quiet'],
};
