import { editBls, readBls } from './bls.ts';
import { editDefaultGrub } from './default-grub.ts';
import { editExtlinux, readExtlinux } from './extlinux.ts';
import { editGrubCfg, type GrubEntry, grubDefault, grubLeadsTo, parseGrubCfg } from './grub-cfg.ts';
import { editCmdlineFile } from './kernel-cmdline-file.ts';
import { type ArgsChange, keyOf, splitArgs } from './kernel-line.ts';
import { editMenuLst, editMenuLstMagic, type MenuMagic, readMenuLst } from './menu-lst.ts';

/** The kinds of files that editBootFile knows. `bls` are also the entries of systemd-boot. */
export const bootFileKinds = ['grub-legacy', 'grub2', 'bls', 'extlinux', 'default-grub', 'kernel-cmdline'] as const;
export type BootFileKind = (typeof bootFileKinds)[number];

/** One entry by its place in the file, counted from 0; the one that boots by itself; or all. */
export type EntryChoice = number | 'default' | 'all';

export interface EditedBootFile {
  readonly text: string;
  /** What the file does not decide alone, for a person to know. */
  readonly notes: readonly string[];
}

/** Kinds that hold no entries, so none can be chosen. */
export function hasEntries(as: BootFileKind): boolean {
  return as !== 'default-grub' && as !== 'kernel-cmdline';
}

/**
 * Edits the kernel line of the chosen entries in one file of boot configuration, and nothing else: every other byte stays.
 * Throws a RangeError where the file cannot be edited without guessing.
 */
export function editBootFile(text: string, as: BootFileKind, entry: EntryChoice, change: ArgsChange): EditedBootFile {
  if (text.includes('\0')) throw new RangeError('it is not a text: it holds NUL bytes');
  switch (as) {
    case 'grub-legacy':
      return editLegacy(text, entry, change);
    case 'grub2':
      return editGrub2(text, entry, change);
    case 'bls':
      return editEntry(text, entry, change);
    case 'extlinux': {
      const { entries, defaultIndex } = readExtlinux(text);
      const chosen = choose(
        entry,
        entries.map(({ kernel }) => kernel !== undefined),
        () => defaultIndex,
      );
      return { text: editExtlinux(text, (_, index) => chosen.has(index), change), notes: [] };
    }
    case 'default-grub':
      return { text: editDefaultGrub(text, change), notes: [] };
    case 'kernel-cmdline':
      return { text: editCmdlineFile(text, change), notes: [] };
  }
}

/** The places of the chosen entries. `isLinux`: for each entry, whether it starts a Linux kernel. */
function choose(
  entry: EntryChoice,
  isLinux: readonly boolean[],
  findDefault: () => number | undefined,
): ReadonlySet<number> {
  if (!isLinux.includes(true)) throw new RangeError('no entry in it starts a Linux kernel');
  if (entry === 'all') return new Set(isLinux.keys());
  const index = entry === 'default' ? findDefault() : entry;
  if (index === undefined) throw new RangeError('which entry boots by itself cannot be told from this file alone');
  if (index >= isLinux.length)
    throw new RangeError(`there is no entry ${index}: it has ${isLinux.length}, counted from 0`);
  if (!isLinux[index]) throw new RangeError(`entry ${index} starts no Linux kernel`);
  return new Set([index]);
}

function editLegacy(text: string, entry: EntryChoice, change: ArgsChange): EditedBootFile {
  const { entries, defaultIndex, magic } = readMenuLst(text);
  const chosen = choose(
    entry,
    entries.map(({ linux }) => linux !== undefined),
    () => (defaultIndex === 'saved' ? undefined : defaultIndex),
  );
  const edited = editMenuLst(text, (_, index) => chosen.has(index), change);
  return { text: entry === 'all' ? editMagic(edited, magic, change) : edited, notes: [] };
}

/**
 * Debian's update-grub writes the entries anew from its comments: `kopt` (or `kopt_2_6` …) for all of them, the others for
 * some. What is added goes into kopt, but for a key that stands in defoptions.
 */
function editMagic(text: string, magic: readonly MenuMagic[], change: ArgsChange): string {
  const holds = (name: RegExp, arg: string) =>
    magic.some(({ key, value }) => name.test(key) && splitArgs(value).some((one) => keyOf(one) === keyOf(arg)));
  let out = text;
  for (const key of new Set(magic.map((option) => option.key))) {
    if (!/^(?:kopt(?:_\w+)?|defoptions|nonaltoptions|altoptions|xenkopt)$/.test(key)) continue;
    const takes = (arg: string) =>
      !holds(/^kopt/, arg) && holds(/^defoptions$/, arg) ? key === 'defoptions' : key.startsWith('kopt');
    // What takes the place of others does so in all of them.
    const moved = change.have.filter((arg) => !takes(arg) && change.only?.includes(keyOf(arg)) && arg.includes('='));
    const lack = [...change.lack, ...moved.map((arg) => `${keyOf(arg)}=`)];
    out = editMenuLstMagic(out, key, { ...change, have: change.have.filter(takes), lack });
  }
  return out;
}

/** A memory test is started like a kernel, and takes no argument of one. */
function isLinux({ linux }: GrubEntry): boolean {
  return linux !== undefined && !/memtest/i.test(linux.path);
}

function editGrub2(text: string, entry: EntryChoice, change: ArgsChange): EditedBootFile {
  const entries = parseGrubCfg(text);
  if (!entries.some(isLinux)) throw new RangeError(whyNoEntry(text));
  const chosen = choose(entry, entries.map(isLinux), () => grubDefault(text, entries));
  const picked = new Set(entries.filter((_, index) => chosen.has(index)).map(({ line, title }) => `${line} ${title}`));
  const pick = (one: GrubEntry) => isLinux(one) && picked.has(`${one.line} ${one.title}`);
  return { text: editGrubCfg(text, pick, change), notes: [] };
}

function whyNoEntry(text: string): string {
  const { blscfg, configfiles } = grubLeadsTo(text);
  if (blscfg) return 'its entries stand in files of their own, in /boot/loader/entries: edit those with --as bls';
  if (configfiles.length > 0) return `it holds no entries but leads to ${configfiles.join(' and ')}`;
  return 'no entry in it starts a Linux kernel';
}

/** A file with one entry, which is the first, the default and all. */
function editEntry(text: string, entry: EntryChoice, change: ArgsChange): EditedBootFile {
  choose(entry, [readBls(text).linux !== undefined], () => 0);
  const edited = editBls(text, change);
  const variables = splitArgs(readBls(edited).options).filter((arg) => /^\$\w/.test(arg));
  const gone = change.lack.length > 0 && variables.length > 0;
  return {
    text: edited,
    notes: gone
      ? [`${variables.join(' and ')} is set elsewhere (grubenv, grub.cfg): what that holds was not removed`]
      : [],
  };
}
