import { editBls } from '../../formats/bls.ts';
import { grubDefaultName, grubVariables } from '../../formats/grub-cfg.ts';
import { editGrubenv, readGrubenv } from '../../formats/grubenv.ts';
import { type ArgsChange, editArgs, editLine, joinArgs, splitArgs } from '../../formats/kernel-line.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { AskedLine, BootEntry, BootLoader, Facts, GuestPath, OsFacts } from '../../model.ts';
import { distroOf, releaseOf } from '../distro/index.ts';
import { folderOf, systemPartitions } from './boot-paths.ts';
import { addedElsewhere, type BootLoaderFamily, type Edit, type KernelArgs } from './bootloader.ts';
import { type EntryFile, entryOf, inGrubOrder, readEntryFolder } from './entry-files.ts';
import { askedAt, askedByDefaults, editDefaults, readGrubDefaults } from './grub-defaults.ts';
import { findGrubMenus, type GrubMenu } from './grub-menus.ts';
import { menuEdits, menuEntries } from './grub2.ts';
import { kernelInstallEdits, readKernelInstall } from './kernel-install.ts';
import { loaderType } from './sysconfig.ts';

type Bls = Extract<BootLoader, { kind: 'bls' }>;

const reference = /\$(?:\{(\w+)\}|(\w+))/g;
const usesKernelopts = (options: string): boolean => /\$\{?kernelopts\b/.test(options);

/** The variables that GRUB fills in: those of the menu, then those of the environment block beside it. */
interface Variables {
  /** Where the block really lies. */
  readonly block: GuestPath | undefined;
  readonly env: Readonly<Record<string, string>> | undefined;
  readonly all: Readonly<Record<string, string>>;
}

async function readVariables(files: GuestFiles, menu: GrubMenu | undefined): Promise<Variables> {
  const own = menu === undefined ? {} : grubVariables(menu.text);
  const path: GuestPath = `${menu === undefined ? '/boot/grub2' : folderOf(menu.path)}/grubenv`;
  const text = await files.text(path);
  const env = text.is === 'there' ? readGrubenv(text.value) : undefined;
  const real = await files.real(path);
  // Early releases of RHEL 8 name the line for want of a block otherwise.
  const fallback = own['default_kernelopts'] === undefined ? {} : { kernelopts: own['default_kernelopts'] };
  return { block: real.is === 'there' ? real.value : undefined, env, all: { ...fallback, ...own, ...env } };
}

const expand = (options: string, { all }: Variables): string =>
  // A variable that nobody sets is nothing, as in GRUB.
  options.replace(reference, (_, braced?: string, bare?: string) => all[(braced ?? bare) as string] ?? '');

/** By id, by title or by number, as GRUB looks for it; what names nothing means the first. */
function defaultOf(order: readonly EntryFile[], name: string | undefined): EntryFile | undefined {
  if (name === undefined) return undefined;
  const named = order.find(({ id, entry }) => id === name || `${id}.conf` === name || entry.title === name);
  return named ?? order[/^\d{1,6}$/.test(name) ? Number(name) : 0] ?? order[0];
}

/** Where GRUB takes its entries from. SUSE's grub2-bls has no menu: the folder on its own partition is built in. */
async function findFolder(files: GuestFiles, menu: GrubMenu | undefined) {
  for (const mount of menu === undefined ? systemPartitions : new Set<GuestPath>(['/boot', ...systemPartitions])) {
    const folder = await readEntryFolder(files, mount);
    if (folder !== undefined) return folder;
  }
  return undefined;
}

async function detect(files: GuestFiles, os: OsFacts): Promise<Bls | undefined> {
  const all = (await findGrubMenus(files, os)).menus;
  const [menu] = all;
  if (menu === undefined ? (await loaderType(files)) !== 'grub2-bls' : !menu.blscfg) return undefined;
  const folder = await findFolder(files, menu);
  if (folder === undefined) return undefined;
  const variables = await readVariables(files, menu);
  const order = inGrubOrder(folder.files);
  const name = menu === undefined ? undefined : grubDefaultName(menu.text, variables.env);
  const ofMenus = (await Promise.all(all.map((one) => menuEntries(files, one)))).flat();
  const inMenus = ofMenus.map((entry) => ({ ...entry, isDefault: entry.title === name }));
  const chosen = inMenus.some((entry) => entry.isDefault) ? undefined : defaultOf(order, name);
  const inFiles = order.flatMap((file) => entryOf(file, file === chosen, (line) => expand(line, variables)) ?? []);
  const entries = [...inFiles, ...inMenus];
  if (entries.length === 0) return undefined;
  const blocks = await kernelopts(files, all, order);
  const installed = await readKernelInstall(files, folder.folder, inFiles);
  const defaults = await readGrubDefaults(files, os);
  const rewrites = menu !== undefined && distroOf(os.distro.family)?.boot.rewritesEntries(releaseOf(os)) === true;
  const [block, ...others] = blocks.map(({ path, value }): AskedLine => {
    return { at: { path, text: `kernelopts=${value}` }, args: splitArgs(value), readBy: 'GRUB' };
  });
  const mkconfig = rewrites ? 'grub2-mkconfig' : 'grub2-mkconfig --update-bls-cmdline';
  const { settings } = defaults;
  return {
    kind: 'bls',
    cfg: menu?.path ?? folder.folder,
    menus: all.map((one) => one.path),
    entries,
    ...installed,
    ...(block === undefined ? {} : { nextArgs: block.args, nextAt: block.at }),
    sources: [...defaults.sources, ...installed.sources],
    settings,
    alsoAsked: [
      ...others,
      ...(block === undefined || installed.sources.length === 0
        ? []
        : [{ at: installed.nextAt, args: installed.nextArgs, readBy: 'kernel-install' }]),
      ...(settings['GRUB_CMDLINE_LINUX'] === undefined && settings['GRUB_CMDLINE_LINUX_DEFAULT'] === undefined
        ? []
        : [{ at: askedAt(settings), args: askedByDefaults(settings), readBy: mkconfig }]),
    ],
    kernelopts: blocks.map(({ path }) => path),
    rewrites,
    fixed: folder.unreadable.length === 0 ? undefined : `${folder.unreadable[0]?.path} cannot be read`,
    beside: [],
  };
}

/** Each environment block that gives entries their line: one for each menu, and often one file under two names. */
async function kernelopts(files: GuestFiles, menus: readonly GrubMenu[], order: readonly EntryFile[]) {
  const found = new Map<GuestPath, string>();
  if (!order.some(({ entry }) => usesKernelopts(entry.options))) return [];
  for (const menu of menus) {
    const { block, env } = await readVariables(files, menu);
    if (block !== undefined && env?.['kernelopts'] !== undefined) found.set(block, env['kernelopts']);
  }
  return [...found].map(([path, value]) => ({ path, value }));
}

/** The line that a menu sets for want of an environment block, edited inside its quotes. */
function editFallback(text: string, change: ArgsChange): string {
  return text.replace(/^([ \t]*set[ \t]+(?:default_)?kernelopts=")([^"$`\\\n]*)(")/gm, (_, before, line, after) => {
    return before + editLine(line as string, change) + after;
  });
}

/** An entry's own line. What stands in `$kernelopts` is edited there, and what is added goes there. */
function entryEdits(want: KernelArgs, found: Bls, facts: Facts): Edit[] {
  const inFiles = found.entries.filter((entry) => !found.menus.includes(entry.at.path));
  return inFiles.map(({ at }) => ({
    path: at.path,
    change: (text) => {
      if (text === null) return null;
      return editBls(text, usesKernelopts(text) && hasKernelopts(found, facts) ? addedElsewhere(want) : want);
    },
  }));
}

/** Somewhere there is a line behind the reference. */
function hasKernelopts(found: Bls, facts: Facts): boolean {
  return (
    found.kernelopts.length > 0 ||
    found.menus.some((path) => /^[ \t]*set[ \t]+(?:default_)?kernelopts="/m.test(facts.texts[path] ?? ''))
  );
}

/** One entry alone: words that it shares with the others through `$kernelopts` are written out in it first. */
function singleEdit(want: KernelArgs, entry: BootEntry): Edit {
  return {
    path: entry.at.path,
    change: (text) => {
      if (text === null) return null;
      const wanted = editArgs(entry.args, want);
      const added = wanted.slice(entry.args.length);
      const onlyAdds = joinArgs(wanted.slice(0, entry.args.length)) === joinArgs(entry.args);
      if (!usesKernelopts(text)) return editBls(text, want);
      return onlyAdds ? editBls(text, { have: added, lack: [] }) : editBls(writtenOut(text, entry), want);
    },
  };
}

/** The first options line gives everything that the entry is given now; the others go. */
function writtenOut(text: string, entry: BootEntry): string {
  let first = true;
  return text.replace(/^([ \t]*options)[ \t].*$\n?/gm, (whole, key: string) => {
    const line = first ? `${key} ${joinArgs(entry.args)}${whole.endsWith('\n') ? '\n' : ''}` : '';
    first = false;
    return line;
  });
}

/** Entries, environment block, menu and every source: which of them writes over which hangs on the release, so all agree. */
function kernelArgs(want: KernelArgs, found: Bls, facts: Facts): readonly Edit[] | string {
  const only = found.entries.find(({ at }) => at.path === want.entry?.path && at.line === want.entry.line);
  if (want.entry !== undefined)
    return only === undefined || found.menus.includes(only.at.path)
      ? menuEdits(want, found, facts)
      : [singleEdit(want, only)];
  const asks = found.settings['GRUB_CMDLINE_LINUX'] ?? found.settings['GRUB_CMDLINE_LINUX_DEFAULT'];
  const sources = asks === undefined ? [] : editDefaults(want, found, facts);
  if (typeof sources === 'string') return sources;
  const blocks = found.kernelopts.map(
    (path): Edit => ({
      path,
      change: (text) =>
        text === null ? null : editGrubenv(text, 'kernelopts', editLine(readGrubenv(text)?.['kernelopts'] ?? '', want)),
    }),
  );
  const fallbacks = found.menus.map(
    (path): Edit => ({ path, change: (text) => (text === null ? null : editFallback(text, want)) }),
  );
  return [
    ...sources,
    ...kernelInstallEdits(want, found.sources, facts),
    ...blocks,
    ...entryEdits(want, found, facts),
    ...menuEdits(want, found, facts),
    ...fallbacks,
  ];
}

export const bls: BootLoaderFamily<'bls'> = { kind: 'bls', detect, kernelArgs };
