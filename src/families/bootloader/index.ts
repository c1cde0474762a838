import type { GuestFiles } from '../../guest/guest.ts';
import type { BootLoader, Evidence, Facts, GuestPath, KnownLoader, OsFacts } from '../../model.ts';
import { bls } from './bls.ts';
import type { Edit, KernelArgs } from './bootloader.ts';
import { extlinux } from './extlinux.ts';
import { grubLegacy } from './grub-legacy.ts';
import { findGrubMenus } from './grub-menus.ts';
import { grub2 } from './grub2.ts';
import { loaderType } from './sysconfig.ts';
import { systemdBoot } from './systemd-boot.ts';

/** Entries that nothing seen here reads: their menu lies on a partition that is not mounted, or their loader is not known. */
const strangers: readonly { readonly path: GuestPath; readonly what: string }[] = [
  { path: '/boot/loader/entries', what: 'Boot Loader Specification entries' },
  { path: '/etc/lilo.conf', what: 'LILO' },
  { path: '/boot/refind_linux.conf', what: 'rEFInd' },
];

/** LOADER_TYPE of SUSE to the family that it means. */
const named: Readonly<Record<string, KnownLoader['kind']>> = {
  grub: 'grub-legacy',
  grub2: 'grub2',
  'grub2-efi': 'grub2',
  'grub2-bls': 'bls',
  'systemd-boot': 'systemd-boot',
};

/** Every family that recognises its own configuration. Those first whose files are made again at each update: GRUB 2 leaves the
 *  menu of a GRUB legacy that it has taken over from, and cloud images carry one for a hypervisor that none of this is about. */
async function detectAll(files: GuestFiles, os: OsFacts): Promise<KnownLoader[]> {
  const found = await Promise.all([
    bls.detect(files, os),
    grub2.detect(files, os),
    systemdBoot.detect(files, os),
    extlinux.detect(files, os),
    grubLegacy.detect(files, os),
  ]);
  return found.filter((loader) => loader !== undefined);
}

/** Whether the firmware that the disk is made for can start such a loader. */
function fitsFirmware(loader: KnownLoader, os: OsFacts): boolean {
  if (os.firmware.is === 'bios') return loader.kind !== 'systemd-boot';
  return true;
}

/** GRUB legacy's own second stage, and none of GRUB 2: the menu that comes with it is the one that boots. */
async function isLegacyAlone(files: GuestFiles): Promise<boolean> {
  if ((await files.stat('/boot/grub/stage2')).is !== 'there') return false;
  const cores = ['/boot/grub/i386-pc/core.img', '/boot/grub2/i386-pc/core.img'] as const;
  for (const core of cores) if ((await files.stat(core)).is === 'there') return false;
  return true;
}

/** Which boot loader starts this guest, with every entry it offers. `unknown` says what was looked for and found. */
export async function detectBootLoader(files: GuestFiles, os: OsFacts): Promise<BootLoader> {
  const { unreadable } = await findGrubMenus(files, os);
  const [closed] = unreadable;
  if (closed !== undefined)
    return { kind: 'unknown', why: `${closed.path} cannot be read: ${closed.text}`, evidence: [{ path: closed.path }] };
  const all = await detectAll(files, os);
  const fitting = all.filter((loader) => fitsFirmware(loader, os));
  const said = named[(await loaderType(files)) ?? ''] ?? ((await isLegacyAlone(files)) ? 'grub-legacy' : undefined);
  const boots = fitting.find((loader) => loader.kind === said) ?? fitting[0];
  if (boots === undefined) return nothingFound(files, all);
  const beside = all.filter((loader) => loader !== boots).map(({ kind, cfg }): Evidence => ({ path: cfg, text: kind }));
  return { ...boots, beside };
}

async function nothingFound(files: GuestFiles, unfit: readonly KnownLoader[]): Promise<BootLoader> {
  const evidence: Evidence[] = unfit.map(({ cfg, kind }) => ({ path: cfg, text: kind }));
  const names = new Set<string>(unfit.map(({ kind }) => `${kind}, which this firmware does not start,`));
  for (const { path, what } of strangers) {
    if ((await files.stat(path)).is !== 'there') continue;
    evidence.push({ path });
    names.add(what);
  }
  const why =
    names.size > 0
      ? `${[...names].join(' and ')} found, but no loader that reads them: is the EFI system partition mounted at /boot/efi?`
      : 'no boot loader configuration found: is /boot mounted below the root?';
  return { kind: 'unknown', why, evidence };
}

/** Edits for a wanted kernel line in every store; a string says why it cannot be edited. */
export function kernelArgsEdits(want: KernelArgs, facts: Facts): readonly Edit[] | string {
  const { boot } = facts;
  if (boot.kind !== 'unknown' && boot.fixed !== undefined) return boot.fixed;
  switch (boot.kind) {
    case 'grub2':
      return grub2.kernelArgs(want, boot, facts);
    case 'bls':
      return bls.kernelArgs(want, boot, facts);
    case 'grub-legacy':
      return grubLegacy.kernelArgs(want, boot, facts);
    case 'systemd-boot':
      return systemdBoot.kernelArgs(want, boot, facts);
    case 'extlinux':
      return extlinux.kernelArgs(want, boot, facts);
    case 'unknown':
      return boot.why;
  }
}
