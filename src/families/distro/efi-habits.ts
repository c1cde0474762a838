import type { OsFacts } from '../../model.ts';

/**
 * How a family's loaders on the EFI system partition find each other, which decides what must lie beside the first of them.
 *
 * shim, started from EFI/BOOT, starts the fallback program where it lies beside it; that reads the BOOT*.CSV of every other
 * folder and starts what it names. Without it shim starts the second stage of its own folder (rhboot/shim, README.fallback
 * and shim.c). What comes next is up to how GRUB was made:
 *  - signed GRUB of Debian and Ubuntu: prefix /EFI/debian and /EFI/ubuntu, so the stub there is read wherever it was started;
 *  - that of RHEL, Fedora and their kin: likewise the folder of the distribution (/EFI/redhat …);
 *  - that of SUSE: no prefix, the grub.cfg beside it is read, so that one is copied too (shim-install --removable writes one);
 *  - what grub-install makes without shim: the partition that holds /boot is written into it.
 * The article for Ubuntu copies the whole folder, of which the rest is not read from there.
 */
export interface EfiHabits {
  /** Folders below EFI, besides the one that is called like the distribution. */
  readonly folders: readonly string[];
  /** Names for a suffix of the machine, `x64` or `aa64`. */
  shim(suffix: string): string;
  second(suffix: string): string;
  fallback(suffix: string): string;
  /** Copied with the second stage where they are there: what enrols keys, what the second stage reads beside itself. */
  along(suffix: string): readonly string[];
  /** The command by which a person has the package lay its loaders out. */
  byHand(suffix: string): string;
}

/** The folder of the distribution that runs, before those of its kin. */
export function efiFoldersOf({ folders }: EfiHabits, { distro }: Pick<OsFacts, 'distro'>): readonly string[] {
  return [distro.id, ...folders];
}

const targets: Readonly<Record<string, string>> = { x64: 'x86_64-efi', aa64: 'arm64-efi' };

export const plainEfi: EfiHabits = {
  folders: [],
  shim: (suffix) => `shim${suffix}.efi`,
  second: (suffix) => `grub${suffix}.efi`,
  fallback: (suffix) => `fb${suffix}.efi`,
  along: (suffix) => [`mm${suffix}.efi`],
  byHand: (suffix) => `grub-install --target=${targets[suffix]} --removable`,
};

export const debianEfi: EfiHabits = { ...plainEfi, folders: ['debian', 'ubuntu'] };

/** The packages bring EFI/BOOT themselves; Oracle's folder is that of RHEL. */
export const redhatEfi: EfiHabits = {
  ...plainEfi,
  folders: ['redhat'],
  byHand: (suffix) => `dnf reinstall shim-${suffix} grub2-efi-${suffix}`,
};

export const suseEfi: EfiHabits = {
  ...plainEfi,
  folders: ['sles', 'opensuse'],
  shim: () => 'shim.efi',
  second: () => 'grub.efi',
  fallback: () => 'fallback.efi',
  along: () => ['MokManager.efi', 'grub.cfg'],
  byHand: () => 'shim-install --removable',
};

export const azurelinuxEfi: EfiHabits = { ...plainEfi, byHand: () => 'tdnf reinstall shim grub2-efi-binary' };
