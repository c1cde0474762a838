import { lineEndOf, splitLines } from './lines.ts';
import { readYaml, type YamlNode, yamlAt } from './yaml-outline.ts';

/** The name an item goes by: cloud-init takes `[name, frequency]` as well as `name`. */
export function itemName(item: YamlNode): string | undefined {
  const named = item.is === 'list' ? item.items[0] : item;
  return named?.is === 'text' ? named.text : undefined;
}

/**
 * The text with items added to the list under a key of the top level, each once: behind the last of `after` that the list
 * holds, else at its beginning, indented as its neighbours are. Nothing else changes, and doing it twice changes nothing more.
 * Throws a RangeError where there is no such list, or where it is neither one item per line nor all in one line.
 */
export function addItems(text: string, key: string, items: readonly string[], after: readonly string[]): string {
  const list = yamlAt(readYaml(text), key);
  if (list?.is !== 'list') throw new RangeError(list?.is === 'unread' ? list.why : `there is no list ${key}`);
  const names = list.items.map(itemName);
  const missing = items.filter((item) => !names.includes(item));
  if (missing.length === 0) return text;
  const behind = list.items.findLast((_, at) => after.includes(names[at] ?? ''));
  const isFlow = list.items.every((item) => item.line === list.line) && !/^\s*- /.test(lineAt(text, list.line).text);
  const edited = isFlow ? inFlow(text, list, behind, missing) : inBlock(text, list, behind, missing);
  const now = yamlAt(readYaml(edited), key);
  const found = now?.is === 'list' ? now.items.map(itemName) : [];
  if (!items.every((item) => found.includes(item)))
    throw new RangeError(`the list ${key} is written in an unusual way`);
  return edited;
}

type List = Extract<YamlNode, { is: 'list' }>;

function lineAt(text: string, line: number) {
  const found = splitLines(text)[line - 1];
  if (found === undefined) throw new RangeError(`there is no line ${line}`);
  return found;
}

function inBlock(text: string, list: List, behind: YamlNode | undefined, items: readonly string[]): string {
  const first = list.items[0];
  if (first === undefined) throw new RangeError('the list is empty');
  const at = lineAt(text, (behind ?? first).line);
  const dash = /^[ \t]*-[ \t]+(?=[^-\s])/.exec(at.text)?.[0];
  if (dash === undefined) throw new RangeError(`line ${(behind ?? first).line} is no plain item`);
  const end = lineEndOf(text);
  const lines = items.map((item) => `${dash}${item}${end}`).join('');
  if (behind === undefined) return text.slice(0, at.start) + lines + text.slice(at.start);
  const next = at.start + at.text.length + at.end.length;
  return at.end === '' ? `${text}${end}${lines.slice(0, -end.length)}` : text.slice(0, next) + lines + text.slice(next);
}

function inFlow(text: string, list: List, behind: YamlNode | undefined, items: readonly string[]): string {
  const { start, text: line } = lineAt(text, list.line);
  const name = behind === undefined ? undefined : itemName(behind);
  const open = /\[[ \t]*/.exec(line);
  if (open === null || (behind !== undefined && behind.is !== 'text'))
    throw new RangeError('no plain list in one line');
  const at = name === undefined ? undefined : new RegExp(`(?<=[[,\\s"'])${name}["']?(?=\\s*[,\\]])`).exec(line);
  if (at === null) throw new RangeError(`${name} was not found in its line`);
  const place = at === undefined ? open.index + open[0].length : at.index + at[0].length;
  const added = at === undefined ? `${items.join(', ')}${list.items.length > 0 ? ', ' : ''}` : `, ${items.join(', ')}`;
  return text.slice(0, start + place) + added + text.slice(start + place);
}
