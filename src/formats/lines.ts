/** Lines of a text with their positions, and the two edits that name a line by its number. */

import type { Evidence, GuestPath } from '../model.ts';

/** A line without its end. Only LF and CR LF end a line; a lone CR is text. */
export interface Line {
  readonly text: string;
  readonly end: '' | '\n' | '\r\n';
  /** Character offset of the line in the whole text. */
  readonly start: number;
}

/** What stands before a line that we switched off: it tells a person who did it, and can be found again. */
export const marker = '# prep-guest: ';

/** Joining `text + end` of all lines gives the text back. A text that ends in a line end has no empty last line. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const lf = text.indexOf('\n', start);
    if (lf < 0) {
      lines.push({ text: text.slice(start), end: '', start });
      break;
    }
    const crlf = lf > start && text[lf - 1] === '\r';
    lines.push({ text: text.slice(start, crlf ? lf - 1 : lf), end: crlf ? '\r\n' : '\n', start });
    start = lf + 1;
  }
  return lines;
}

/** Lines with those joined that a backslash at the end continues; `line` is the number of the first. */
export function* joinedLines(text: string): Generator<{ readonly line: number; readonly text: string }> {
  const lines = splitLines(text);
  let parts: string[] = [];
  for (const [at, { text: line }] of lines.entries()) {
    const open = line.endsWith('\\') && at + 1 < lines.length;
    parts.push(open ? line.slice(0, -1) : line);
    if (open) continue;
    yield { line: at + 2 - parts.length, text: parts.join('') };
    parts = [];
  }
}

/** Where a line stands: its number from 1, and the offsets of its first character and of its line feed (or the end). */
export interface LineSpan {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** Finds the line of one offset after another in one pass over the text: ask in ascending order. */
export function lineFinder(text: string): (offset: number) => LineSpan {
  const lineFeed = (from: number) => {
    const at = text.indexOf('\n', from);
    return at < 0 ? text.length : at;
  };
  let span: LineSpan = { line: 1, start: 0, end: lineFeed(0) };
  return (offset) => {
    while (span.end < offset) span = { line: span.line + 1, start: span.end + 1, end: lineFeed(span.end + 1) };
    return span;
  };
}

/** As lineFinder, giving what a finding shows: the line, cut where it is very long. */
export function evidenceFinder(path: GuestPath, text: string): (offset: number) => Evidence {
  const find = lineFinder(text);
  return (offset) => {
    const { line, start, end } = find(offset);
    return { path, line, text: text.slice(start, Math.min(end, start + 400)).trim() };
  };
}

/** The line end this text uses: that of its first line. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const lf = text.indexOf('\n');
  return lf > 0 && text[lf - 1] === '\r' ? '\r\n' : '\n';
}

/** The text with one more line at its end; a last line without an end gets one first. */
export function appendLine(text: string, line: string, end: string = lineEndOf(text)): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : end}${line}${end}`;
}

/**
 * Makes line number `line` (from 1) read `to`, keeping its line end. Does nothing when it reads so already.
 * Throws a RangeError when it reads neither `expected` nor `to`: the file is not the one that was looked at.
 */
export function setLine(text: string, line: number, expected: string, to: string): string {
  const found = splitLines(text)[line - 1];
  if (found === undefined) throw new RangeError(`there is no line ${line}`);
  if (found.text === to) return text;
  if (found.text !== expected.replace(/\r$/, '')) {
    throw new RangeError(`line ${line} reads ${JSON.stringify(found.text)}, not ${JSON.stringify(expected)}`);
  }
  return text.slice(0, found.start) + to + text.slice(found.start + found.text.length);
}

/** Comments line number `line` (from 1) out, with our marker. Errors as `setLine`. */
export function commentLine(text: string, line: number, expected: string): string {
  return setLine(text, line, expected, marker + expected.replace(/\r$/, ''));
}
