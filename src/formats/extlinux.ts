/**
 * extlinux.conf and the other configuration files of SYSLINUX (doc/syslinux.txt, doc/menu.txt; also read by U-Boot):
 * keywords in any case, an argument behind blanks, `#` at the start of a comment, nothing that continues a line.
 */
import {
  type ArgsChange,
  valueOf as argValue,
  argTokens,
  editLine,
  keyOf,
  refuseOpenQuote,
  splitArgs,
} from './kernel-line.ts';
import { type Line, lineEndOf, splitLines } from './lines.ts';

/** An APPEND line: the arguments of Linux in it as they stand, with their place. */
export interface ExtlinuxAppend {
  readonly args: string;
  readonly line: number;
  /** Offsets in the text. Blanks at the end belong to it, a carriage return does not. */
  readonly start: number;
  readonly end: number;
}

export interface ExtlinuxEntry {
  readonly label: string;
  /** MENU LABEL without the caret that marks its key, else the label. */
  readonly title: string;
  /** Line of LABEL. */
  readonly line: number;
  /** The Linux image; undefined for what is none (a module of SYSLINUX, another boot sector, a local boot). */
  readonly kernel: { readonly path: string; readonly line: number } | undefined;
  /** Its own APPEND line. `APPEND -` is one without arguments. */
  readonly append: ExtlinuxAppend | undefined;
  /** What the kernel is given: its own line, else that before the first LABEL. */
  readonly args: readonly string[];
  /** Of INITRD, and of `initrd=` among the arguments. */
  readonly initrds: readonly string[];
}

export interface Extlinux {
  readonly entries: readonly ExtlinuxEntry[];
  /** APPEND before the first LABEL: for entries without one of their own. */
  readonly append: ExtlinuxAppend | undefined;
  /** What starts by itself, as an index into `entries`; undefined where the file alone does not say. */
  readonly defaultIndex: number | undefined;
  readonly timeout: { readonly value: string; readonly line: number } | undefined;
  /** SERIAL: the line that gives the menu a serial console. */
  readonly serial: { readonly value: string; readonly line: number } | undefined;
}

interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

function* directivesOf(text: string): Generator<Directive> {
  let help = false;
  for (const [at, line] of splitLines(text).entries()) {
    const found = /^\s*(?:(menu|text)\s+)?([^\s#]\S*)\s*/i.exec(line.text);
    if (found === null) continue;
    const name = [found[1], found[2]]
      .filter((word) => word !== undefined)
      .join(' ')
      .toLowerCase();
    // What stands between is shown to people, whatever it begins with.
    if (name === 'text help') help = true;
    else if (name === 'endtext') help = false;
    else if (!help) {
      const start = line.start + found[0].length;
      const end = line.start + line.text.length;
      yield { name, value: text.slice(start, end).trim(), line: at + 1, start, end };
    }
  }
}

/** A label while its lines are read. */
interface Label {
  readonly label: string;
  readonly line: number;
  title: string;
  kernel: Directive | undefined;
  append: Directive | undefined;
  initrds: readonly string[];
}

const globalNames = new Set(['default', 'ui', 'prompt', 'ontimeout', 'timeout', 'serial']);
const kernelNames = new Set(['kernel', 'linux', 'com32', 'boot', 'bss', 'pxe', 'fdimage', 'config', 'localboot']);

/** Reads a configuration. Never fails: a directive that it does not know is passed over. */
export function readExtlinux(text: string): Extlinux {
  const labels: Label[] = [];
  const globals = new Map<string, Directive>();
  let shared: Directive | undefined;
  let marked: number | undefined;
  for (const directive of directivesOf(text)) {
    const { name, value, line } = directive;
    const label = labels.at(-1);
    if (name === 'label') {
      labels.push({ label: value, line, title: value, kernel: undefined, append: undefined, initrds: [] });
    } else if (globalNames.has(name)) globals.set(name, directive);
    else if (label === undefined) {
      if (name === 'append') shared = directive;
    } else if (name === 'menu default') marked = labels.length - 1;
    else if (name === 'menu label') label.title = value.replace('^', '');
    else if (kernelNames.has(name)) label.kernel = directive;
    else if (name === 'append') label.append = directive;
    else if (name === 'initrd') label.initrds = value.split(/[\s,]+/).filter((path) => path !== '');
  }
  const append = shared && plainAppend(text, shared);
  const fact = (name: string) => {
    const found = globals.get(name);
    return found && { value: found.value, line: found.line };
  };
  return {
    entries: labels.map((label) => entryOf(text, label, append)),
    append,
    defaultIndex: defaultOf(labels, globals, marked),
    timeout: fact('timeout'),
    serial: fact('serial'),
  };
}

function plainAppend(text: string, { line, start, end, value }: Directive): ExtlinuxAppend {
  return { args: value === '-' ? '' : text.slice(start, end).trim(), line, start, end };
}

/** mboot.c32 starts a hypervisor with modules, parted by `---`: Linux is the one that is named like a kernel. */
function multibootAppend(text: string, { line, start, end }: Directive) {
  const tokens = argTokens(text.slice(start, end));
  let first = 0;
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at]?.text !== '---') continue;
    const [path, ...args] = tokens.slice(first, at);
    first = at + 1;
    if (path === undefined || !/^(?:vmlinu[xz]|bzImage)/i.test(path.text.slice(path.text.lastIndexOf('/') + 1)))
      continue;
    const from = start + (args[0]?.start ?? path.end);
    const to = start + (args.at(-1)?.end ?? path.end);
    return { path: path.text, append: { args: text.slice(from, to), line, start: from, end: to } };
  }
  return undefined;
}

function entryOf(text: string, label: Label, shared: ExtlinuxAppend | undefined): ExtlinuxEntry {
  const { kernel: image, append } = label;
  const path = image?.value.split(/\s/)[0] ?? '';
  const multiboot = image?.name === 'kernel' && /mboot\.c32$/i.test(path) && append !== undefined;
  const module = multiboot ? multibootAppend(text, append) : undefined;
  // By its name SYSLINUX takes an image for something else than Linux.
  const isLinux =
    image?.name === 'linux' || (image?.name === 'kernel' && !/\.(?:c32|com|cbt|bin|bss?|img|0)$/i.test(path));
  const own = multiboot ? module?.append : append && plainAppend(text, append);
  const args = splitArgs((own ?? (multiboot ? undefined : shared))?.args ?? '');
  const named = args.filter((arg) => keyOf(arg) === 'initrd').flatMap((arg) => (argValue(arg) ?? '').split(','));
  const kernel = image && path !== '' && isLinux ? { path, line: image.line } : undefined;
  return {
    label: label.label,
    title: label.title,
    line: label.line,
    kernel: module && image ? { path: module.path, line: image.line } : kernel,
    append: own,
    args,
    initrds: [...label.initrds, ...named.filter((file) => file !== '')],
  };
}

/** DEFAULT counts where it names a label, else what MENU DEFAULT marks, else the first of a menu. */
function defaultOf(
  labels: readonly Label[],
  globals: ReadonlyMap<string, Directive>,
  marked: number | undefined,
): number | undefined {
  const indexOf = (name: string) => {
    const wanted = globals.get(name)?.value.split(/\s/)[0];
    const at = labels.findIndex(({ label }) => label === wanted);
    return at < 0 ? undefined : at;
  };
  const menu = globals.get('ui') ?? (/menu\.c32/i.test(globals.get('default')?.value ?? '') ? 'menu' : undefined);
  const waits = menu !== undefined || (globals.get('prompt')?.value ?? '0') !== '0';
  const late = waits ? indexOf('ontimeout') : undefined;
  const alone = menu !== undefined || labels.length === 1 ? 0 : undefined;
  return late ?? indexOf('default') ?? marked ?? (labels.length > 0 ? alone : undefined);
}

/**
 * Edits the arguments of Linux in the entries picked, and nothing else; see editArgs. An entry that takes its arguments
 * from the APPEND before all labels gets a line of its own, unless all that take them are picked: then that one is edited.
 * Throws a RangeError for an argument that cannot stand on such a line, and for a line whose quote is never closed.
 */
export function editExtlinux(
  text: string,
  pick: (entry: ExtlinuxEntry, index: number) => boolean,
  change: ArgsChange,
): string {
  for (const arg of change.have) {
    if (/[\r\n]/.test(arg)) throw new RangeError(`not an argument to write into extlinux.conf: ${JSON.stringify(arg)}`);
  }
  const { entries, append } = readExtlinux(text);
  const linux = entries.flatMap((entry, index) =>
    entry.kernel === undefined ? [] : [{ entry, kernel: entry.kernel, picked: pick(entry, index) }],
  );
  const takers = linux.filter(({ entry }) => entry.append === undefined);
  const edits: { at: number; end: number; by: string }[] = [];
  const lines = splitLines(text);
  if (append !== undefined && takers.length > 0 && takers.every(({ picked }) => picked)) {
    edits.push(appendEdit(text, append, change));
  } else {
    for (const { kernel, picked } of takers) {
      const args = append?.args ?? '';
      const edited = editLine(args, change);
      if (picked && edited !== args) edits.push(newAppend(lines[kernel.line - 1] as Line, lineEndOf(text), edited));
    }
  }
  for (const { entry, picked } of linux) {
    if (picked && entry.append !== undefined) edits.push(appendEdit(text, entry.append, change));
  }
  let out = '';
  let done = 0;
  for (const { at, end, by } of edits.sort((one, other) => one.at - other.at)) {
    out += text.slice(done, at) + by;
    done = end;
  }
  return out + text.slice(done);
}

function appendEdit(text: string, { start, end, line }: ExtlinuxAppend, change: ArgsChange) {
  const args = text.slice(start, end);
  const none = args.trim() === '-';
  const edited = editLine(none ? '' : args, change);
  if (edited === (none ? '' : args)) return { at: start, end: start, by: '' };
  refuseOpenQuote(args, line);
  return { at: start, end, by: (/\s/.test(text[start - 1] ?? '') ? '' : ' ') + edited };
}

/** An APPEND below the kernel's line, indented and written as that is. */
function newAppend(kernel: Line, eol: string, args: string) {
  const [, indent = '', keyword = ''] = /^(\s*)(\S*)/.exec(kernel.text) ?? [];
  const added = `${indent}${keyword === keyword.toLowerCase() ? 'append' : 'APPEND'} ${args}`;
  const at = kernel.start + kernel.text.length + kernel.end.length;
  return { at, end: at, by: kernel.end === '' ? `${eol}${added}` : `${added}${eol}` };
}
