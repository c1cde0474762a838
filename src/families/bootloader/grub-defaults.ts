import { type ArgsChange, editArgs, isMeant, joinArgs, keyOf, splitArgs } from '../../formats/kernel-line.ts';
import { readShellFiles, readShellVars, setShellVar } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Evidence, Facts, GuestPath, LoaderFacts, OsFacts, ShellSetting } from '../../model.ts';
import { distroOf } from '../distro/index.ts';
import { addedElsewhere, type Edit } from './bootloader.ts';

/** /etc/default/grub and its drop-ins: what grub-mkconfig makes a menu from. */

const defaults: GuestPath = '/etc/default/grub';

/** grub-mkconfig puts these two on normal entries in this order; recovery entries get only the first (10_linux). */
const everyEntry = 'GRUB_CMDLINE_LINUX';
const normalEntry = 'GRUB_CMDLINE_LINUX_DEFAULT';
type Variable = typeof everyEntry | typeof normalEntry;
type Settings = Readonly<Record<string, ShellSetting>>;

/** The files in the order they are sourced, and what they come to. A file that is there and cannot be read is named too. */
export async function readGrubDefaults(
  files: GuestFiles,
  os: OsFacts,
): Promise<Pick<LoaderFacts, 'sources' | 'settings'>> {
  const paths: GuestPath[] = [defaults];
  const dropIns = distroOf(os.distro.family)?.boot.grubDropIns;
  if (dropIns !== undefined) {
    const names = await files.names(dropIns);
    // The shell's glob order in the C locale, which is what `for x in *.cfg` of grub-mkconfig gives.
    if (names.is === 'there')
      for (const name of names.value) if (name.endsWith('.cfg')) paths.push(`${dropIns}/${name}`);
    if (names.is === 'unreadable') paths.push(dropIns);
  }
  const sources: GuestPath[] = [];
  const texts: { path: GuestPath; text: string }[] = [];
  for (const path of paths) {
    const text = await files.text(path);
    if (text.is !== 'absent') sources.push(path);
    if (text.is === 'there') texts.push({ path, text: text.value });
  }
  return { sources, settings: readShellFiles(texts) };
}

/** What grub-mkconfig would give normal entries; undefined where shell code puts it together. */
export function askedByDefaults(settings: Settings): readonly string[] | undefined {
  const parts = [settings[everyEntry], settings[normalEntry]];
  if (parts.some((part) => part?.literal === false)) return undefined;
  return parts.flatMap((part) => splitArgs(part?.value ?? ''));
}

/** Where that is set: what cannot be read as plain words first, since that is what a person must see. */
export function askedAt(settings: Settings): Evidence {
  const [every, normal] = [settings[everyEntry], settings[normalEntry]];
  const odd = [every, normal].find((setting) => setting?.literal === false);
  const shown = (normal?.value ?? '') === '' ? (every ?? normal) : normal;
  return (odd ?? shown)?.at ?? { path: defaults };
}

/** Whether what is added for this key reaches recovery entries as well. */
export function goesEverywhere(arg: string, settings: Settings, os: OsFacts): boolean {
  return variableFor(arg, settings, os) === everyEntry;
}

/** What is added goes where an argument of the same key stands already, so that `console=` keeps its order; else where the
 *  family writes its own. */
function variableFor(arg: string, settings: Settings, os: OsFacts): Variable {
  const holds = (name: Variable) => splitArgs(settings[name]?.value ?? '').some((token) => keyOf(token) === keyOf(arg));
  const own = distroOf(os.distro.family)?.boot.grubVariable ?? everyEntry;
  const other = own === everyEntry ? normalEntry : everyEntry;
  return !holds(own) && holds(other) ? other : own;
}

/** Keys of `only` whose wanted values are given already, and no others: looking for rivals there would find the wanted ones. */
function withoutSettled(change: ArgsChange, asked: readonly string[]): ArgsChange {
  const isSettled = (key: string) => {
    const [have, now] = [change.have, asked].map((args) => joinArgs(args.filter((arg) => keyOf(arg) === key)));
    return have === now;
  };
  return { ...change, only: change.only?.filter((key) => !isSettled(key)) };
}

/** Edits of every source, so that a later grub-mkconfig gives what is wanted; a string says why they cannot be edited. */
export function editDefaults(
  wanted: ArgsChange,
  { sources, settings }: Pick<LoaderFacts, 'sources' | 'settings'>,
  facts: Facts,
): readonly Edit[] | string {
  const edits: Edit[] = [];
  const asked = askedByDefaults(settings) ?? [];
  const change = withoutSettled(wanted, asked);
  for (const name of [everyEntry, normalEntry] as const) {
    const setting = settings[name];
    if (setting !== undefined && !setting.literal) {
      return `${setting.at.path} line ${setting.at.line ?? '?'}: ${name} is put together by shell code, which is not edited`;
    }
    // What an earlier file gives already (through `$GRUB_CMDLINE_LINUX`, say) is not added again, but for a move to the end.
    const given = (arg: string) =>
      asked.includes(arg) &&
      !change.lack.some((lack) => isMeant(arg, lack)) &&
      change.only?.includes(keyOf(arg)) !== true;
    const have = change.have.filter((arg) => variableFor(arg, settings, facts.os) === name && !given(arg));
    const additions = setting?.at.path ?? defaults;
    for (const path of new Set([...sources, additions])) {
      const own = path === additions ? { ...addedElsewhere(change, have), have } : addedElsewhere(change);
      edits.push({ path, change: (text) => editVariable(text, path, name, own) });
    }
  }
  return edits.filter((edit) => edit.path === defaults || facts.texts[edit.path] !== undefined);
}

/** A variable of a shell file that holds a kernel line, edited in place; added where it is missing and something is to be held. */
export function editVariable(text: string | null, path: GuestPath, name: string, change: ArgsChange): string | null {
  const now = readShellVars(text ?? '', path)[name]?.value;
  if (now === undefined && change.have.length === 0) return text;
  const before = splitArgs(now ?? '');
  const after = editArgs(before, change);
  return joinArgs(before) === joinArgs(after) ? text : setShellVar(text ?? '', name, joinArgs(after));
}
