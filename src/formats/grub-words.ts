/**
 * GRUB's scripting language as its lexer splits it (grub-core/script/yylex.l): words with their places, operators and line ends.
 * One pass, no recursion.
 */

export interface GrubWord {
  readonly is: 'word';
  readonly start: number;
  readonly end: number;
}

/** A line end, or one of `; { } | & < >`. */
export interface GrubOperator {
  readonly is: '\n' | ';' | '{' | '}' | '|' | '&' | '<' | '>';
  readonly start: number;
}

const ordinary = /[^{}|&$;<> \t\r\n'"\\]+/y;
const variable = /\$(?:\w+|\{[\w?#*@]*\}|[?#*@])?/y;

/** The words and operators of a script, in order. Comments are passed over; an unclosed quote takes the rest. */
export function* grubTokens(text: string): Generator<GrubWord | GrubOperator> {
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (char === '\n' || ';{}|&<>'.includes(char)) yield { is: char as GrubOperator['is'], start: at++ };
    // GRUB takes the CR of a CR LF file for a letter; the kernel takes it for a blank, and so do we.
    else if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (char === '\\' && text[at + 1] === '\n') at += 2;
    else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else {
      const end = wordEnd(text, at);
      yield { is: 'word', start: at, end };
      at = end;
    }
  }
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const next = partEnd(text, at);
    if (next === at) break;
    at = next;
  }
  return at;
}

/** The end of the quoted or unquoted part that starts at `at`; `at` itself where the word is over. */
function partEnd(text: string, at: number): number {
  const char = text[at];
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    return end < 0 ? text.length : end + 1;
  }
  if (char === '"') return doubleEnd(text, at);
  if (char === '\\') return text[at + 1] === '\n' ? at : Math.min(at + 2, text.length);
  const pattern = char === '$' ? variable : ordinary;
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function doubleEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** What a word comes to with its quotes off. Variables stay as written, since only GRUB knows them. */
export function grubWordText(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  let out = '';
  for (let at = start; at < end; ) {
    const char = text[at] as string;
    const stop = Math.min(partEnd(text, at), end);
    if (char === "'") out += text.slice(at + 1, text[stop - 1] === "'" && stop > at + 1 ? stop - 1 : stop);
    else if (char === '"')
      out += text.slice(at + 1, stop - 1).replace(/\\([\\"$\n])/g, (_, escaped) => (escaped === '\n' ? '' : escaped));
    else if (char === '\\') out += text.slice(at + 1, stop);
    else out += text.slice(at, stop);
    at = Math.max(stop, at + 1);
  }
  return out;
}
