import type { GuestFiles } from '../../guest/guest.ts';
import type { BootLoader, Evidence, Facts, GuestPath, OsFacts } from '../../model.ts';
import type { Edit, KernelArgs } from './bootloader.ts';
import { grub2, grub2Menus } from './grub2.ts';

/** Signs of boot loaders that this program knows by name but cannot edit yet. Named, so that the user is told what stands there. */
const strangers: readonly { readonly path: GuestPath; readonly what: string }[] = [
  { path: '/boot/loader/entries', what: 'Boot Loader Specification entries' },
  { path: '/boot/grub/menu.lst', what: 'GRUB legacy' },
  { path: '/boot/grub/grub.conf', what: 'GRUB legacy' },
  { path: '/boot/extlinux/extlinux.conf', what: 'extlinux' },
  { path: '/boot/extlinux.conf', what: 'extlinux' },
  { path: '/boot/efi/loader/loader.conf', what: 'systemd-boot' },
  { path: '/efi/loader/loader.conf', what: 'systemd-boot' },
];

/** Which boot loader starts this guest, with every entry it offers. `unknown` says what was looked for and found. */
export async function detectBootLoader(files: GuestFiles, os: OsFacts): Promise<BootLoader> {
  const found = await grub2.detect(files, os);
  if (found !== undefined) return found;
  const evidence: Evidence[] = [];
  const names = new Set<string>();
  for (const path of grub2Menus) {
    const text = await files.text(path);
    if (text.is === 'unreadable')
      return { kind: 'unknown', why: `${path} cannot be read: ${text.why}`, evidence: [{ path }] };
  }
  for (const { path, what } of strangers) {
    if ((await files.stat(path)).is !== 'there') continue;
    evidence.push({ path });
    names.add(what);
  }
  const why =
    names.size > 0
      ? `${[...names].join(' and ')} found: this version reads only a generated GRUB 2 menu`
      : 'no boot loader configuration found: is /boot mounted below the root?';
  return { kind: 'unknown', why, evidence };
}

/** Edits for a wanted kernel line in every store; a string says why it cannot be edited. */
export function kernelArgsEdits(want: KernelArgs, facts: Facts): readonly Edit[] | string {
  switch (facts.boot.kind) {
    case 'grub2':
      return grub2.kernelArgs(want, facts.boot, facts);
    case 'unknown':
      return facts.boot.why;
    default:
      return `${facts.boot.kind} is not edited`;
  }
}
