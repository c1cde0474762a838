/**
 * The outline of a YAML file: maps, lists and texts with their lines. What netplan and cloud-init write is read whole; anchors,
 * aliases, tags and complex keys are not, and say so (`unread`), so that nobody takes a hole for an absence. A YAML
 * library would cost each start a quarter of its time for the sake of two keys.
 */
import { splitLines } from './lines.ts';
import { readFlow, YamlFault } from './yaml-flow.ts';

export interface YamlEntry {
  readonly key: string;
  /** From 1. */
  readonly line: number;
  readonly node: YamlNode;
}

export type YamlNode =
  | { readonly is: 'map'; readonly entries: readonly YamlEntry[]; readonly line: number }
  | { readonly is: 'list'; readonly items: readonly YamlNode[]; readonly line: number }
  /** A scalar of any type as text, empty for null; over several lines joined by blanks. */
  | { readonly is: 'text'; readonly text: string; readonly quoted: boolean; readonly line: number }
  | { readonly is: 'unread'; readonly why: string; readonly line: number };

interface Row {
  /** Columns before the content; -1 ends the document. */
  indent: number;
  content: string;
  /** Offset of the content in the text. */
  start: number;
  readonly line: number;
}

const deepest = 64;

/** Reads the first document of a text. Where its structure is not understood the whole is `unread`. */
export function readYaml(text: string): YamlNode {
  try {
    return new Outline(text).document();
  } catch (fault) {
    if (!(fault instanceof YamlFault)) throw fault;
    return { is: 'unread', why: fault.message, line: fault.line };
  }
}

/** What stands under a chain of keys; of repeated keys the last, as PyYAML has it. */
export function yamlAt(node: YamlNode, ...keys: readonly string[]): YamlNode | undefined {
  let at: YamlNode | undefined = node;
  for (const key of keys) {
    if (at?.is !== 'map') return at?.is === 'unread' ? at : undefined;
    at = at.entries.findLast((entry) => entry.key === key)?.node;
  }
  return at;
}

class Outline {
  readonly #text: string;
  readonly #rows: Row[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#rows = splitLines(text).map(({ text: line, start }, at) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      return { indent, content: line.slice(indent).trimEnd(), start: start + indent, line: at + 1 };
    });
  }

  document(): YamlNode {
    for (let row = this.#peek(true); row?.content.startsWith('%'); row = this.#peek(true)) this.#at++;
    const first = this.#peek(true);
    if (first?.indent === 0 && /^---(?:\s|$)/.test(first.content)) this.#shift(first, 3);
    const node = this.#block(0, 0);
    const rest = this.#peek();
    if (rest !== undefined) throw new YamlFault('the indentation is not understood', rest.line);
    return node;
  }

  /** The next row that holds something; undefined at the end of the document. */
  #peek(start = false): Row | undefined {
    for (; this.#at < this.#rows.length; this.#at++) {
      const row = this.#rows[this.#at] as Row;
      if (row.content === '' || row.content.startsWith('#')) continue;
      if (row.content.startsWith('\t')) throw new YamlFault('indented with a tab', row.line);
      return !start && row.indent === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(row.content) ? undefined : row;
    }
    return undefined;
  }

  /** Makes the row begin behind its first `count` characters: what follows `- ` is a block of its own. */
  #shift(row: Row, count: number): void {
    const blanks = /^[ \t]*/.exec(row.content.slice(count))?.[0].length ?? 0;
    row.indent += count + blanks;
    row.start += count + blanks;
    row.content = row.content.slice(count + blanks);
  }

  #block(indent: number, depth: number): YamlNode {
    const row = this.#peek();
    if (row === undefined || row.indent < indent) return { is: 'text', text: '', quoted: false, line: row?.line ?? 1 };
    if (depth > deepest) throw new YamlFault(`nested deeper than ${deepest}`, row.line);
    if (isItem(row)) return this.#list(row.indent, row.line, depth);
    if (this.#key(row) !== undefined) return this.#map(row.indent, row.line, depth);
    return this.#scalar(row, indent - 1);
  }

  #list(indent: number, line: number, depth: number): YamlNode {
    const items: YamlNode[] = [];
    for (let row = this.#peek(); row?.indent === indent && isItem(row); row = this.#peek()) {
      this.#shift(row, 1);
      if (row.content === '' || row.content.startsWith('#')) this.#at++;
      items.push(this.#block(indent + 1, depth + 1));
    }
    return { is: 'list', items, line };
  }

  #map(indent: number, line: number, depth: number): YamlNode {
    const entries: YamlEntry[] = [];
    for (let row = this.#peek(); row?.indent === indent && !isItem(row); row = this.#peek()) {
      const found = this.#key(row);
      if (found === undefined) throw new YamlFault('a key is missing', row.line);
      this.#shift(row, found.length);
      const at = row.line;
      if (row.content !== '' && !row.content.startsWith('#'))
        entries.push({ key: found.key, line: at, node: this.#scalar(row, indent) });
      else {
        this.#at++;
        const next = this.#peek();
        // A list may stand at the indentation of its key.
        const own = next !== undefined && (next.indent > indent || (next.indent === indent && isItem(next)));
        const node: YamlNode = own
          ? this.#block(next.indent, depth + 1)
          : { is: 'text', text: '', quoted: false, line: at };
        entries.push({ key: found.key, line: at, node });
      }
    }
    return { is: 'map', entries, line };
  }

  /** The key a row begins with, and the length up to behind its colon. */
  #key(row: Row): { key: string; length: number } | undefined {
    const { content } = row;
    if (/^["']/.test(content)) {
      const { node, end } = readFlow(this.#text, row.start, row.line);
      const behind = /^[ \t]*:(?=[ \t]|$)/.exec(content.slice(end - row.start));
      return node.is === 'text' && behind !== null
        ? { key: node.text, length: end - row.start + behind[0].length }
        : undefined;
    }
    if (/^(?:\?(?:\s|$)|[&*!|>%@`[{])/.test(content)) return undefined;
    const colon = /:(?=[ \t]|$)|[ \t]#/.exec(content);
    return colon?.[0] === ':' ? { key: content.slice(0, colon.index).trimEnd(), length: colon.index + 1 } : undefined;
  }

  /** A value that begins in this row; rows indented deeper than `indent` may go on with it. */
  #scalar(row: Row, indent: number): YamlNode {
    const { content, line } = row;
    if (/^["'[{]/.test(content)) {
      const { node, end } = readFlow(this.#text, row.start, line);
      while ((this.#rows[this.#at + 1]?.start ?? Number.POSITIVE_INFINITY) <= end) this.#at++;
      const last = this.#rows[this.#at] as Row;
      if (!/^\s*(?:#|$)/.test(this.#text.slice(end, Math.max(end, last.start + last.content.length)))) {
        throw new YamlFault('text behind a value', last.line);
      }
      this.#at++;
      return node;
    }
    this.#at++;
    const parts = [content];
    const literal = /^[|>][-+\d]*(?:\s+#.*)?$/.test(content);
    for (let next = this.#rows[this.#at]; next !== undefined; next = this.#rows[this.#at]) {
      if (next.content !== '' && (next.indent <= indent || (!literal && next.content.startsWith('#')))) break;
      parts.push(next.content);
      this.#at++;
    }
    if (literal) return { is: 'unread', why: 'a block of text', line };
    if (/^[&*!|>%@`?]/.test(content)) return { is: 'unread', why: `${content[0]} is not read`, line };
    if (parts.some((part, at) => at > 0 && /:(?:\s|$)/.test(part)))
      throw new YamlFault('the indentation is not understood', line);
    const text = parts
      .map((part) => part.replace(/[ \t]#.*$/, '').trim())
      .filter((part) => part !== '')
      .join(' ');
    return { is: 'text', text: text === '~' || text === 'null' ? '' : text, quoted: false, line };
  }
}

function isItem(row: Row): boolean {
  return /^-(?:[ \t]|$)/.test(row.content);
}
