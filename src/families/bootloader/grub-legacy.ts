import { keyOf, splitArgs } from '../../formats/kernel-line.ts';
import { editMenuLst, editMenuLstMagic, type MenuEntry, type MenuLst, readMenuLst } from '../../formats/menu-lst.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, BootLoader, Facts, GuestPath, LoaderFacts, OsFacts, ShellSetting } from '../../model.ts';
import { belowBoot, folderOf, isRepairLine, systemPartitions, versionOfImage } from './boot-paths.ts';
import { addedElsewhere, type BootLoaderFamily, type Edit, type KernelArgs } from './bootloader.ts';
import { editVariable } from './grub-defaults.ts';
import { readSysconfig, sysconfigBootloader } from './sysconfig.ts';

type GrubLegacy = Extract<BootLoader, { kind: 'grub-legacy' }>;

/** RHEL writes grub.conf and links menu.lst to it; Debian and SUSE write menu.lst. */
const menus: readonly GuestPath[] = ['/boot/grub/grub.conf', '/boot/grub/menu.lst'];

/** RHEL 6 that starts by UEFI has its grub.conf beside grub.efi. */
async function findMenu(files: GuestFiles): Promise<{ path: GuestPath; text: string } | undefined> {
  const paths: GuestPath[] = [...menus];
  for (const mount of systemPartitions) {
    const vendors = await files.names(`${mount}/EFI`);
    for (const vendor of vendors.is === 'there' ? vendors.value : []) paths.push(`${mount}/EFI/${vendor}/grub.conf`);
  }
  for (const path of paths) {
    const text = await files.text(path);
    const real = await files.real(path);
    if (text.is === 'there' && readMenuLst(text.value).entries.some((entry) => entry.linux !== undefined))
      return { path: real.is === 'there' ? real.value : path, text: text.value };
  }
  return undefined;
}

function isRecovery(entry: MenuEntry): boolean {
  return (
    /failsafe|rescue|recovery mode|single-user mode/i.test(`${entry.yast ?? ''} ${entry.title}`) ||
    isRepairLine(splitArgs(entry.linux?.args ?? ''))
  );
}

async function savedDefault(files: GuestFiles, menu: GuestPath): Promise<number | undefined> {
  // grub-set-default writes the number and a line of advice into a block of a fixed size.
  const text = await files.text(`${folderOf(menu)}/default`);
  const number = text.is === 'there' ? /^\s*(\d{1,6})/.exec(text.value)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}

function bootEntries(menu: MenuLst, path: GuestPath, chosen: number | undefined): BootEntry[] {
  return menu.entries.flatMap((entry, index): BootEntry[] => {
    if (entry.linux === undefined) return [];
    const kernelPath = belowBoot(entry.linux.path);
    return [
      {
        title: entry.title,
        kernelPath,
        version: versionOfImage(kernelPath),
        args: splitArgs(entry.linux.args),
        initrds: entry.initrds.map(belowBoot),
        isDefault: index === chosen,
        recovery: isRecovery(entry),
        at: { path, line: entry.linux.line },
      },
    ];
  });
}

type Next = Pick<GrubLegacy, 'asks' | 'nextArgs' | 'nextAt' | 'sources' | 'settings'>;

/** Debian's update-grub reads comments of the menu itself; SUSE's perl-Bootloader a shell file; grubby copies the default entry. */
function nextOf(
  menu: MenuLst,
  path: GuestPath,
  entries: readonly BootEntry[],
  sysconfig: Readonly<Record<string, ShellSetting>>,
): Next {
  const magic = menu.magic.filter(({ key }) => key === 'kopt' || key === 'defoptions');
  const [first] = magic;
  if (first !== undefined) {
    // update-grub writes kopt, then defoptions, on normal entries.
    const of = (key: string) => splitArgs(magic.findLast((one) => one.key === key)?.value ?? '');
    const args = [...of('kopt'), ...of('defoptions')];
    const at = { path, line: first.line, text: `# ${first.key}=${first.value}` };
    return { asks: 'magic', nextArgs: args, nextAt: at, sources: [path], settings: {} };
  }
  const append = sysconfig['DEFAULT_APPEND'];
  if (append !== undefined) {
    const args = append.literal ? splitArgs(append.value) : undefined;
    const sources: GuestPath[] = [sysconfigBootloader];
    return { asks: 'sysconfig', nextArgs: args, nextAt: append.at, sources, settings: sysconfig };
  }
  const model = entries.find((entry) => entry.isDefault) ?? entries[0];
  const at = model === undefined ? { path } : { ...model.at, text: model.args.join(' ') };
  return { asks: 'entry', nextArgs: model?.args ?? [], nextAt: at, sources: [], settings: {} };
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<GrubLegacy | undefined> {
  const found = await findMenu(files);
  if (found === undefined) return undefined;
  const menu = readMenuLst(found.text);
  const chosen = menu.defaultIndex === 'saved' ? await savedDefault(files, found.path) : menu.defaultIndex;
  const entries = bootEntries(menu, found.path, chosen);
  const common: Pick<LoaderFacts, 'alsoAsked' | 'fixed' | 'beside'> = { alsoAsked: [], fixed: undefined, beside: [] };
  const next = nextOf(menu, found.path, entries, await readSysconfig(files));
  return { kind: 'grub-legacy', cfg: found.path, entries, ...next, ...common };
}

/** The menu, and what the next kernel's entry is made from. Entries for repair keep their line, but for what must go everywhere. */
function kernelArgs(want: KernelArgs, found: GrubLegacy, _facts: Facts): readonly Edit[] | string {
  const edit = (path: GuestPath, change: (text: string) => string): Edit => ({
    path,
    change: (text) => (text === null ? null : change(text)),
  });
  const { entry: only } = want;
  if (only !== undefined)
    return [edit(only.path, (text) => editMenuLst(text, ({ linux }) => linux?.line === only.line, want))];
  const menu = edit(found.cfg, (text) => editMenuLst(text, (entry) => !isRecovery(entry), want));
  if (found.asks === 'entry') return [menu];
  if (found.asks === 'magic') {
    const magic = edit(found.cfg, (text) => editMagic(text, want));
    return [menu, magic];
  }
  if (found.nextArgs === undefined)
    return `${found.nextAt.path}: DEFAULT_APPEND is put together by shell code, which is not edited`;
  const append: Edit = {
    path: sysconfigBootloader,
    change: (text) => editVariable(text, sysconfigBootloader, 'DEFAULT_APPEND', want),
  };
  return [menu, append];
}

/** kopt reaches every entry and defoptions the normal ones: what is added goes to kopt, unless its key stands in defoptions. */
function editMagic(text: string, want: KernelArgs): string {
  const { magic } = readMenuLst(text);
  const options = magic.find(({ key }) => key === 'defoptions');
  const held = splitArgs(options?.value ?? '').map(keyOf);
  const toDefault = want.have.filter((arg) => held.includes(keyOf(arg)));
  const toAll = want.have.filter((arg) => !toDefault.includes(arg));
  const kopt = magic.some(({ key }) => key === 'kopt');
  let edited = text;
  for (const key of new Set(magic.map((one) => one.key).filter((key) => /^kopt/.test(key))))
    edited = editMenuLstMagic(edited, key, { ...addedElsewhere(want, toAll), have: toAll });
  return editMenuLstMagic(edited, 'defoptions', {
    ...addedElsewhere(want, toDefault),
    have: kopt ? toDefault : want.have,
  });
}

export const grubLegacy: BootLoaderFamily<'grub-legacy'> = { kind: 'grub-legacy', detect, kernelArgs };
