import { kernelPatch } from '../kernel-patch.ts';

export const kernelPatchScsiWriteSameRaid = kernelPatch({
  id: 'kernel-patch-scsi-write-same-raid',
  commit: '54b2b50c20a6',
  title: 'Kernel correction: no WRITE_SAME through RAID and virtual adapters',
  why: 'Without it software RAID over virtual disks may break at the first such command.',
});
