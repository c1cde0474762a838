import { debian12 } from './debian.ts';
import { goodLine, grubCfg, hyperv, kernel } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const versions = ['6.1.0-32-amd64', '6.1.0-31-amd64', '6.1.0-30-amd64', '6.1.0-29-rt-amd64'];

export const guest: PhonyGuest = {
  about: 'Debian 12 (trap 43): four kernels, of which only the newest was prepared; one has no image at all.',
  tree: {
    ...debian12,
    ...Object.assign(
      {},
      ...versions.map((version, at) =>
        kernel({
          version,
          suffix: '.ko',
          ...(at < 3 ? { initrd: `/boot/initrd.img-${version}` as const } : {}),
          holds: at === 0 ? [...hyperv, 'hyperv_keyboard', 'hid_hyperv'] : ['virtio_blk'],
        }),
      ),
    ),
    '/boot/grub/grub.cfg': grubCfg(
      versions.map((version) => ({
        title: `Debian GNU/Linux, with Linux ${version}`,
        linux: `/boot/vmlinuz-${version}`,
        args: goodLine,
        initrd: `/boot/initrd.img-${version}`,
      })),
    ),
  },
  comesAnyway: [...hyperv, 'hyperv_keyboard', 'hid_hyperv'],
  shows: ['initrd-hv-modules', 'initrd-all-kernels'],
};
