import type { GuestPath } from '../../model.ts';

/** Paths as boot loaders write them, and as the guest sees the same files. */

/** Where an EFI system partition is mounted; the bare /boot is one on machines that have no other partition for it. */
export const systemPartitions: readonly GuestPath[] = ['/boot/efi', '/efi', '/boot'];

/** A path on the boot partition or a btrfs subvolume (`/vmlinuz-…`, `/@/boot/vmlinuz-…`) as the guest sees it. */
export function belowBoot(path: string): GuestPath {
  const at = path.indexOf('/boot/');
  if (at >= 0) return path.slice(at) as GuestPath;
  return `/boot/${path.replace(/^\/+/, '')}`;
}

/** A path that counts from the folder of a configuration unless it begins with a slash, `.` and `..` taken out. */
export function besideFile(file: GuestPath, path: string): GuestPath {
  if (path.startsWith('/')) return belowBoot(path);
  const parts: string[] = folderOf(file).split('/').filter(Boolean);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function folderOf(path: GuestPath): GuestPath {
  return (path.slice(0, path.lastIndexOf('/')) || '/') as GuestPath;
}

/**
 * The version that an image's name or folder tells: `6.1.0-32-amd64` of `/boot/vmlinuz-6.1.0-32-amd64` and of
 * `/efi/MACHINE-ID/6.1.0-32-amd64/linux`; undefined for names that carry none, as Arch's and Alpine's (`linux`, `lts`).
 */
export function versionOfImage(path: string): string | undefined {
  const named = /\/(?:vmlinuz|vmlinux|kernel|Image|bzImage)-([^/]+)$/.exec(path)?.[1];
  return named ?? /\/([^/]*\d[^/]*)\/(?:linux|vmlinuz|kernel)(?:-[^/]*)?$/.exec(path)?.[1];
}

/** Words of a kernel line that start a system for repair. */
export function isRepairLine(args: readonly string[]): boolean {
  return args.some((arg) =>
    /^(?:single|recovery|rescue|emergency|systemd\.unit=(?:rescue|emergency)\.target)$/.test(arg),
  );
}
