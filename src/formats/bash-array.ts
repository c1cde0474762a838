import { lineFinder } from './lines.ts';

/**
 * Arrays of bash in a configuration file (`MODULES=(a b)`, over several lines, with quotes and comments), as mkinitcpio.conf
 * has them. Only assignments that begin a line are seen: what stands inside other code is not plain configuration.
 */

export interface ArrayWord {
  /** Without its quotes. */
  readonly text: string;
  /** False where it holds a substitution, which is not worked out. */
  readonly literal: boolean;
}

export interface ArrayAssignment {
  readonly append: boolean;
  readonly words: readonly ArrayWord[];
  /** Number of the line that it begins in. */
  readonly line: number;
  /** Offset of the closing parenthesis or quote, before which one more word can be written. */
  readonly close: number;
  /** What has to stand before a further word: a line end after a comment, a blank after a word, nothing after `(`. */
  readonly before: string;
}

const assignment = (name: string) => new RegExp(`^[ \\t]*(?:(?:declare|typeset) -a )?${name}(\\+?)=`, 'gm');

/** Every assignment of the array, in order. An old one, `NAME="a b"`, is taken for the words in its quotes, as mkinitcpio does. */
export function findArrays(text: string, name: string): ArrayAssignment[] {
  const lineOf = lineFinder(text);
  const found: ArrayAssignment[] = [];
  for (const match of text.matchAll(assignment(name))) {
    const start = match.index + match[0].length;
    const read = text[start] === '(' ? readArray(text, start + 1) : readString(text, start);
    if (read === undefined) continue;
    found.push({ append: match[1] === '+', line: lineOf(match.index).line, ...read });
  }
  return found;
}

/** The lines of those assignments of the array that cannot be taken apart: what follows them would not be what it seems. */
export function oddArrays(text: string, name: string): number[] {
  const lineOf = lineFinder(text);
  const read = new Set(findArrays(text, name).map(({ line }) => line));
  const all = [...text.matchAll(assignment(name))].map((match) => lineOf(match.index).line);
  return all.filter((line) => !read.has(line));
}

type Inside = Pick<ArrayAssignment, 'words' | 'close' | 'before'>;

/** A comment, a word with its quotes, or the end. */
const part = /[ \t\r\n]*(#[^\n]*(?:\n|$)|\)|(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\$\([^()]*\)|[^\s()"'\\])+)/sy;

function readArray(text: string, start: number): Inside | undefined {
  const words: ArrayWord[] = [];
  let before = '';
  for (let at = start; ; at = part.lastIndex) {
    part.lastIndex = at;
    const inside = part.exec(text)?.[1];
    if (inside === undefined) return undefined;
    if (inside === ')') {
      const close = part.lastIndex - 1;
      return { words, close, before: /\s/.test(text[close - 1] as string) ? '' : before };
    }
    if (inside.startsWith('#')) continue;
    words.push(wordOf(inside));
    before = ' ';
  }
}

const quoted = /(["'])([^"'\n]*)\1(?=[ \t\r]*(?:#|$))/my;

function readString(text: string, start: number): Inside | undefined {
  quoted.lastIndex = start;
  const inside = quoted.exec(text)?.[2];
  if (inside === undefined) return undefined;
  const words = inside.split(/[ \t]+/).filter((word) => word !== '');
  return {
    words: words.map(wordOf),
    close: start + 1 + inside.length,
    before: inside === '' || /\s$/.test(inside) ? '' : ' ',
  };
}

function wordOf(raw: string): ArrayWord {
  return { text: raw.replace(/["'\\]/g, ''), literal: !/[$`*?[]/.test(raw.replace(/\?$/, '')) };
}

/**
 * The text with more words at the end of the last assignment of the array; a new assignment where there is none. Throws a
 * RangeError where one cannot be read: what follows it would not be what it seems.
 */
export function addToArray(text: string, name: string, words: readonly string[]): string {
  if (words.length === 0) return text;
  const found = findArrays(text, name);
  if (oddArrays(text, name).length > 0) throw new RangeError(`${name} is not a plain array`);
  const last = found.at(-1);
  if (last === undefined) {
    const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${start}${name}=(${words.join(' ')})\n`;
  }
  // Behind a line end, a line of its own before the parenthesis.
  const onOwnLine = text[last.close - 1] === '\n';
  return text.slice(0, last.close) + last.before + words.join(' ') + (onOwnLine ? '\n' : '') + text.slice(last.close);
}
