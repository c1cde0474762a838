import { compareVersions } from '../formats/version.ts';
import type { DriverAt, Facts, Finding, Kernel, Looked, Severity } from '../model.ts';
import { type Doubt, judge } from './answer.ts';

/**
 * What the root disk needs. sd_mod is no dependency of hv_storvsc, so an image made for a virtio disk lacks it even when
 * hv_storvsc was added: the controller would be there and the disk not.
 */
export const rootDrivers = ['hv_vmbus', 'hv_storvsc', 'sd_mod'] as const;

/** The three that Microsoft's recipes put into every initrd (the generic article of 2022): bus, disk, network. */
export const bootDrivers = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc'] as const;

/** Kconfig names, as a second witness that a driver is built in. Two names: the older one first. */
const symbols: Readonly<Record<string, string>> = {
  hv_storvsc: 'CONFIG_HYPERV_STORAGE',
  hv_netvsc: 'CONFIG_HYPERV_NET',
  hv_utils: 'CONFIG_HYPERV_UTILS',
  hv_balloon: 'CONFIG_HYPERV_BALLOON',
  hyperv_keyboard: 'CONFIG_HYPERV_KEYBOARD',
  hid_hyperv: 'CONFIG_HID_HYPERV_MOUSE',
  hyperv_fb: 'CONFIG_FB_HYPERV',
  hyperv_drm: 'CONFIG_DRM_HYPERV',
  pci_hyperv: 'CONFIG_PCI_HYPERV',
  scsi_mod: 'CONFIG_SCSI',
  sd_mod: 'CONFIG_BLK_DEV_SD',
  sr_mod: 'CONFIG_BLK_DEV_SR',
  cdrom: 'CONFIG_CDROM',
  ata_piix: 'CONFIG_ATA_PIIX',
  ata_generic: 'CONFIG_ATA_GENERIC',
  nvme: 'CONFIG_BLK_DEV_NVME',
  nvme_core: 'CONFIG_NVME_CORE',
  udf: 'CONFIG_UDF_FS',
  vfat: 'CONFIG_VFAT_FS',
  fat: 'CONFIG_FAT_FS',
  nls_cp437: 'CONFIG_NLS_CODEPAGE_437',
  nls_iso8859_1: 'CONFIG_NLS_ISO8859_1',
  nls_ascii: 'CONFIG_NLS_ASCII',
  nls_utf8: 'CONFIG_NLS_UTF8',
};

/** The vanilla part of a kernel version: `6.1.0` of `6.1.0-32-amd64`; undefined when it does not start with one. */
export function vanilla(version: string): string | undefined {
  return /^\d+\.\d+(\.\d+)*/.exec(version)?.[0];
}

/** CONFIG_HYPERV is a plain switch from 6.18 on; the bus driver has a symbol of its own there (commit e3ec97c3abaf). */
function symbolOf(driver: string, kernel: Kernel): string | undefined {
  if (driver !== 'hv_vmbus') return symbols[driver];
  const plain = vanilla(kernel.version);
  return plain !== undefined && compareVersions(plain, '6.18') >= 0 ? 'CONFIG_HYPERV_VMBUS' : 'CONFIG_HYPERV';
}

/**
 * Where a driver (normalised name) is for one kernel. modules.builtin and the module files decide; the kernel's
 * configuration is asked where those are silent. What could not be read is `unknown`, never `missing`.
 */
export function driverAt(kernel: Kernel, driver: string): DriverAt {
  if (kernel.builtin.is === 'there' && kernel.builtin.value.includes(driver)) return 'builtin';
  if (kernel.modules.is === 'there' && Object.hasOwn(kernel.modules.value, driver)) return 'module';
  const symbol = symbolOf(driver, kernel);
  const configured = kernel.config.is === 'there' && symbol !== undefined;
  const value = configured && kernel.config.is === 'there' ? kernel.config.value[symbol] : undefined;
  if (value === 'y') return 'builtin';
  if (kernel.builtin.is === 'there' && kernel.modules.is === 'there') return 'missing';
  if (kernel.builtin.is === 'unreadable' || kernel.modules.is === 'unreadable') return 'unknown';
  // No modules folder, or one without modules.builtin (kernels before 2.6.33): only the configuration can tell.
  return configured ? 'missing' : 'unknown';
}

/** The kernels that count: every one that can be booted, but not rescue and kdump images, which serve this machine only. */
export function bootKernels(facts: Facts): readonly Kernel[] {
  return facts.kernels.filter((kernel) => kernel.bootable && kernel.class === 'normal');
}

/** True for the kernel of the default entry, and for all where no default is known. */
export function decides(kernel: Kernel, facts: Facts): boolean {
  return kernel.isDefault || !facts.kernels.some((other) => other.isDefault);
}

/** What one kernel gave: findings and doubts. */
export interface Seen {
  readonly findings: readonly Finding[];
  readonly doubts: readonly Doubt[];
}

export const nothing: Seen = { findings: [], doubts: [] };

export const mountBoot = 'mount the file system of /boot below the root, and run the check again';

/**
 * Asks every kernel that counts; `more` is what was seen elsewhere. No kernel at all is a doubt: an image that cannot boot is
 * not ready.
 */
export function eachKernel(facts: Facts, says: string, look: (kernel: Kernel) => Seen, more: Seen = nothing): Looked {
  const kernels = bootKernels(facts);
  const none: Doubt[] =
    kernels.length > 0
      ? []
      : [{ about: 'kernels', why: 'no bootable one was found: is /boot mounted?', advice: mountBoot }];
  const seen = [...kernels.map(look), more];
  return judge(
    seen.flatMap((one) => one.findings),
    [...none, ...seen.flatMap((one) => one.doubts)],
    says,
  );
}

/** The drivers of a list that a kernel lacks, and those that cannot be told. */
export function sortDrivers(kernel: Kernel, drivers: readonly string[]): { missing: string[]; unknown: string[] } {
  const at = (wanted: DriverAt) => drivers.filter((driver) => driverAt(kernel, driver) === wanted);
  return { missing: at('missing'), unknown: at('unknown') };
}

/** Why the drivers of a kernel cannot be told. */
export function doubtOf(kernel: Kernel, drivers: readonly string[], severity?: Severity): Doubt {
  const reason =
    kernel.modules.is === 'unreadable'
      ? kernel.modules.why
      : kernel.builtin.is === 'unreadable'
        ? kernel.builtin.why
        : 'there are no module lists and no configuration of this kernel';
  return {
    about: kernel.version,
    why: `whether it has ${drivers.join(', ')} cannot be told: ${reason}`,
    ...(severity ? { severity } : {}),
    advice: `compare with what the kernel's own package lists, or install it anew (${kernel.version})`,
  };
}
