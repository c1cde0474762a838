import { type GrubEntry, type GrubScript, type GrubSubmenu, readGrubScript } from './grub-script.ts';
import { grubTokens } from './grub-words.ts';
import { type ArgsChange, type ArgToken, editArgs, editTokens } from './kernel-line.ts';
import { emptyRecord } from './record.ts';

export type { GrubEntry, GrubLinux, GrubSubmenu } from './grub-script.ts';

/** Entries of a generated grub.cfg, submenus opened, in the order they stand. Throws a RangeError above 4 MiB. */
export function parseGrubCfg(text: string): GrubEntry[] {
  return readGrubScript(text).entries;
}

/** Whether the entries come from /boot/loader/entries, and the other files that this one leads to: its own variables are
 *  filled in, those that GRUB sets (`$root`) stay as written. */
export function grubLeadsTo(text: string): { readonly blscfg: boolean; readonly configfiles: readonly string[] } {
  const { commands } = readGrubScript(text);
  const vars = grubVariables(text);
  return {
    blscfg: commands.some(({ words }) => words[0] === 'blscfg'),
    configfiles: commands.flatMap(({ words }) =>
      words[0] === 'configfile' && words[1] !== undefined
        ? [words[1].replace(/\$\{?(\w+)\}?/g, (whole, name: string) => vars[name] ?? whole)]
        : [],
    ),
  };
}

/** What `set NAME=VALUE` gives each variable, the last one where there are several. Not expanded. */
export function grubVariables(text: string): Record<string, string> {
  const vars = emptyRecord<string>();
  for (const { words } of readGrubScript(text).commands) {
    const set = words[0] === 'set' ? /^(\w+)=(.*)$/s.exec(words[1] ?? '') : null;
    if (set !== null) vars[set[1] as string] = set[2] as string;
  }
  return vars;
}

/**
 * What names the entry that GRUB starts by itself: a number, an id or a title, `>` between the steps into submenus. Empty for
 * the first; undefined where that hangs on something not known here.
 */
export function grubDefaultName(text: string, env?: Readonly<Record<string, string>>): string | undefined {
  return defaultSpec(readGrubScript(text), env);
}

/**
 * Edits the arguments of every kernel line of the entries picked, and nothing else; see editArgs. Throws a RangeError for
 * an argument that GRUB would not take as it is (`;`, `{`, `$` …), for a line whose quote is never closed, and above 4 MiB.
 */
export function editGrubCfg(text: string, pick: (entry: GrubEntry) => boolean, change: ArgsChange): string {
  refuseForGrub(change);
  const lines = parseGrubCfg(text)
    .filter(pick)
    .flatMap((entry) => (entry.linux === undefined ? [] : [entry.linux, ...entry.moreLinux]))
    .sort((one, other) => one.start - other.start);
  let out = '';
  let done = 0;
  for (const { start, end, line } of lines) {
    const args = text.slice(start, end);
    const edited = editTokens(args, argWords(args), change);
    const wanted = editArgs(textsOf(argWords(args)), change);
    if (textsOf(argWords(edited)).join('\n') !== wanted.join('\n')) {
      throw new RangeError(`line ${line} cannot be edited: a quote is never closed`);
    }
    out += text.slice(done, start) + (start === end && edited !== '' ? ' ' : '') + edited;
    done = end;
  }
  return out + text.slice(done);
}

/** Throws a RangeError for a wanted argument that GRUB's script would read as something else. */
export function refuseForGrub(change: ArgsChange): void {
  for (const arg of [...change.have, ...(change.swap ?? []).map((swap) => swap.to)]) {
    if (/[{}|&$;<>'\\\r\n]|^#/.test(arg) || arg.split('"').length % 2 === 0)
      throw new RangeError(`not an argument to write into grub.cfg: ${JSON.stringify(arg)}`);
  }
}

function textsOf(tokens: readonly ArgToken[]): string[] {
  return tokens.map((token) => token.text);
}

function argWords(args: string): ArgToken[] {
  const tokens: ArgToken[] = [];
  for (const token of grubTokens(args)) {
    if (token.is === 'word')
      tokens.push({ text: args.slice(token.start, token.end), start: token.start, end: token.end });
  }
  return tokens;
}

/**
 * Which entry GRUB starts by itself, as an index into `entries`; undefined where that hangs on something not known here.
 * `env` is the grubenv block beside the file, which `${saved_entry}` and `${next_entry}` come from.
 */
export function grubDefault(
  text: string,
  entries: readonly GrubEntry[],
  env?: Readonly<Record<string, string>>,
): number | undefined {
  const script = readGrubScript(text);
  const wanted = defaultSpec(script, env);
  const found = wanted === undefined ? undefined : findEntry(script, wanted);
  const index = entries.findIndex((entry) => entry.line === found?.line && entry.title === found.title);
  return index < 0 ? undefined : index;
}

function defaultSpec(script: GrubScript, env: Readonly<Record<string, string>> | undefined): string | undefined {
  if (env?.['next_entry']) return env['next_entry'];
  const specs: { value: string; sure: boolean }[] = [];
  for (const { words, sure } of script.commands) {
    const found = /^default=(.*)$/s.exec((words[0] === 'set' ? words[1] : words[0]) ?? '');
    // For one boot only, and then only where grubenv says so.
    if (found !== null && !/next_entry/.test(found[1] as string)) specs.push({ value: found[1] as string, sure });
  }
  const last = specs.at(-1);
  if (last === undefined) return '';
  if (!last.sure && specs.some((spec) => spec.value !== last.value)) return undefined;
  const name = /^\$\{?(\w+)\}?$/.exec(last.value)?.[1];
  if (name === 'saved_entry') return env === undefined ? undefined : (env[name] ?? '');
  return last.value.includes('$') ? undefined : last.value;
}

/** By `1>2`, by title or by id, each step one menu deeper. What names nothing means the first entry, as in GRUB. */
function findEntry({ menus }: GrubScript, spec: string): GrubEntry | undefined {
  // A `>` inside a title is doubled.
  const steps = spec.split(/(?<!>)>(?!>)/).map((step) => step.replaceAll('>>', '>').trim());
  let items = menus.get(undefined);
  for (let depth = 0; items !== undefined; depth++) {
    const step = steps[depth] ?? '0';
    const number = /^\d{1,6}$/.test(step) ? Number(step) : undefined;
    const named = items.find((item) =>
      number === undefined ? [item.title, item.id].includes(step) : item.index === number,
    );
    const item: GrubSubmenu | undefined = named ?? items[0];
    if (item === undefined || (item.uncertain && (number !== undefined || named === undefined))) return undefined;
    if (!menus.has(item)) return item as GrubEntry;
    items = menus.get(item);
  }
  return undefined;
}
