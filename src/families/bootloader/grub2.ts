import type { GrubEntry } from '../../formats/grub-cfg.ts';
import { editGrubCfg, grubDefault, grubLeadsTo, parseGrubCfg } from '../../formats/grub-cfg.ts';
import { readGrubenv } from '../../formats/grubenv.ts';
import { editArgs, joinArgs, keyOf, splitArgs } from '../../formats/kernel-line.ts';
import { readShellFiles, readShellVars, setShellVar } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, BootLoader, Evidence, Facts, GuestPath, OsFacts } from '../../model.ts';
import { distroOf } from '../distro/index.ts';
import type { BootLoaderFamily, Edit, KernelArgs } from './bootloader.ts';

type Grub2 = Extract<BootLoader, { kind: 'grub2' }>;

/** Where grub-mkconfig writes: Debian's name first, then that of RHEL and SUSE. */
export const grub2Menus: readonly GuestPath[] = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];
const defaults: GuestPath = '/etc/default/grub';

/** grub-mkconfig puts these two on normal entries in this order; recovery entries get only the first (10_linux). */
const everyEntry = 'GRUB_CMDLINE_LINUX';
const normalEntry = 'GRUB_CMDLINE_LINUX_DEFAULT';

/** A path on the boot partition or a btrfs subvolume (`/vmlinuz-…`, `/@/boot/vmlinuz-…`) as the guest sees it. */
export function belowBoot(path: string): GuestPath {
  const at = path.indexOf('/boot/');
  if (at >= 0) return path.slice(at) as GuestPath;
  return `/boot/${path.replace(/^\/+/, '')}`;
}

/** `6.1.0-32-amd64` of `/boot/vmlinuz-6.1.0-32-amd64`; undefined for names that carry no version. */
export function versionOfImage(path: string): string | undefined {
  return /\/(?:vmlinuz|vmlinux|kernel|Image|bzImage)-([^/]+)$/.exec(path)?.[1];
}

function isRecovery(entry: GrubEntry): boolean {
  const args = splitArgs(entry.linux?.args ?? '');
  return /\(recovery mode\)/i.test(entry.title) || args.includes('single') || args.includes('recovery');
}

function bootEntry(entry: GrubEntry, cfg: GuestPath, isDefault: boolean): BootEntry | undefined {
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
    at: { path: cfg, line: entry.linux.line },
  };
}

async function readSources(files: GuestFiles, os: OsFacts): Promise<{ path: GuestPath; text: string }[]> {
  const paths: GuestPath[] = [defaults];
  const dropIns = distroOf(os.distro.family)?.boot.grubDropIns;
  if (dropIns !== undefined) {
    const names = await files.names(dropIns);
    // The shell's glob order in the C locale, which is what `for x in *.cfg` of grub-mkconfig gives.
    if (names.is === 'there')
      for (const name of names.value) if (name.endsWith('.cfg')) paths.push(`${dropIns}/${name}`);
  }
  const sources: { path: GuestPath; text: string }[] = [];
  for (const path of paths) {
    const text = await files.text(path);
    if (text.is === 'there') sources.push({ path, text: text.value });
  }
  return sources;
}

async function detect(files: GuestFiles, os: OsFacts): Promise<Grub2 | undefined> {
  for (const cfg of grub2Menus) {
    const text = await files.text(cfg);
    if (text.is !== 'there') continue;
    // With blscfg the entries stand in files of their own, and which of both is the default cannot be told from here.
    if (grubLeadsTo(text.value).blscfg) continue;
    const parsed = parseGrubCfg(text.value);
    const grubenv = await files.text(`${cfg.slice(0, cfg.lastIndexOf('/'))}/grubenv` as GuestPath);
    const chosen = grubDefault(text.value, parsed, grubenv.is === 'there' ? readGrubenv(grubenv.value) : undefined);
    const entries = parsed.flatMap((entry, index) => bootEntry(entry, cfg, index === chosen) ?? []);
    // A wrapper or a menu that only calls blscfg holds no kernel line: what boots stands elsewhere.
    if (entries.length === 0) continue;
    const sources = await readSources(files, os);
    const settings = readShellFiles(sources);
    return {
      kind: 'grub2',
      cfg,
      entries,
      sources: sources.map((source) => source.path),
      settings,
      menus: [cfg],
      nextArgs: nextArgs(settings),
      nextAt: nextAt(settings),
      alsoAsked: [],
      fixed: undefined,
      beside: [],
    };
  }
  return undefined;
}

function nextArgs(settings: Grub2['settings']): readonly string[] | undefined {
  const parts = [settings[everyEntry], settings[normalEntry]];
  if (parts.some((part) => part?.literal === false)) return undefined;
  return parts.flatMap((part) => splitArgs(part?.value ?? ''));
}

/** Where the sources set the kernel line: what cannot be read as plain words first, since that is what a person must see. */
function nextAt(settings: Grub2['settings']): Evidence {
  const [every, normal] = [settings[everyEntry], settings[normalEntry]];
  const odd = [every, normal].find((setting) => setting?.literal === false);
  return (odd ?? normal ?? every)?.at ?? { path: defaults };
}

/** What is added goes where an argument of the same key stands already, so that `console=` keeps its order; else to every entry. */
function variableFor(arg: string, settings: Grub2['settings']): typeof everyEntry | typeof normalEntry {
  const holds = (name: string) => splitArgs(settings[name]?.value ?? '').some((token) => keyOf(token) === keyOf(arg));
  return !holds(everyEntry) && holds(normalEntry) ? normalEntry : everyEntry;
}

function sourceEdits(want: KernelArgs, found: Grub2, facts: Facts): readonly Edit[] | string {
  const edits: Edit[] = [];
  for (const name of [everyEntry, normalEntry]) {
    const setting = found.settings[name];
    if (setting !== undefined && !setting.literal) {
      return `${setting.at.path} line ${setting.at.line ?? '?'}: ${name} is put together by shell code, which is not edited`;
    }
    // What an earlier file gives already (through `$GRUB_CMDLINE_LINUX`, say) is not added again, but for a move to the end.
    const given = (arg: string) => found.nextArgs?.includes(arg) === true && !want.lack.includes(arg);
    const have = want.have.filter((arg) => variableFor(arg, found.settings) === name && !given(arg));
    const lack = want.lack;
    const additions = setting?.at.path ?? defaults;
    for (const path of new Set([...found.sources, additions])) {
      const change = { have: path === additions ? have : [], lack, ...(want.swap ? { swap: want.swap } : {}) };
      edits.push({ path, change: (text) => editVariable(text, path, name, change) });
    }
  }
  return edits.filter((edit) => edit.path === defaults || facts.texts[edit.path] !== undefined);
}

function editVariable(text: string | null, path: GuestPath, name: string, change: KernelArgs0): string | null {
  const now = readShellVars(text ?? '', path)[name]?.value;
  if (now === undefined && change.have.length === 0) return text;
  const before = splitArgs(now ?? '');
  const after = editArgs(before, change);
  return joinArgs(before) === joinArgs(after) ? text : setShellVar(text ?? '', name, joinArgs(after));
}

type KernelArgs0 = Pick<KernelArgs, 'have' | 'lack' | 'swap'>;

/**
 * The sources and the generated menu are both edited as text. grub-mkconfig is not run: in a foreign root it writes the
 * preparing machine's device as `root=` and exits 0, and a small edit needs none of what else it would change.
 */
function kernelArgs(want: KernelArgs, found: Grub2, facts: Facts): readonly Edit[] | string {
  const sources = sourceEdits(want, found, facts);
  if (typeof sources === 'string') return sources;
  const forAll = { ...want, have: want.have.filter((arg) => variableFor(arg, found.settings) === everyEntry) };
  const menu: Edit = {
    path: found.cfg,
    change: (text) => {
      if (text === null) return null;
      const normal = editGrubCfg(text, (entry) => !isRecovery(entry), want);
      return editGrubCfg(normal, isRecovery, forAll);
    },
  };
  return [...sources, menu];
}

export const grub2: BootLoaderFamily<'grub2'> = { kind: 'grub2', detect, kernelArgs };
