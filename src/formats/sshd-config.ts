/**
 * sshd_config(5): keywords in any case, the first value wins. What follows a Match line holds for those it matches, and there wins
 * over what stands before it; so what a `Match all` block says holds for everyone before anything else.
 */
import type { GuestPath, ShellSetting } from '../model.ts';
import { appendLine, lineEndOf, marker, splitLines } from './lines.ts';
import { emptyRecord } from './record.ts';

export interface SshdLine {
  /** Lower case. */
  readonly keyword: string;
  /** Arguments without quotes and without a comment behind them. */
  readonly args: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Where the arguments stand in the line. */
  readonly start: number;
  readonly end: number;
  /** Before any Match line, in a block for everyone (`Match all`), or in one for some. */
  readonly block: 'global' | 'all' | 'some';
}

/** Every line that says something. */
export function readSshd(text: string): SshdLine[] {
  const found: SshdLine[] = [];
  let block: SshdLine['block'] = 'global';
  for (const [at, { text: line }] of splitLines(text).entries()) {
    const head = /^[ \t]*"?([A-Za-z]\w*)"?[ \t]*(?:=|(?=[ \t]|$))[ \t]*/.exec(line);
    if (head === null) continue;
    const keyword = (head[1] as string).toLowerCase();
    const start = head[0].length;
    const { args, end } = argsFrom(line, start);
    if (keyword === 'match') block = args.join(' ').toLowerCase() === 'all' ? 'all' : 'some';
    found.push({ keyword, args, line: at + 1, text: line, start, end, block });
  }
  return found;
}

function argsFrom(line: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  const word = /[ \t]*("(?:[^"\\]|\\.)*"?|[^ \t#"][^ \t"]*)/y;
  word.lastIndex = start;
  let end = start;
  for (let found = word.exec(line); found !== null; found = word.exec(line)) {
    args.push((found[1] as string).replace(/^"|"$/g, ''));
    end = word.lastIndex;
  }
  return { args, end };
}

/** Files for the pattern of one Include word, in the order that glob(3) gives. */
export type ResolveInclude = (glob: string) => readonly { readonly path: GuestPath; readonly text: string }[];

/** sshd's own limit on nesting, and ours on the number of files: a guest's files may include each other in a circle. */
const deepest = 16;
const mostFiles = 1000;

/** The value of each keyword (lower case) that holds for everyone, Include lines followed where they stand. */
export function readSshdFiles(path: GuestPath, text: string, include: ResolveInclude): Record<string, ShellSetting> {
  const global = emptyRecord<ShellSetting>();
  const all = emptyRecord<ShellSetting>();
  let files = 0;
  const follow = (from: GuestPath, content: string, depth: number, into: 'global' | 'all'): void => {
    for (const { keyword, args, line, text: shown, block } of readSshd(content)) {
      if (block === 'some' || keyword === 'match') continue;
      const kind = block === 'all' ? 'all' : into;
      if (keyword !== 'include') {
        const settings = kind === 'all' ? all : global;
        settings[keyword] ??= { value: args.join(' '), literal: true, at: { path: from, line, text: shown.trim() } };
      } else if (depth < deepest) {
        for (const file of args.flatMap((glob) => include(glob))) {
          if (files++ < mostFiles) follow(file.path, file.text, depth + 1, kind);
        }
      }
    }
  };
  follow(path, text, 0, 'global');
  return Object.assign(global, all);
}

/**
 * The text with a keyword set for everyone: the line that decides it is edited, else one is put below a commented
 * template or before the first Match line. null comments all such lines out. A file included earlier may still win: the
 * caller looks. Doing it twice changes nothing more.
 */
export function setSshd(text: string, key: string, value: string | null): string {
  const said = readSshd(text);
  const own = said.filter(({ keyword, block }) => keyword === key.toLowerCase() && block !== 'some');
  const lines = splitLines(text);
  const write = (at: number, to: string) =>
    lines.map((line, index) => (index === at ? to : line.text) + line.end).join('');
  if (value === null) {
    const off = new Set(own.map(({ line }) => line));
    return lines.map((line, at) => (off.has(at + 1) ? marker + line.text : line.text) + line.end).join('');
  }
  const first = own.find(({ block }) => block === 'all') ?? own[0];
  if (first !== undefined) {
    if (first.args.join(' ') === value) return text;
    const gap = /[ \t=]$/.test(first.text.slice(0, first.start)) ? '' : ' ';
    return write(first.line - 1, first.text.slice(0, first.start) + gap + value + first.text.slice(first.end));
  }
  const match = said.find(({ keyword }) => keyword === 'match');
  const before = match === undefined ? lines : lines.slice(0, match.line - 1);
  const template = before.findLastIndex(({ text: line }) => templateKey(line) === key.toLowerCase());
  const at = template >= 0 ? template + 1 : match === undefined ? -1 : match.line - 1;
  const place = lines[at];
  if (place === undefined) return appendLine(text, `${key} ${value}`);
  return `${text.slice(0, place.start)}${key} ${value}${lineEndOf(text)}${text.slice(place.start)}`;
}

/** The keyword of `#Keyword value`: one value only, since more words make a sentence. */
function templateKey(line: string): string | undefined {
  return /^#(?: prep-guest:)?[ \t]?(\w+)[ \t]+\S+[ \t]*$/.exec(line)?.[1]?.toLowerCase();
}

const unitSeconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Seconds of an interval as sshd reads it (`180`, `3m`, `1h30m`); undefined where it is none. */
export function parseSshInterval(text: string): number | undefined {
  if (!/^(?:\d{1,9}[smhdw]?)+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)) {
    seconds += Number(count) * (unitSeconds[unit as string] as number);
  }
  return seconds;
}
