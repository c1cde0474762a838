import type { Area } from '../../model.ts';

/** The parts of a report, in order, with their headings. */
export const areas: readonly { readonly area: Area; readonly title: string }[] = [
  { area: 'platform', title: 'Platform and disk' },
  { area: 'kernel', title: 'Kernel' },
  { area: 'initrd', title: 'Initial ramdisk' },
  { area: 'boot', title: 'Boot loader and kernel line' },
  { area: 'network', title: 'Network' },
  { area: 'ssh', title: 'SSH' },
  { area: 'agent', title: 'Azure agent and cloud-init' },
  { area: 'swap', title: 'Swap' },
  { area: 'accounts', title: 'Accounts and traces' },
  { area: 'system', title: 'Packages, repositories, time' },
  { area: 'seal', title: 'The finish' },
];
