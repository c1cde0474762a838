import { kernelPatch } from '../kernel-patch.ts';

export const kernelPatchStorvscRingBuffer = kernelPatch({
  id: 'kernel-patch-storvsc-ring-buffer',
  commit: 'e86fb5e8ab95',
  title: 'Kernel correction: a full ring buffer does not freeze I/O',
  why: 'Without it a busy disk may freeze when the channel to the host is full.',
});
