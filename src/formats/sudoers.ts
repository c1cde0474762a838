import { splitLines } from './lines.ts';

/** One entry of a sudoers file: a logical line, which a backslash at its end makes go on in the next. */
export interface SudoersEntry {
  /** Of its first line, from 1. */
  readonly line: number;
  /** How many lines it takes. */
  readonly lines: number;
  /** As written; the parts of several lines joined. */
  readonly text: string;
  readonly is: 'defaults' | 'alias' | 'rule' | 'include' | 'include-folder' | 'unknown';
  /** For `defaults`: the options in order. Those for some user, host, command or runas only have a scope. */
  readonly options: readonly { readonly name: string; readonly off: boolean }[];
  readonly scoped: boolean;
  /** For includes: the path as written. */
  readonly path: string | undefined;
}

/** The text before a comment: `#` begins one unless it stands in quotes, is escaped, or is a user id (`#1000`). */
function withoutComment(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === '#' && !quoted && !/^#-?\d/.test(text.slice(at))) return text.slice(0, at);
  }
  return text;
}

/** Splits at commas outside quotes. */
function atCommas(text: string): string[] {
  return (text.match(/(?:[^,"\\]|\\.|"(?:[^"\\]|\\.)*"?)+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function option(text: string): { name: string; off: boolean } {
  const found = /^(!*)\s*([A-Za-z_]\w*)/.exec(text);
  return { name: found?.[2] ?? '', off: (found?.[1]?.length ?? 0) % 2 === 1 };
}

function readEntry(raw: string): Omit<SudoersEntry, 'line' | 'lines' | 'text'> | undefined {
  const include = /^\s*[#@](include|includedir)\s+("[^"]*"|\S+)/.exec(raw);
  if (include !== null) {
    const is = include[1] === 'include' ? 'include' : 'include-folder';
    return { is, options: [], scoped: false, path: include[2]?.replaceAll('"', '') };
  }
  const text = withoutComment(raw).trim();
  if (text === '') return undefined;
  const defaults = /^Defaults(?:([@:!>])\s*\S+)?(?=\s)/.exec(text);
  if (defaults !== null) {
    const options = atCommas(text.slice(defaults[0].length)).map(option);
    const isKnown = options.length > 0 && options.every(({ name }) => name !== '') && !text.endsWith(',');
    return { is: isKnown ? 'defaults' : 'unknown', options, scoped: defaults[1] !== undefined, path: undefined };
  }
  const is = /^(?:User|Runas|Host|Cmnd|Cmd)_Alias\s+[A-Z]\w*\s*=/.test(text)
    ? 'alias'
    : /^(?!\w+_Alias\s)(?:"[^"]+"|[^\s=])[^=]*\s[^=]*=\s*\S/.test(text)
      ? 'rule'
      : 'unknown';
  return { is, options: [], scoped: false, path: undefined };
}

/** The entries of a sudoers file (sudoers(5)); comments and empty lines are none. `unknown`: visudo would complain. */
export function readSudoers(text: string): SudoersEntry[] {
  const entries: SudoersEntry[] = [];
  let parts: string[] = [];
  const lines = splitLines(text);
  for (const [at, { text: line }] of lines.entries()) {
    // A comment does not go on, whatever it ends in.
    const isComment = parts.length === 0 && /^\s*#(?!include|-?\d)/.test(line);
    const goesOn = !isComment && /(?:^|[^\\])(?:\\\\)*\\$/.test(line) && at + 1 < lines.length;
    parts.push(goesOn ? line.slice(0, -1) : line);
    if (goesOn) continue;
    const entry = readEntry(parts.join(' '));
    if (entry !== undefined)
      entries.push({ line: at + 2 - parts.length, lines: parts.length, text: parts.join(' '), ...entry });
    parts = [];
  }
  return entries;
}

/** A `Defaults` line without one of its options, every other byte kept; undefined where it held nothing else. */
export function withoutOption(text: string, name: string): string | undefined {
  const found = /^(\s*Defaults\s+)(.*)$/.exec(text);
  const parts = found?.[2]?.split(',') ?? [];
  const kept = parts.filter((part) => option(part.trim()).name !== name);
  return found === null || kept.length === 0 ? undefined : `${found[1]}${kept.join(',').trimStart()}`;
}

/** A rule that lets everybody do everything as anybody: harmless only where it asks for the target's password. */
export function letsEverybody(entry: SudoersEntry): boolean {
  return (
    entry.is === 'rule' &&
    /^\s*ALL\s+ALL\s*=\s*\(\s*ALL(?:\s*:\s*ALL)?\s*\)\s*(?:PASSWD:\s*)?ALL\s*(?:#.*)?$/.test(entry.text)
  );
}
