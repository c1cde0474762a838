import { kernelPatch } from '../kernel-patch.ts';

export const kernelPatchStorvscNullDeref = kernelPatch({
  id: 'kernel-patch-storvsc-null-deref',
  commit: 'b12bb60d6c35',
  title: 'Kernel correction: no crash in the disk driver',
  why: 'Without it a rare answer of the host crashes the disk driver by a null pointer.',
});
