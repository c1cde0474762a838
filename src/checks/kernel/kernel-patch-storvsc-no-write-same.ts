import { compareVersions } from '../../formats/version.ts';
import { kernelPatch } from '../kernel-patch.ts';

/** Oracle's UEK3 took it with 3.8.13-23. */
function inUek3(version: string): boolean {
  const build = /^3\.8\.13-([\d.]+)\.el[67]uek/.exec(version)?.[1];
  return build !== undefined && compareVersions(build, '23') >= 0;
}

export const kernelPatchStorvscNoWriteSame = kernelPatch({
  id: 'kernel-patch-storvsc-no-write-same',
  commit: '3e8f4f406590',
  title: 'Kernel correction: no WRITE_SAME to Hyper-V disks',
  why: 'Hyper-V disks refuse that command; a kernel that sends it logs errors and may fail to zero blocks.',
  vendors: inUek3,
});
