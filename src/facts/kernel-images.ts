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
    const version = /^\d+[.-]/.test(suffix)
      ? suffix
      : ((await versionInside(files, path)) ?? (await versionOfPackage(files, suffix)) ?? suffix);
    if (!images.has(version)) images.set(version, path);
  }
  for (const [version, path] of await installedImages(files)) if (!images.has(version)) images.set(version, path);
  for (const folder of ['/lib/modules', '/usr/lib/modules'] as const) {
    for (const version of await namesIn(files, folder)) {
      const path = below(below(folder, version), 'vmlinuz');
      if (!images.has(version) && (await isThere(files, path))) images.set(version, path);
    }
  }
  return images;
}

/** Where a boot partition or an EFI system partition is mounted (Boot Loader Specification). */
const bootFolders: readonly GuestPath[] = ['/boot', '/boot/efi', '/efi'];

/**
 * kernel-install's layout: $BOOT/TOKEN/VERSION/linux, where the token is the machine's id, `Default` or the system's name;
 * sdbootutil puts a check sum behind.
 */
async function installedImages(files: GuestFiles): Promise<Map<string, GuestPath>> {
  const images = new Map<string, GuestPath>();
  for (const boot of bootFolders) {
    for (const token of await foldersIn(files, boot)) {
      if (/^(?:efi|loader|grub2?|extlinux|lost\+found)$/i.test(token)) continue;
      for (const version of await foldersIn(files, below(boot, token))) {
        if (!/^\d/.test(version)) continue;
        const folder = below(below(boot, token), version);
        const name = (await namesIn(files, folder)).find((one) => /^(?:linux(?:-[0-9a-f]{40})?|vmlinuz)$/.test(one));
        if (name !== undefined && !images.has(version)) images.set(version, below(folder, name));
      }
    }
  }
  return images;
}

async function foldersIn(files: GuestFiles, folder: GuestPath): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(files, folder)) {
    const stat = await files.stat(below(folder, name));
    if (stat.is === 'there' && stat.value.type === 'folder') found.push(name);
  }
  return found;
}

/** By what the package says: Alpine's kernel.release, and Arch's pkgbase beside the modules. For images without a header. */
async function versionOfPackage(files: GuestFiles, name: string): Promise<string | undefined> {
  const release = await files.text(`/usr/share/kernel/${name}/kernel.release`);
  if (release.is === 'there' && release.value.trim() !== '') return release.value.trim();
  for (const version of await namesIn(files, '/usr/lib/modules')) {
    const base = await files.text(`/usr/lib/modules/${version}/pkgbase`);
    if (base.is === 'there' && base.value.trim() === name) return version;
  }
  return undefined;
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
