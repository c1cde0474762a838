import type { GuestPath, Kernel, OsFacts } from '../../model.ts';

/** How the initrds of a distribution are called. */
export interface InitrdHabits {
  /** The name of an initrd that is yet to be made; it will lie beside the image of its kernel. */
  newName(kernel: Pick<Kernel, 'version' | 'image'>, os: OsFacts): string;
}

function major(os: OsFacts): number {
  return Number(/^\d+/.exec(os.distro.version)?.[0] ?? Number.POSITIVE_INFINITY);
}

/** What follows `vmlinuz-`: a version, or on Arch and Alpine the package's name. */
function suffixOf({ version, image }: Pick<Kernel, 'version' | 'image'>): string {
  return /\/vmlinuz-([^/]+)$/.exec(image ?? ('' as GuestPath))?.[1] ?? version;
}

export const debianInitrd: InitrdHabits = { newName: ({ version }) => `initrd.img-${version}` };

/** Release 5 is of before dracut. */
export const redhatInitrd: InitrdHabits = {
  newName: ({ version }, os) => (major(os) < 6 ? `initrd-${version}.img` : `initramfs-${version}.img`),
};

/** CBL-Mariner 2 had Debian's name. */
export const azureInitrd: InitrdHabits = {
  newName: ({ version }, os) => (major(os) < 3 ? `initrd.img-${version}` : `initramfs-${version}.img`),
};

export const suseInitrd: InitrdHabits = { newName: ({ version }) => `initrd-${version}` };

export const archInitrd: InitrdHabits = { newName: (kernel) => `initramfs-${suffixOf(kernel)}.img` };

export const alpineInitrd: InitrdHabits = { newName: (kernel) => `initramfs-${suffixOf(kernel)}` };
