import { appendLine, type Line, lineEndOf, marker, splitLines } from './lines.ts';

/** A line of an ini-like file as an editor sees it: `[section]`, `key=value`, more of the value above, or nothing of these. */
interface Row {
  readonly line: Line;
  readonly section: string;
  readonly is: 'header' | 'key' | 'more' | 'other';
  readonly key: string;
  /** Where the value stands in the line: behind `=` and the blanks that follow it. */
  readonly value: number;
}

const keyLine = /^[ \t]*([^\s=#;[][^=]*)=[ \t]*/;

const continues = /^[ \t]+[^\s#;]/;

function rowsOf(text: string): Row[] {
  let section = '';
  let inValue = false;
  return splitLines(text).map((line): Row => {
    const plain = { line, section, key: '', value: 0 };
    const header = /^[ \t]*\[([^\]]*)\]/.exec(line.text);
    const key = keyLine.exec(line.text);
    if (header !== null) {
      section = (header[1] as string).trim();
      inValue = false;
      return { ...plain, section, is: 'header' };
    }
    // Python's reader joins an indented line to the value above it; GLib's takes an indented `key=` for a key.
    if (inValue && continues.test(line.text) && !/^[ \t]+[\w.-]+[ \t]*=/.test(line.text))
      return { ...plain, is: 'more' };
    inValue = key !== null;
    return key === null
      ? { ...plain, is: 'other' }
      : { ...plain, is: 'key', key: (key[1] as string).trim(), value: key[0].length };
  });
}

/**
 * The text with a key of a section set: in the line that decides (the last of that name, as GLib and Python have it), else in a
 * new line behind the section's last key, else in a new section at the end. `section` empty: before the first one. null
 * comments every such line out. Comments (`#`, `;`), order and line ends stay. Doing it twice changes nothing more. Throws
 * a RangeError for a name or value that such a file cannot hold.
 */
export function setIni(text: string, section: string, key: string, value: string | null): string {
  if (!/^[^\s=#;[\]][^=\r\n]*$/.test(key) || key.trim() !== key)
    throw new RangeError(`${key} is no key of such a file`);
  if (/[\]\r\n]/.test(section)) throw new RangeError(`${section} is no section of such a file`);
  if (value !== null && /[\r\n]/.test(value)) throw new RangeError(`the value of ${key} has more than one line`);
  const rows = rowsOf(text);
  const own = rows.filter((row) => row.is === 'key' && row.section === section && row.key === key);
  if (value === null) {
    const gone = new Set(own);
    return rewrite(rows, (row) => (gone.has(row) ? marker + row.line.text : row.line.text), gone);
  }
  const wanted = value.trim();
  const last = own.at(-1);
  if (last === undefined) return add(text, rows, section, key, wanted);
  const isSame = last.line.text.slice(last.value).trim() === wanted && rows[rows.indexOf(last) + 1]?.is !== 'more';
  if (isSame) return text;
  const to = last.line.text.slice(0, last.value) + wanted;
  return rewrite(rows, (row) => (row === last ? to : row.line.text), new Set([last]));
}

/** All lines in their new wording. The further lines of a value that goes are commented out with it. */
function rewrite(rows: readonly Row[], say: (row: Row) => string, gone: ReadonlySet<Row>): string {
  let goes = false;
  return rows
    .map((row) => {
      if (row.is !== 'more') goes = gone.has(row);
      return (row.is === 'more' && goes ? marker + row.line.text : say(row)) + row.line.end;
    })
    .join('');
}

function add(text: string, rows: readonly Row[], section: string, key: string, value: string): string {
  const inside = rows.filter((row) => row.section === section && row.is !== 'other');
  const sample = inside.findLast((row) => row.is === 'key')?.line.text;
  const line = `${key}${sample !== undefined && /^[^=]*\s=\s/.test(sample) ? ' = ' : '='}${value}`;
  const end = lineEndOf(text);
  const before = inside.at(-1);
  if (before === undefined && section !== '') {
    const gap = text === '' || /(^|\n)\r?\n$/.test(text) ? text : appendLine(text, '', end);
    return appendLine(`${gap}[${section}]${end}`, line, end);
  }
  let next = before === undefined ? 0 : rows.indexOf(before) + 1;
  // An indented line that belongs to nothing would become part of the new value.
  while (continues.test(rows[next]?.line.text ?? '') && rows[next]?.is === 'other') next++;
  const at = rows[next]?.line.start ?? text.length;
  return appendLine(text.slice(0, at), line, end) + text.slice(at);
}
