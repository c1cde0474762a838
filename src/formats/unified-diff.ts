import { splitLines } from './lines.ts';

type Mark = ' ' | '-' | '+';
interface Row {
  readonly mark: Mark;
  readonly text: string;
}

const context = 3;
/** Where two files differ in more lines than this, the whole stretch is shown as replaced: the search for the shortest
 *  way costs its square. */
const most = 400;

/** The difference of two texts as `diff -u` prints it, three lines of context; empty where they are equal. null: no such file. */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const rows = compareLines(linesOf(before ?? ''), linesOf(after ?? ''));
  const head = [`--- ${before === null ? '/dev/null' : path}\n`, `+++ ${after === null ? '/dev/null' : path}\n`];
  return [...head, ...hunks(rows)].join('');
}

/** Lines with their ends, since a line end can be the difference. */
function linesOf(text: string): string[] {
  return splitLines(text).map((line) => line.text + line.end);
}

function compareLines(before: readonly string[], after: readonly string[]): Row[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const rows = (mark: Mark, lines: readonly string[]) => lines.map((text) => ({ mark, text }));
  const from = before.slice(head, before.length - tail);
  const to = after.slice(head, after.length - tail);
  return [
    ...rows(' ', before.slice(0, head)),
    ...(shortest(from, to) ?? [...rows('-', from), ...rows('+', to)]),
    ...rows(' ', before.slice(before.length - tail)),
  ];
}

/** Myers' greedy search for the shortest edit script; undefined where it is longer than `most`. */
function shortest(from: readonly string[], to: readonly string[]): Row[] | undefined {
  const reach = new Map([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(most, from.length + to.length); edits++) {
    trace.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      const last = cameFrom(reach, k, edits);
      let x = (reach.get(last) as number) + (last < k ? 1 : 0);
      while (x < from.length && x - k < to.length && from[x] === to[x - k]) x++;
      reach.set(k, x);
      if (x >= from.length && x - k >= to.length) return walkBack(from, to, trace);
    }
  }
  return undefined;
}

/** From the ends back to the starts, along what each step could reach. */
function walkBack(from: readonly string[], to: readonly string[], trace: readonly Map<number, number>[]): Row[] {
  const rows: Row[] = [];
  let x = from.length;
  let y = to.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const reach = trace[edits] as Map<number, number>;
    const k = cameFrom(reach, x - y, edits);
    const lastX = reach.get(k) as number;
    const lastY = lastX - k;
    for (; x > lastX && y > lastY; x--, y--) rows.push({ mark: ' ', text: from[x - 1] as string });
    rows.push(x === lastX ? { mark: '+', text: to[lastY] as string } : { mark: '-', text: from[lastX] as string });
    x = lastX;
    y = lastY;
  }
  for (; x > 0; x--) rows.push({ mark: ' ', text: from[x - 1] as string });
  return rows.reverse();
}

/** The diagonal that the `edits`-th step to diagonal `k` starts from: k + 1 for an added line, k - 1 for a removed one. */
function cameFrom(reach: ReadonlyMap<number, number>, k: number, edits: number): number {
  const added = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
  return added ? k + 1 : k - 1;
}

function hunks(rows: readonly Row[]): string[] {
  const out: string[] = [];
  const changed = rows.flatMap((row, at) => (row.mark === ' ' ? [] : [at]));
  let line = { before: 0, after: 0 };
  let counted = 0;
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && (changed[last + 1] as number) - (changed[last] as number) <= 2 * context + 1)
      last++;
    const start = Math.max(0, (changed[first] as number) - context);
    const end = Math.min(rows.length, (changed[last] as number) + context + 1);
    line = advance(line, rows.slice(counted, start));
    const part = rows.slice(start, end);
    const next = advance(line, part);
    out.push(`@@ -${range(line.before, next.before)} +${range(line.after, next.after)} @@\n`);
    for (const { mark, text } of part)
      out.push(mark + text + (text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'));
    line = next;
    counted = end;
    first = last + 1;
  }
  return out;
}

function advance(line: { before: number; after: number }, rows: readonly Row[]) {
  const count = (mark: Mark) => rows.filter((row) => row.mark !== mark).length;
  return { before: line.before + count('+'), after: line.after + count('-') };
}

/** `start,count` as diff writes it: an empty range names the line before it, and a count of 1 is left out. */
function range(from: number, to: number): string {
  const count = to - from;
  return count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`;
}
