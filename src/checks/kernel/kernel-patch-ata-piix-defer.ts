import { kernelPatch } from '../kernel-patch.ts';

export const kernelPatchAtaPiixDefer = kernelPatch({
  id: 'kernel-patch-ata-piix-defer',
  commit: 'cd006086fa5d',
  title: 'Kernel correction: IDE disks are left to the Hyper-V driver',
  why: 'Without it the emulated IDE driver takes the OS disk before the fast one does, and the disk may be seen twice.',
});
