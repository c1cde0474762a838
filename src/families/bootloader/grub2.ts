import type { GrubEntry } from '../../formats/grub-cfg.ts';
import { editGrubCfg, grubDefault } from '../../formats/grub-cfg.ts';
import { readGrubenv } from '../../formats/grubenv.ts';
import { splitArgs } from '../../formats/kernel-line.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, BootLoader, Facts, GuestPath, OsFacts } from '../../model.ts';
import { belowBoot, folderOf, isRepairLine, versionOfImage } from './boot-paths.ts';
import type { BootLoaderFamily, Edit, KernelArgs } from './bootloader.ts';
import { askedAt, askedByDefaults, editDefaults, goesEverywhere, readGrubDefaults } from './grub-defaults.ts';
import { findGrubMenus, type GrubMenu } from './grub-menus.ts';

type Grub2 = Extract<BootLoader, { kind: 'grub2' }>;

function isRecovery(entry: GrubEntry): boolean {
  return (
    /\((?:recovery|rescue) mode\)|\b0-rescue-/i.test(entry.title) || isRepairLine(splitArgs(entry.linux?.args ?? ''))
  );
}

function bootEntry(entry: GrubEntry, path: GuestPath, isDefault: boolean): BootEntry | undefined {
  if (entry.linux === undefined) return undefined;
  const kernelPath = belowBoot(entry.linux.path);
  return {
    title: entry.title,
    kernelPath,
    version: versionOfImage(kernelPath),
    args: splitArgs(entry.linux.args),
    initrds: (entry.initrd?.paths ?? []).map(belowBoot),
    isDefault,
    recovery: isRecovery(entry),
    at: { path, line: entry.linux.line },
  };
}

/** The entries that stand in a menu itself. */
export async function menuEntries(files: GuestFiles, menu: GrubMenu): Promise<BootEntry[]> {
  const grubenv = await files.text(`${folderOf(menu.path)}/grubenv`);
  const env = grubenv.is === 'there' ? readGrubenv(grubenv.value) : undefined;
  const chosen = grubDefault(menu.text, menu.entries, env);
  return menu.entries.flatMap((entry, index) => bootEntry(entry, menu.path, index === chosen) ?? []);
}

async function detect(files: GuestFiles, os: OsFacts): Promise<Grub2 | undefined> {
  const found = (await findGrubMenus(files, os)).menus;
  // A menu that calls blscfg in is another loader's: its entries stand in files of their own.
  const [first] = found;
  if (first === undefined || first.blscfg) return undefined;
  const menus = found.filter((menu) => !menu.blscfg);
  const entries = (await Promise.all(menus.map((menu) => menuEntries(files, menu)))).flat();
  const { sources, settings } = await readGrubDefaults(files, os);
  return {
    kind: 'grub2',
    cfg: first.path,
    menus: menus.map((menu) => menu.path),
    entries,
    sources,
    settings,
    nextArgs: askedByDefaults(settings),
    nextAt: askedAt(settings),
    alsoAsked: [],
    fixed: undefined,
    beside: [],
  };
}

/** Edits of the entries that stand in menus themselves. Recovery entries get what the sources would give them. */
export function menuEdits(want: KernelArgs, found: Pick<Grub2, 'menus' | 'settings'>, facts: Facts): Edit[] {
  const { entry: only } = want;
  if (only !== undefined) {
    const change: Edit['change'] = (text) =>
      text === null ? null : editGrubCfg(text, ({ linux }) => linux?.line === only.line, want);
    return [{ path: only.path, change }];
  }
  const forAll = { ...want, have: want.have.filter((arg) => goesEverywhere(arg, found.settings, facts.os)) };
  return found.menus.map((path) => ({
    path,
    change: (text) => {
      if (text === null) return null;
      return editGrubCfg(
        editGrubCfg(text, (entry) => !isRecovery(entry), want),
        isRecovery,
        forAll,
      );
    },
  }));
}

/**
 * The sources and the generated menus are both edited as text. grub-mkconfig is not run: in a foreign root it writes the
 * preparing machine's device as `root=` and exits 0, and a small edit needs none of what else it would change.
 */
function kernelArgs(want: KernelArgs, found: Grub2, facts: Facts): readonly Edit[] | string {
  const menus = menuEdits(want, found, facts);
  if (want.entry !== undefined) return menus;
  const sources = editDefaults(want, found, facts);
  return typeof sources === 'string' ? sources : [...sources, ...menus];
}

export const grub2: BootLoaderFamily<'grub2'> = { kind: 'grub2', detect, kernelArgs };
