import { type GrubWord, grubTokens, grubWordText } from './grub-words.ts';
import { lineFinder } from './lines.ts';

/** A `linux`, `linux16` or `linuxefi` line. */
export interface GrubLinux {
  /** The image as written, without `($root)` before it. */
  readonly path: string;
  /** The arguments as written, one blank between them. */
  readonly args: string;
  readonly line: number;
  /** Where the arguments stand in the text: offsets of the first character and behind the last. Equal where there are none. */
  readonly start: number;
  readonly end: number;
}

/** The menu that an entry stands in, where it is not the first one. */
export interface GrubSubmenu {
  readonly title: string;
  readonly id: string | undefined;
  /** Its place in its own menu, counted as GRUB does: entries and submenus alike, from 0. */
  readonly index: number;
  /** Whether that count can be off: something before it stands inside an `if`. */
  readonly uncertain: boolean;
  readonly submenu: GrubSubmenu | undefined;
}

export interface GrubEntry extends GrubSubmenu {
  readonly classes: readonly string[];
  readonly line: number;
  /** Undefined for entries that load no Linux kernel: firmware settings, other systems, memory tests. */
  readonly linux: GrubLinux | undefined;
  /** Further kernel lines of the same entry, behind an `if` (Ubuntu tries without an initrd first). */
  readonly moreLinux: readonly GrubLinux[];
  readonly initrd: { readonly paths: readonly string[]; readonly line: number } | undefined;
}

/** What a grub.cfg holds, as far as it matters here. */
export interface GrubScript {
  readonly entries: GrubEntry[];
  /** What stands in each menu, in order: the first menu under undefined. */
  readonly menus: ReadonlyMap<GrubSubmenu | undefined, readonly GrubSubmenu[]>;
  /** Commands outside entries and functions, words with their quotes off. `sure`: not inside an `if` or a loop. */
  readonly commands: readonly { readonly words: readonly string[]; readonly sure: boolean }[];
}

/** A block that is open: the file itself, a menu, an entry, or the body of a function. */
interface Frame {
  readonly is: 'menu' | 'entry' | 'other';
  readonly menu: GrubSubmenu | undefined;
  readonly entry: Writable<GrubEntry> | undefined;
  /** Depth of `if` and loops. */
  depth: number;
  /** An item of this menu stood inside an `if`: those behind it may be counted wrongly. */
  uncertain: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** No real menu comes near: those of guests with a hundred kernels have 300 KB. */
const limit = 4 * 1024 * 1024;

const opens = new Set(['if', 'while', 'until', 'for']);
const closes = new Set(['fi', 'done']);
const beforeCommand = new Set(['if', 'while', 'until', 'then', 'else', 'elif', 'do', '!']);
const kept = new Set(['set', 'blscfg', 'configfile']);

/** Reads a grub.cfg in one pass. Throws a RangeError above 4 MiB. */
export function readGrubScript(text: string): GrubScript {
  if (text.length > limit) throw new RangeError(`a grub.cfg of ${text.length} bytes is not read: more than ${limit}`);
  const lineOf = lineFinder(text);
  const entries: Writable<GrubEntry>[] = [];
  const menus = new Map<GrubSubmenu | undefined, GrubSubmenu[]>([[undefined, []]]);
  const commands: { words: string[]; sure: boolean }[] = [];
  const frames: Frame[] = [{ is: 'menu', menu: undefined, entry: undefined, depth: 0, uncertain: false }];
  let words: GrubWord[] = [];
  const read = (word: GrubWord | undefined) => (word === undefined ? '' : grubWordText(text, word));

  /** The words of the command behind its keywords, whose blocks are counted. */
  const command = (frame: Frame): GrubWord[] => {
    let first = 0;
    for (; first < words.length; first++) {
      const name = read(words[first]);
      if (opens.has(name)) frame.depth++;
      if (closes.has(name)) frame.depth = Math.max(0, frame.depth - 1);
      if (name === 'for') return [];
      if (!beforeCommand.has(name) && !closes.has(name)) break;
    }
    return first === 0 ? words : words.slice(first);
  };

  const open = (frame: Frame) => {
    const own = command(frame);
    const kind = read(own[0]);
    if (frame.is !== 'menu' || (kind !== 'menuentry' && kind !== 'submenu')) {
      frames.push({ ...frame, is: frame.is === 'entry' ? 'entry' : 'other', depth: frame.depth });
      return;
    }
    const { title, id, classes } = heading(own.slice(1).map(read));
    const items = menus.get(frame.menu) as GrubSubmenu[];
    frame.uncertain ||= frame.depth > 0;
    const item = { title, id, index: items.length, uncertain: frame.uncertain, submenu: frame.menu };
    const line = lineOf(own[0]?.start ?? 0).line;
    if (kind === 'submenu') {
      items.push(item);
      menus.set(item, []);
      frames.push({ is: 'menu', menu: item, entry: undefined, depth: 0, uncertain: false });
    } else {
      const entry: Writable<GrubEntry> = { ...item, classes, line, linux: undefined, moreLinux: [], initrd: undefined };
      items.push(entry);
      entries.push(entry);
      frames.push({ is: 'entry', menu: undefined, entry, depth: 0, uncertain: false });
    }
  };

  const finish = (frame: Frame) => {
    const own = command(frame);
    const name = own.length === 0 ? '' : read(own[0]);
    if (frame.is === 'menu' && (kept.has(name) || name.startsWith('default='))) {
      commands.push({ words: own.map(read), sure: frame.depth === 0 });
    } else if (frame.entry !== undefined && /^linux(?:16|efi)?$/.test(name) && own[1] !== undefined) {
      const linux = linuxLine(text, own, lineOf(own[0]?.start ?? 0).line);
      if (frame.entry.linux === undefined) frame.entry.linux = linux;
      else (frame.entry.moreLinux as GrubLinux[]).push(linux);
    } else if (frame.entry !== undefined && /^initrd(?:16|efi)?$/.test(name)) {
      const paths = own.slice(1).map((word) => imagePath(read(word)));
      frame.entry.initrd ??= { paths, line: lineOf(own[0]?.start ?? 0).line };
    }
  };

  for (const token of grubTokens(text)) {
    const frame = frames.at(-1) as Frame;
    if (token.is === 'word') words.push(token);
    else {
      if (token.is === '{') open(frame);
      else finish(frame);
      if (token.is === '}' && frames.length > 1) frames.pop();
      words = [];
    }
  }
  finish(frames.at(-1) as Frame);
  return { entries, menus, commands };
}

/** Title, id and classes of a `menuentry` or `submenu`, whose options may stand before or behind the title. */
function heading(words: readonly string[]): { title: string; id: string | undefined; classes: string[] } {
  const classes: string[] = [];
  let title: string | undefined;
  let id: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    // The variable holds `--id`, or nothing in a GRUB older than 2.00.
    const [option, given] = /^\$\{?menuentry_id_option\}?$/.test(word) ? ['--id'] : word.split(/=(.*)/s, 2);
    if (['--class', '--id', '--users', '--hotkey', '--source'].includes(option as string)) {
      const value = given ?? words[++at] ?? '';
      if (option === '--class') classes.push(value);
      if (option === '--id') id = value;
    } else if (!word.startsWith('--')) title ??= word;
  }
  return { title: title ?? '', id, classes };
}

function linuxLine(text: string, [, path, ...args]: readonly GrubWord[], line: number): GrubLinux {
  const image = path as GrubWord;
  return {
    path: imagePath(grubWordText(text, image)),
    args: args.map((word) => text.slice(word.start, word.end)).join(' '),
    line,
    start: args[0]?.start ?? image.end,
    end: args.at(-1)?.end ?? image.end,
  };
}

/** RHEL writes `($root)/vmlinuz-…`: the device that holds the menu's files anyway. */
function imagePath(path: string): string {
  return path.replace(/^\(\$\{?root\}?\)/, '');
}
