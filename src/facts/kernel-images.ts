import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath } from '../model.ts';
import { below, isThere, namesIn } from './folders.ts';
import { readPart } from './pieces.ts';

/** Names under which distributions install a kernel in /boot. `kernel-` is SUSE's and Gentoo's, `Image-` that of arm64. */
const imageName = /^(?:vmlinuz|vmlinux|bzImage|Image|kernel)-(.+)$/;

/** What package managers, editors and people put behind the name of a kernel that is no longer one (GRUB's 10_linux skips
 *  them likewise); `.gz` and `.xz` is SUSE's kernel for a debugger. */
const leftover =
  /(?:~|\.(?:old|bak|orig|save|prev|new|tmp|signed|gz|xz|hmac|sig|dpkg-\w+|rpm(?:save|new|orig)))$|\.old-\w+$/;

/** Kernel version to image: in /boot, else beside its modules (Fedora, SUSE, Arch). */
export async function findImages(files: GuestFiles): Promise<Map<string, GuestPath>> {
  const images = new Map<string, GuestPath>();
  for (const name of await namesIn(files, '/boot')) {
    const suffix = imageName.exec(name)?.[1];
    if (suffix === undefined || leftover.test(name)) continue;
    const path = below('/boot', name);
    // A link may lead nowhere since its kernel was removed.
    if (!(await isThere(files, path))) continue;
    const version = /^\d+[.-]/.test(suffix) ? suffix : ((await versionInside(files, path)) ?? suffix);
    if (!images.has(version)) images.set(version, path);
  }
  for (const folder of ['/lib/modules', '/usr/lib/modules'] as const) {
    for (const version of await namesIn(files, folder)) {
      const path = below(below(folder, version), 'vmlinuz');
      if (!images.has(version) && (await isThere(files, path))) images.set(version, path);
    }
  }
  return images;
}

/**
 * The version that an x86 kernel image says it is, for names without one (Arch's `vmlinuz-linux`, Alpine's `vmlinuz-lts`):
 * at 0x20e of the set-up header stands where the text is, less 0x200 (Documentation/arch/x86/boot.rst, kernel_version).
 */
async function versionInside(files: GuestFiles, path: GuestPath): Promise<string | undefined> {
  const head = await readPart(files, path, 0x210);
  if (head.is !== 'there' || head.value.length < 0x210) return undefined;
  const view = new DataView(head.value.buffer, head.value.byteOffset);
  const magic = String.fromCharCode(...head.value.subarray(0x202, 0x206));
  if (magic !== 'HdrS') return undefined;
  const text = await readPart(files, path, 128, view.getUint16(0x20e, true) + 0x200);
  if (text.is !== 'there') return undefined;
  return /^[\w.+~-]+/.exec(Buffer.from(text.value).toString('latin1'))?.[0];
}
