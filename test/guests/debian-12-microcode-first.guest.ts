import { debian12 } from './debian.ts';
import { initrdImage } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

const version = '6.1.0-32-amd64';
const early = initrdImage(version, [], { 'kernel/x86/microcode/AuthenticAMD.bin': 'microcode' });
const main = initrdImage(version, ['virtio_blk'], {}, '.ko');

export const guest: PhonyGuest = {
  about: 'Debian 12 (trap 24): early microcode stands before the archive that counts, which lacks the drivers.',
  tree: { ...debian12, [`/boot/initrd.img-${version}`]: Buffer.concat([early, Buffer.alloc(512), main]) },
  comesAnyway: ['hv_vmbus', 'hv_storvsc', 'hv_netvsc', 'sd_mod', 'hyperv_keyboard', 'hid_hyperv'],
  shows: ['initrd-hv-modules'],
};
