import { lineFinder, marker, splitLines } from './lines.ts';
import { nameThere, type Quote } from './shell-pieces.ts';
import {
  applyEvent,
  type ResolvedPiece,
  resolvePieces,
  type ShellAssignment,
  type ShellScope,
  type ShellState,
  shellEvents,
} from './shell-state.ts';

/**
 * The text with a variable set, in the terms of readShellVars: the last assignment is edited in place, only in the
 * characters that differ, in its own quotes; without one, `NAME="value"` goes to the end. A reference that readShellVars
 * left as written (`$X`) is kept where `value` still holds it. null comments every assignment out. A carriage return
 * goes from the lines that are touched, since a shell takes it for a part of the value. Doing it twice changes nothing
 * more. Throws a RangeError where the file cannot be made to set it (an unclosed quote).
 */
export function setShellVar(text: string, name: string, value: string | null): string {
  if (value === null) return dropShellVar(text, name);
  const wanted = value.replaceAll('\r', '');
  const { state, last } = lastAssignment(text, name);
  if (state?.sure && state.value === wanted) return text;
  const edited =
    state?.sure && last !== undefined
      ? (rewrite(text, last, wanted, splice) ?? rewrite(text, last, wanted, quoteAnew))
      : addShellVar(text, name, wanted, last?.pieces ?? []);
  if (edited === undefined) throw new RangeError(`${name} cannot be set: the file is not plain shell there`);
  return edited;
}

interface Last {
  readonly assignment: ShellAssignment;
  readonly pieces: readonly ResolvedPiece[];
  /** What it adds to, where it adds. */
  readonly before: string;
}

/** The last assignment of a variable, and the variable's state at the end. */
function lastAssignment(text: string, name: string): { state: ShellState | undefined; last: Last | undefined } {
  const events = shellEvents(text);
  const at = events.findLastIndex((event) => event.is === 'set' && event.assignment.name === name);
  const scope: ShellScope = { states: new Map(), complete: false };
  let last: Last | undefined;
  for (const [index, event] of events.entries()) {
    if (index === at && event.is === 'set') {
      const { assignment } = event;
      // What a CR LF file has at the end of a word is not part of what is edited.
      const end = text[assignment.end - 1] === '\r' ? assignment.end - 1 : assignment.end;
      const pieces = resolvePieces(text, { ...assignment, end }, scope);
      last = { assignment, pieces, before: assignment.append ? (scope.states.get(name)?.value ?? '') : '' };
    }
    applyEvent(text, event, scope);
  }
  return { state: scope.states.get(name), last };
}

function addShellVar(text: string, name: string, wanted: string, pieces: readonly ResolvedPiece[]): string | undefined {
  const line = `${name}="${inDoubleQuotes(wanted, pieces)}"\n`;
  const added = `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}`;
  const { state } = lastAssignment(added, name);
  return state?.sure && state.value === wanted ? added : undefined;
}

type Writer = (text: string, last: Last, wanted: string) => string | undefined;

/** The text with that assignment giving `wanted`; undefined where this way of writing it does not come to it. */
function rewrite(text: string, last: Last, wanted: string, write: Writer): string | undefined {
  const { assignment, pieces, before } = last;
  const append = assignment.append && wanted.startsWith(before);
  let rest = append ? wanted.slice(before.length) : wanted;
  // What an earlier file holds is not known here: the blank that parts it from this stays.
  if (append && before === '' && /^\S/.test(rest) && /^\s/.test(pieces[0]?.value ?? '')) rest = ` ${rest}`;
  const word = write(text, last, rest);
  if (word === undefined) return undefined;
  const lineStart = text.lastIndexOf('\n', assignment.start - 1) + 1;
  const lineEnd = text.indexOf('\n', assignment.end) < 0 ? text.length : text.indexOf('\n', assignment.end);
  const line = text.slice(lineStart, assignment.start) + assignment.name + (append ? '+=' : '=') + word;
  const touched = line.replaceAll('\r\n', '\n') + text.slice(assignment.end, lineEnd).replace(/\r$/, '');
  const edited = text.slice(0, lineStart) + touched + text.slice(lineEnd);
  const { state, last: result } = lastAssignment(edited, assignment.name);
  const known = unknownTexts(pieces);
  const same = result?.pieces.every((piece) => piece.value !== undefined || known.has(piece.text));
  return same && state?.sure && state.value === (append ? before + rest : wanted) ? edited : undefined;
}

/** The word with only the characters changed that differ. */
function splice(text: string, { assignment, pieces }: Last, wanted: string): string | undefined {
  const shown = (at: number) => pieces[at]?.value ?? pieces[at]?.text ?? '';
  let first = 0;
  let left = 0;
  while (first < pieces.length && wanted.startsWith(shown(first), left)) left += shown(first++).length;
  let last = pieces.length - 1;
  let right = wanted.length;
  while (last >= first && right - shown(last).length >= left && wanted.endsWith(shown(last), right)) {
    right -= shown(last--).length;
  }
  const put = (start: number, end: number, middle: string | undefined) =>
    middle === undefined
      ? undefined
      : text.slice(assignment.value, start) + middle + text.slice(end, wordEnd(text, assignment));
  const [from, to] = [pieces[first], pieces[last]];
  if (first > last || from === undefined || to === undefined) {
    // Everything that stands there stays: what is new goes beside what matched.
    const beside = pieces[first - 1] ?? pieces[0];
    if (beside === undefined) return undefined;
    const at = first > 0 ? beside.end : beside.start;
    return put(at, at, encode(wanted.slice(left, right), beside.quote, pieces));
  }
  if (from.stretch !== to.stretch) return undefined;
  const start = from.start + (isPlain(from) ? commonStart(from.text, wanted.slice(left, right)) : 0);
  left += start - from.start;
  const rest = text.slice(Math.max(start, to.start), to.end);
  const end = to.end - (isPlain(to) ? commonStart(reversed(rest), reversed(wanted.slice(left, right))) : 0);
  right -= to.end - end;
  return put(start, end, encode(wanted.slice(left, right), from.quote, pieces));
}

/** Written as it is read, character for character. */
function isPlain(piece: ResolvedPiece): boolean {
  return piece.is === 'text' && piece.text.length === piece.end - piece.start;
}

/** How many characters two texts begin with alike. */
function commonStart(one: string, other: string): number {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function wordEnd(text: string, { end }: ShellAssignment): number {
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** The whole word anew: in single quotes where it stood in them, else in double quotes. */
function quoteAnew(text: string, { assignment, pieces }: Last, wanted: string): string {
  const single = text[assignment.value] === "'" ? encode(wanted, 'single', pieces) : undefined;
  return single !== undefined ? `'${single}'` : `"${inDoubleQuotes(wanted, pieces)}"`;
}

/** Text as it is written inside such quotes; undefined where it cannot be. */
function encode(wanted: string, quote: Quote, pieces: readonly ResolvedPiece[]): string | undefined {
  if (quote === 'double') return inDoubleQuotes(wanted, pieces);
  if (pieces.some((piece) => piece.value === undefined && wanted.includes(piece.text))) return undefined;
  const safe = quote === 'single' ? !wanted.includes("'") : /^[\w./:,=@%+-]*$/.test(wanted);
  return safe ? wanted : undefined;
}

/** For double quotes. What stood in the word as a reference or as code stays that. */
function inDoubleQuotes(wanted: string, pieces: readonly ResolvedPiece[]): string {
  const unknown = unknownTexts(pieces);
  const codes = [...unknown].filter((one) => !/^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})$/.test(one));
  let out = '';
  for (let at = 0; at < wanted.length; ) {
    const char = wanted[at] as string;
    let kept: string | undefined;
    if (char === '$' || char === '`') {
      nameThere.lastIndex = at;
      const name = nameThere.exec(wanted)?.[0];
      kept = name !== undefined && unknown.has(name) ? name : codes.find((code) => wanted.startsWith(code, at));
    }
    out += kept ?? ('\\"$`'.includes(char) ? `\\${char}` : char);
    at += kept?.length ?? 1;
  }
  return out;
}

/** References and code of a word, as written. A lone dollar sign is neither. */
function unknownTexts(pieces: readonly ResolvedPiece[]): Set<string> {
  return new Set(pieces.filter(({ value, text }) => value === undefined && text.length > 1).map(({ text }) => text));
}

/** Comments the lines of every assignment out; one that shares its line, or stands inside other code, is taken out of it. */
function dropShellVar(text: string, name: string): string {
  const find = lineFinder(text);
  let out = '';
  let done = 0;
  const replace = (start: number, end: number, by: string) => {
    out += text.slice(done, Math.max(start, done)) + by;
    done = end;
  };
  for (const event of shellEvents(text)) {
    if (event.is !== 'set' || event.assignment.name !== name) continue;
    const { start, end, command, alone, sure } = event.assignment;
    const first = find(command).start;
    const last = find(end).end;
    const blanks = /[ \t]*/y;
    blanks.lastIndex = end;
    const between = blanks.test(text) ? blanks.lastIndex : end;
    if (!alone) replace(start, between, '');
    else if (
      sure &&
      done <= first &&
      /^\s*$/.test(text.slice(first, command)) &&
      /[#\r\n]/.test(text[between] ?? '\n')
    ) {
      const lines = splitLines(text.slice(first, last)).map((line) => marker + line.text.replace(/\r$/, ''));
      replace(first, last, lines.join('\n'));
    }
    // The null command: a branch of an `if` must not become empty.
    else replace(command, end, ':');
  }
  return out + text.slice(done);
}
