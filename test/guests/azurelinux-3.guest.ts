import { delayedLine } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { azurelinux } from './small.ts';

export const guest: PhonyGuest = {
  about:
    'Azure Linux 3: hv_vmbus and hv_storvsc are built into the kernel (trap 27), so the initrd without them is right.',
  tree: azurelinux('3.0', '6.6.64.2-1.azl3', delayedLine),
  shows: [],
};
