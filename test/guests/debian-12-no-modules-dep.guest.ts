import { debian12 } from './debian.ts';
import { hyperv, kernel } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const version = '6.1.0-32-amd64';
const dep = `/usr/lib/modules/${version}/modules.dep` as const;

export const guest: PhonyGuest = {
  about:
    'Debian 12 (traps 18 and 28): modules.dep is missing, so no tool finds a module, and a lenient one sees nothing wrong.',
  tree: (() => {
    const { [dep]: _gone, ...rest } = {
      ...debian12,
      ...kernel({ version, suffix: '.ko', initrd: `/boot/initrd.img-${version}`, holds: hyperv }),
    };
    return rest;
  })(),
  comesAnyway: [...hyperv, 'hyperv_keyboard', 'hid_hyperv'],
  programs: {
    '/sbin/depmod': async (root) => {
      const { writeFileSync } = await import('node:fs');
      const made = kernel({ version, suffix: '.ko' })[dep];
      writeFileSync(`${root}${dep}`, made as string);
      return {};
    },
  },
  shows: ['initrd-all-kernels'],
};
