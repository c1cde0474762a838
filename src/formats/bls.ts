/**
 * An entry of the Boot Loader Specification (/boot/loader/entries/*.conf): a key and its value on each line, `#` before
 * comments. Read by systemd-boot, and by the blscfg command of GRUB in Fedora and RHEL.
 */
import { refuseForGrub } from './grub-cfg.ts';
import { type ArgsChange, argTokens, editParts, refuseOpenQuote, splitArgs } from './kernel-line.ts';
import { lineEndOf, splitLines } from './lines.ts';
import { emptyRecord } from './record.ts';

/** One line: `value` is what stands behind the key, without blanks at the end. */
export interface BlsField {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  /** Offsets of the value in the text. Blanks at the end belong to it here, a carriage return does not. */
  readonly start: number;
  readonly end: number;
}

export interface BlsEntry {
  readonly fields: readonly BlsField[];
  readonly title: string | undefined;
  readonly version: string | undefined;
  /** The kernel image; undefined for entries that start an EFI program. */
  readonly linux: string | undefined;
  /** Every file named by initrd lines, and words like `$tuned_initrd` as written. */
  readonly initrds: readonly string[];
  /** All options lines, one blank between them. Words like `$kernelopts` stay: only GRUB knows them. */
  readonly options: string;
  /** Line numbers of the options lines. */
  readonly optionsAt: readonly number[];
  /** The first value of every other key (`machine-id`, `sort-key`, `id`, `grub_users`, `grub_arg` …). */
  readonly others: Readonly<Record<string, string>>;
}

/** Reads an entry. Never fails: what is no key with a value is passed over. */
export function readBls(text: string): BlsEntry {
  const fields: BlsField[] = [];
  for (const [at, line] of splitLines(text).entries()) {
    const found = /^([ \t]*)([^\s#]\S*)(?:[ \t]+|$)/.exec(line.text);
    if (found === null) continue;
    const start = line.start + found[0].length;
    const end = line.start + line.text.length;
    fields.push({ key: found[2] as string, value: text.slice(start, end).trimEnd(), line: at + 1, start, end });
  }
  const all = (key: string) => fields.filter((field) => field.key === key && field.value !== '');
  const others = emptyRecord<string>();
  for (const { key, value } of fields) others[key] ??= value;
  for (const key of ['title', 'version', 'linux', 'initrd', 'options']) delete others[key];
  const first = (key: string) => all(key)[0]?.value;
  return {
    fields,
    title: first('title'),
    version: first('version'),
    linux: first('linux'),
    initrds: all('initrd').flatMap(({ value }) => value.split(/[ \t]+/)),
    options: all('options')
      .map(({ value }) => value)
      .join(' '),
    optionsAt: all('options').map(({ line }) => line),
    others,
  };
}

/**
 * Edits the arguments of an entry; see editArgs. What is added goes to the end of the last options line, or into a new one
 * below the kernel. An options line that is left with nothing goes whole: GRUB reads no further at a key without a value.
 * Throws a RangeError for an entry that starts no Linux kernel, and for an argument that GRUB would not take as it is.
 */
export function editBls(text: string, change: ArgsChange): string {
  refuseForGrub(change);
  const { fields, linux } = readBls(text);
  const kernel = fields.find(({ key }) => key === 'linux');
  if (linux === undefined || kernel === undefined) throw new RangeError('the entry has no linux line');
  const lines = fields.filter(({ key }) => key === 'options');
  if (lines.length === 0) {
    const added = editParts([{ text: '', tokens: [] }], change)[0] as string;
    return added === '' ? text : insertBelow(text, kernel, `options ${added}`);
  }
  const values = lines.map(({ start, end }) => text.slice(start, end));
  const edited = editParts(
    values.map((value) => ({ text: value, tokens: argTokens(value) })),
    change,
  );
  let out = '';
  let done = 0;
  for (const [at, { start, end, line }] of lines.entries()) {
    const value = edited[at] as string;
    if (value === values[at]) continue;
    refuseOpenQuote(values[at] as string, line);
    if (splitArgs(value).length > 0) {
      const gap = /[ \t]/.test(text[start - 1] ?? '') ? '' : ' ';
      out += text.slice(done, start) + gap + value;
      done = end;
    } else {
      out += text.slice(done, text.lastIndexOf('\n', start - 1) + 1);
      const next = text.indexOf('\n', end);
      done = next < 0 ? text.length : next + 1;
    }
  }
  return out + text.slice(done);
}

/** A new line below a field's, indented as that is. */
function insertBelow(text: string, { start, end }: BlsField, line: string): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, start))?.[0] ?? '';
  const next = text.indexOf('\n', end);
  const eol = lineEndOf(text);
  if (next < 0) return `${text}${eol}${indent}${line}`;
  return `${text.slice(0, next + 1)}${indent}${line}${eol}${text.slice(next + 1)}`;
}

/** systemd-boot's loader.conf, as far as it matters here. */
export interface LoaderConf {
  /** A file name in loader/entries, or a pattern of names; `@saved` and the like are in the firmware. The last one counts. */
  readonly default: { readonly value: string; readonly line: number } | undefined;
  /** Seconds, or a word (`menu-force`, `menu-hidden`). */
  readonly timeout: { readonly value: string; readonly line: number } | undefined;
}

/** Reads /loader/loader.conf on the EFI system partition. */
export function readLoaderConf(text: string): LoaderConf {
  const { fields } = readBls(text);
  const last = (key: string) => {
    const found = fields.findLast((field) => field.key === key && field.value !== '');
    return found && { value: found.value, line: found.line };
  };
  return { default: last('default'), timeout: last('timeout') };
}
