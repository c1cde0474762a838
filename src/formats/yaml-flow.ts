import type { YamlEntry, YamlNode } from './yaml-outline.ts';

/** What is not read: the caller makes it an `unread` node. */
export class YamlFault extends Error {
  readonly line: number;
  constructor(why: string, line: number) {
    super(why);
    this.line = line;
  }
}

export interface FlowRead {
  readonly node: YamlNode;
  /** Offset behind it. */
  readonly end: number;
}

const deepest = 64;
const blanks = /(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\n]*)*/y;

/** Reads `[…]`, `{…}` or a quoted text at an offset, over as many lines as it takes. Throws a YamlFault where it is broken. */
export function readFlow(text: string, offset: number, firstLine: number): FlowRead {
  let at = offset;
  let line = firstLine;
  const fail = (why: string): never => {
    throw new YamlFault(why, line);
  };
  const advance = (to: number) => {
    for (let lf = text.indexOf('\n', at); lf >= 0 && lf < to; lf = text.indexOf('\n', lf + 1)) line++;
    at = to;
  };
  const skip = () => {
    blanks.lastIndex = at;
    blanks.test(text);
    advance(blanks.lastIndex);
  };
  const quoted = (): YamlNode => {
    const from = line;
    const mark = text[at];
    let end = at + 1;
    while (end < text.length && (text[end] !== mark || (mark === "'" && text[end + 1] === "'"))) {
      end += (mark === '"' && text[end] === '\\') || text[end] === mark ? 2 : 1;
    }
    if (end >= text.length) fail('a quote is never closed');
    const raw = folded(text.slice(at + 1, end), mark === '"');
    advance(end + 1);
    return {
      is: 'text',
      text: mark === "'" ? raw.replaceAll("''", "'") : withoutEscapes(raw),
      quoted: true,
      line: from,
    };
  };
  const plain = (): YamlNode => {
    const from = line;
    const stop = /[,[\]{}\n]|:(?=[\s,[\]{}]|$)|[ \t]#/g;
    stop.lastIndex = at;
    const end = stop.exec(text)?.index ?? text.length;
    const found = text.slice(at, end).trim();
    if (/^[&*!|>%@`]/.test(found)) fail(`${found[0]} is not read`);
    if (end === at) fail('a value is missing');
    advance(end);
    return { is: 'text', text: found, quoted: false, line: from };
  };
  const value = (depth: number): YamlNode => {
    if (depth > deepest) fail(`nested deeper than ${deepest}`);
    skip();
    const char = text[at];
    if (char === '"' || char === "'") return quoted();
    if (char !== '[' && char !== '{') return plain();
    const from = line;
    const closer = char === '[' ? ']' : '}';
    const items: YamlNode[] = [];
    const entries: YamlEntry[] = [];
    advance(at + 1);
    for (;;) {
      skip();
      if (at >= text.length) fail(`${char} is never closed`);
      if (text[at] === closer) break;
      const item = value(depth + 1);
      skip();
      const pair = text[at] === ':';
      if (pair) advance(at + 1);
      if (closer === ']') items.push(pair ? fail('a pair in a list is not read') : item);
      else {
        if (item.is !== 'text') return fail('a key that is no text is not read');
        skip();
        const empty: YamlNode = { is: 'text', text: '', quoted: false, line };
        entries.push({
          key: item.text,
          line: item.line,
          node: pair && !',}'.includes(text[at] ?? '') ? value(depth + 1) : empty,
        });
        skip();
      }
      if (text[at] === ',') advance(at + 1);
      else if (text[at] !== closer) fail(`a comma or ${closer} is missing`);
    }
    advance(at + 1);
    return closer === ']' ? { is: 'list', items, line: from } : { is: 'map', entries, line: from };
  };
  const node = value(0);
  return { node, end: at };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  0: '\0',
  e: '\x1b',
  a: '\x07',
  b: '\b',
  ' ': ' ',
};

/** A line end inside quotes is a blank, or nothing behind a backslash that is not itself escaped. */
function folded(raw: string, escaped: boolean): string {
  const lines = raw.split('\n');
  const parts = lines.map((line, at) => {
    const text = at > 0 ? line.trimStart() : line;
    if (at === lines.length - 1) return text;
    const kept = text.trimEnd();
    return escaped && endsInBackslash(kept) ? kept.slice(0, -1) : `${kept} `;
  });
  return parts.join('');
}

function endsInBackslash(text: string): boolean {
  let from = text.length;
  while (text[from - 1] === '\\') from--;
  return (text.length - from) % 2 === 1;
}

function withoutEscapes(raw: string): string {
  return raw.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/gs, (_, byte, unit, char) =>
    char === undefined ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (escapes[char] ?? char),
  );
}
