import { skipPart } from './shell-words.ts';

/** A piece of a shell word: what the shell makes of it, and the characters it was written with. */
export interface ShellPiece {
  readonly start: number;
  readonly end: number;
  /** `text`: as read. `name`: `$X` or `${X}`. `code`: a substitution or expansion that is not looked into. */
  readonly is: 'text' | 'name' | 'code';
  /** The text itself; of a name or code what was written. */
  readonly text: string;
  /** The variable, where it is a name. */
  readonly name?: string;
  readonly quote: Quote;
  /** Counts the quoted and unquoted stretches of the word. */
  readonly stretch: number;
}

export type Quote = 'none' | 'single' | 'double';

const bareRun = /[^'"\\$`]+/y;
const doubleRun = /[^"\\$`]+/y;

/** The pieces of a word, or of the part of it from `start` to `end`, in order and without the quotes around them. */
export function shellPieces(text: string, start: number, end: number): ShellPiece[] {
  // Cut out first: the patterns below would otherwise run on to the end of the file for every word.
  const word = text.slice(start, end);
  return piecesOf(word).map((piece) => ({ ...piece, start: piece.start + start, end: piece.end + start }));
}

function piecesOf(word: string): ShellPiece[] {
  const pieces: ShellPiece[] = [];
  let quote: Quote = 'none';
  let stretch = 0;
  for (let at = 0; at < word.length; ) {
    const char = word[at] as string;
    if (quote === 'none' && char === "'") {
      const close = word.indexOf("'", at + 1);
      const stop = close < 0 ? word.length : close;
      const inside = word.slice(at + 1, stop);
      if (inside !== '')
        pieces.push({ is: 'text', start: at + 1, end: stop, text: inside, quote: 'single', stretch: stretch + 1 });
      stretch += 2;
      at = stop + 1;
    } else if (char === '"') {
      quote = quote === 'double' ? 'none' : 'double';
      stretch++;
      at++;
    } else {
      const piece = char === '$' || char === '`' ? expansion(word, at, quote) : plain(word, at, quote);
      pieces.push({ ...piece, start: at, quote, stretch });
      at = piece.end;
    }
  }
  return pieces;
}

type Piece = Pick<ShellPiece, 'is' | 'text' | 'end' | 'name'>;

function plain(word: string, at: number, quote: Quote): Piece {
  const next = word[at + 1] ?? '';
  if (word[at] === '\\' && at + 1 < word.length) {
    if (next === '\n') return { is: 'text', text: '', end: at + 2 };
    // Inside double quotes a backslash is itself, but for these four.
    if (quote === 'none' || '$`"\\'.includes(next)) return { is: 'text', text: next, end: at + 2 };
  }
  const run = quote === 'double' ? doubleRun : bareRun;
  run.lastIndex = at;
  const stop = run.test(word) ? run.lastIndex : at + 1;
  return { is: 'text', text: word.slice(at, stop), end: stop };
}

/** `$X` or `${X}` at one place: set `lastIndex` first. */
export const nameThere = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/y;

function expansion(word: string, at: number, quote: Quote): Piece {
  nameThere.lastIndex = at;
  const found = nameThere.exec(word);
  if (found !== null) {
    return { is: 'name', text: found[0], name: (found[1] ?? found[2]) as string, end: nameThere.lastIndex };
  }
  const next = at + 1 < word.length ? (word[at + 1] as string) : ' ';
  // `$'…'` and `$"…"` mean something to bash, and a dollar sign to others.
  const dialect = quote === 'none' && (next === "'" || next === '"');
  // `$1`, `$?` …: a parameter of the shell that sources the file.
  const parameter = word[at] === '$' && /[\d*@#?!$-]/.test(next);
  const stop = parameter ? at + 2 : skipPart(word, at, () => {});
  // A dollar sign before anything else is only a dollar sign.
  const is = stop === at + 1 && !dialect ? 'text' : 'code';
  return { is, text: word.slice(at, stop), end: stop };
}
