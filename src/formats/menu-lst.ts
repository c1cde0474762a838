/**
 * GRUB legacy's menu (/boot/grub/menu.lst, grub.conf): one command on each line, the entries begin with `title`. Read as
 * GRUB 0.97 does (stage2.c, get_line_from_config): a backslash before the line end continues a line, comments too; a carriage
 * return is nothing; blanks and `=` part a command from its argument.
 */
import { type ArgsChange, type ArgToken, argTokens, editTokens, refuseOpenQuote } from './kernel-line.ts';
import { lineFinder } from './lines.ts';

/** A `kernel` or `module` line. */
export interface MenuImage {
  /** As written, without the device before it (`(hd0,0)/vmlinuz`). */
  readonly path: string;
  /** The arguments as written, one blank between them. */
  readonly args: string;
  readonly line: number;
  /** Offsets of the first argument and behind the last. Equal, right behind the path, where there are none. */
  readonly start: number;
  readonly end: number;
}

export interface MenuEntry {
  readonly title: string;
  readonly line: number;
  readonly kernel: MenuImage | undefined;
  /** What a hypervisor (Xen) is handed. */
  readonly modules: readonly MenuImage[];
  /** The line that carries Linux's arguments: `kernel`, or the module that is a Linux kernel. Undefined where there is none. */
  readonly linux: MenuImage | undefined;
  readonly initrds: readonly string[];
  /** YaST's name for the entry (`linux`, `failsafe`, `xen`), from its comment above. */
  readonly yast: string | undefined;
}

/** A command outside the entries: its argument and place. */
export interface MenuFact {
  readonly value: string;
  readonly line: number;
}

/** An option of Debian's update-grub: a comment `# kopt=…` between its markers. */
export interface MenuMagic {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** Offsets of the value's arguments: behind the title in brackets that `altoptions` begins with. */
  readonly start: number;
  readonly end: number;
}

export interface MenuLst {
  /** Entries count from 0. `saved`: the number stands in a file beside the menu. Undefined where it is neither. */
  readonly defaultIndex: number | 'saved' | undefined;
  readonly fallback: readonly number[];
  readonly entries: readonly MenuEntry[];
  readonly magic: readonly MenuMagic[];
  /** The last of each of `default`, `timeout`, `hiddenmenu`, `serial`, `terminal`, where it is there. */
  readonly facts: Readonly<Partial<Record<MenuFactName, MenuFact>>>;
}

export type MenuFactName = (typeof factNames)[number];
const factNames = ['default', 'timeout', 'hiddenmenu', 'serial', 'terminal'] as const;

/** A line as GRUB sees it, in a text whose continuations and carriage returns are blanks: offsets are those of the file. */
interface Command {
  readonly name: string;
  /** Offset of the argument, and of the line's end. */
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

const shape = /[ \t]*([^\s=]+)[ \t=]*/y;

function* commandsOf(masked: string): Generator<Command> {
  for (let at = 0; at < masked.length; ) {
    const feed = masked.indexOf('\n', at);
    const end = feed < 0 ? masked.length : feed;
    shape.lastIndex = at;
    const found = shape.exec(masked);
    if (found !== null && shape.lastIndex <= end)
      yield { name: found[1] as string, start: shape.lastIndex, end, at: at + found[0].indexOf(found[1] as string) };
    at = end + 1;
  }
}

/** The text with what GRUB takes for blanks made blanks; every other character keeps its place. */
function mask(text: string): string {
  return text.replace(/\\\r*\n/g, (found) => ' '.repeat(found.length)).replaceAll('\r', ' ');
}

type Open = { -readonly [K in keyof MenuEntry]: MenuEntry[K] } & { modules: MenuImage[]; initrds: string[] };

/** Reads a menu. Never fails: a command that it does not know is passed over. */
export function readMenuLst(text: string): MenuLst {
  const masked = mask(text);
  const find = lineFinder(text);
  const entries: Open[] = [];
  const facts: Partial<Record<MenuFactName, MenuFact>> = {};
  let fallback: number[] = [];
  let yast: string | undefined;
  for (const { name, start, end, at } of commandsOf(masked)) {
    const { line } = find(at);
    const value = masked.slice(start, end).trim();
    const entry = entries.at(-1);
    if (name.startsWith('#')) {
      yast = /YaST2? identifier: Original name: ([^#]+)#/.exec(masked.slice(at, end))?.[1]?.trim() ?? yast;
    } else if (name === 'title') {
      entries.push({ title: value, line, kernel: undefined, modules: [], linux: undefined, initrds: [], yast });
      yast = undefined;
    } else if (entry === undefined) {
      const fact = factNames.find((one) => one === name);
      if (fact !== undefined) facts[fact] = { value, line };
      if (name === 'fallback') fallback = value.split(/\s+/).filter(isNumber).map(Number);
    } else if (name === 'kernel') entry.kernel = image(masked, start, end, line);
    else if (/^module(?:nounzip)?$/.test(name)) entry.modules.push(...[image(masked, start, end, line) ?? []].flat());
    else if (name === 'initrd' && value !== '') entry.initrds.push(...value.split(/\s+/).map(withoutDevice));
  }
  for (const entry of entries) completeEntry(entry);
  return { defaultIndex: defaultOf(facts.default?.value), fallback, entries, magic: readMagic(text), facts };
}

function isNumber(text: string): boolean {
  return /^\d{1,6}$/.test(text);
}

function defaultOf(value = '0'): number | 'saved' | undefined {
  if (value === 'saved') return 'saved';
  return isNumber(value) ? Number(value) : undefined;
}

function withoutDevice(path: string): string {
  return path.replace(/^\([^)]*\)/, '');
}

/** `--no-mem-check`, `--type=…` and the like stand before the path. */
function image(masked: string, start: number, end: number, line: number): MenuImage | undefined {
  const words = argTokens(masked.slice(start, end));
  const first = words.findIndex(({ text }) => !text.startsWith('--'));
  const path = words[first];
  if (path === undefined) return undefined;
  const args = words.slice(first + 1);
  return {
    path: withoutDevice(path.text),
    args: args.map(({ text }) => text).join(' '),
    line,
    start: start + (args[0]?.start ?? path.end),
    end: start + (args.at(-1)?.end ?? path.end),
  };
}

/** With modules the kernel is a hypervisor or a loader (Xen, tboot), and Linux is the module that is named like a kernel. */
function completeEntry(entry: Open): void {
  const isLinux = ({ path }: MenuImage) => /^(?:vmlinu[xz]|bzImage|kernel|linux)/i.test(baseName(path));
  const isInitrd = ({ path }: MenuImage) => /^(?:initrd|initramfs)/i.test(baseName(path));
  entry.linux = entry.modules.length === 0 ? entry.kernel : entry.modules.find(isLinux);
  entry.initrds.push(...entry.modules.filter(isInitrd).map(({ path }) => path));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What update-grub reads of its own comments: `# key=value`, exactly so, between its markers. */
function readMagic(text: string): MenuMagic[] {
  const first = text.search(/^### BEGIN AUTOMAGIC KERNELS LIST/m);
  if (first < 0) return [];
  const last = text.indexOf('### END DEBIAN AUTOMAGIC KERNELS LIST', first);
  const find = lineFinder(text);
  const magic: MenuMagic[] = [];
  const option = /^# ([a-z]\w*)=(.*)$/gm;
  option.lastIndex = first;
  for (let found = option.exec(text); found !== null && (last < 0 || found.index < last); found = option.exec(text)) {
    const key = found[1] as string;
    const whole = (found[2] as string).replace(/\r$/, '');
    const title = key === 'altoptions' ? (/^\s*\([^)]*\)\s*/.exec(whole)?.[0].length ?? 0) : 0;
    const end = found.index + `# ${key}=`.length + whole.length;
    magic.push({ key, value: whole, line: find(found.index).line, start: end - whole.length + title, end });
  }
  return magic;
}

/**
 * Edits the arguments of Linux in the entries picked, and nothing else; see editArgs. Throws a RangeError for an argument
 * that cannot stand in such a line, and for a line whose quote is never closed.
 */
export function editMenuLst(
  text: string,
  pick: (entry: MenuEntry, index: number) => boolean,
  change: ArgsChange,
): string {
  const spans = readMenuLst(text).entries.flatMap((entry, index) =>
    entry.linux !== undefined && pick(entry, index) ? [entry.linux] : [],
  );
  return editSpans(text, spans, change);
}

/** Edits every comment of update-grub with that key (`kopt`, `kopt_2_6`, `defoptions` …). Errors as editMenuLst. */
export function editMenuLstMagic(text: string, key: string, change: ArgsChange): string {
  return editSpans(
    text,
    readMenuLst(text).magic.filter((magic) => magic.key === key),
    change,
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

function editSpans(text: string, spans: readonly Span[], change: ArgsChange): string {
  refuseForLine(change);
  let out = '';
  let done = 0;
  for (const { start, end, line } of spans) {
    const args = text.slice(start, end);
    const edited = editTokens(args, wordsOf(args), change);
    if (edited === args) continue;
    refuseOpenQuote(args, line);
    const gap = start === end && !/[\s=)]/.test(text[start - 1] ?? '') ? ' ' : '';
    out += text.slice(done, start) + gap + edited;
    done = end;
  }
  return out + text.slice(done);
}

/** The arguments as they stand in the file; those that are parted by a continued line are two. */
function wordsOf(args: string): ArgToken[] {
  return argTokens(mask(args)).map(({ start, end }) => ({ text: args.slice(start, end), start, end }));
}

/** A backslash is GRUB's: whether it reaches the kernel hangs on the version. */
function refuseForLine(change: ArgsChange): void {
  for (const arg of [...change.have, ...(change.swap ?? []).map((swap) => swap.to)]) {
    if (/[\\\r\n]/.test(arg)) throw new RangeError(`not an argument to write into menu.lst: ${JSON.stringify(arg)}`);
  }
}
