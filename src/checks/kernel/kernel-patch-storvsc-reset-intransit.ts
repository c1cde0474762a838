import { kernelPatch } from '../kernel-patch.ts';

export const kernelPatchStorvscResetIntransit = kernelPatch({
  id: 'kernel-patch-storvsc-reset-intransit',
  commit: '5c1b10ab7f93',
  title: 'Kernel correction: a disk reset counts requests on their way',
  why: 'Without it a reset of the disk controller forgets requests that are still travelling.',
});
