import { compareVersions } from '../../formats/version.ts';
import { kernelPatch } from '../kernel-patch.ts';

/** RHEL 7 names it in the changelog of 3.10.0-327.7.1. */
function inRhel7(version: string): boolean {
  const build = /^3\.10\.0-([\d.]+)\.el7/.exec(version)?.[1];
  return build !== undefined && compareVersions(build, '327.7.1') >= 0;
}

export const kernelPatchScsiSysfsDoubleRemove = kernelPatch({
  id: 'kernel-patch-scsi-sysfs-double-remove',
  commit: 'be821fd8e627',
  title: 'Kernel correction: a SCSI device is removed only once',
  why: 'Without it detaching a data disk may crash the kernel.',
  vendors: inRhel7,
});
