import type { ByteReader } from '../model.ts';
import { type Blob, blobOf, viewOf } from './blob.ts';
import { openSqlite, type SqlitePages } from './sqlite-pages.ts';

/**
 * A minimal reader of one table of an SQLite database: its b-tree from the root page on, with overflow pages and the
 * write-ahead log. Rows come in the order of their numbers. Nothing is cached, no index is read, no SQL is understood.
 */

const pageTypes = { interior: 5, leaf: 13 };
/** Even a table of 2^64 rows is not as deep. */
const deepest = 40;
/** A row's own header: the types of a few columns. */
const rowHeadBytes = 64;

/** A value of a row: of those that hold text or bytes, the bytes; of numbers, whole ones only. */
type Value = { readonly is: 'bytes'; readonly blob: Blob } | { readonly is: 'number'; readonly value: number } | null;

/** A number of 1 to 9 bytes, and where it ends. */
function varint(bytes: Uint8Array, at: number): readonly [number, number] {
  let value = 0;
  for (let place = 0; place < 9; place++) {
    const byte = bytes[at + place];
    if (byte === undefined) throw new RangeError('a row that is cut');
    if (place === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + place + 1];
  }
  throw new RangeError('a row that is cut');
}

/** Every row of the table of that name, as the blob of its column `column`, which counts from 0. RangeError where damaged. */
export function* readSqliteTable(
  source: ByteReader,
  wal: ByteReader | undefined,
  table: string,
  column: number,
): Generator<Blob> {
  const pages = openSqlite(source, wal);
  const root = findRoot(pages, table);
  for (const row of rowsOf(pages, root)) {
    const value = columnsOf(row)[column];
    if (value?.is !== 'bytes') throw new RangeError(`a row of ${table} without a blob`);
    yield value.blob;
  }
}

/** The schema is a table of its own at page 1: type, name, table, root page, SQL. */
function findRoot(pages: SqlitePages, table: string): number {
  const text = (value: Value | undefined) =>
    value?.is === 'bytes' ? Buffer.from(value.blob.prefix(200)).toString('latin1') : undefined;
  for (const row of rowsOf(pages, 1)) {
    const [type, name, , root] = columnsOf(row);
    if (text(type) === 'table' && text(name) === table && root?.is === 'number') return root.value;
  }
  throw new RangeError(`it has no table ${table}`);
}

/** The payload of every row below a page, from left to right. */
function* rowsOf(pages: SqlitePages, root: number): Generator<Blob> {
  const seen = new Set<number>();
  const open: { readonly number: number; readonly depth: number }[] = [{ number: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { number, depth } = next;
    if (seen.has(number) || depth > deepest) throw new RangeError(`page ${number} comes twice`);
    seen.add(number);
    const bytes = pages.page(number);
    const { type, cells, rightmost } = cellsOf(bytes, number);
    if (type === pageTypes.leaf) {
      for (const cell of cells) yield payloadAt(pages, bytes, cell);
      continue;
    }
    const children = [...cells.map((cell) => viewOf(bytes.subarray(cell, cell + 4)).getUint32(0)), rightmost];
    for (const child of children.reverse()) open.push({ number: child, depth: depth + 1 });
  }
}

function cellsOf(bytes: Uint8Array, number: number): { type: number; cells: number[]; rightmost: number } {
  const view = viewOf(bytes);
  // The first page begins with the header of the file.
  const start = number === 1 ? 100 : 0;
  const type = view.getUint8(start);
  if (type !== pageTypes.interior && type !== pageTypes.leaf)
    throw new RangeError(`page ${number} is of type ${type}, and no part of a table`);
  const list = start + (type === pageTypes.leaf ? 8 : 12);
  const count = view.getUint16(start + 3);
  if (list + 2 * count > bytes.length) throw new RangeError(`page ${number} says it has ${count} cells`);
  const cells = Array.from({ length: count }, (_, at) => view.getUint16(list + 2 * at));
  if (cells.some((cell) => cell < list || cell + 4 > bytes.length))
    throw new RangeError(`a cell of page ${number} lies outside of it`);
  return { type, cells, rightmost: type === pageTypes.leaf ? 0 : view.getUint32(start + 8) };
}

/** The payload of a leaf's cell; its overflow pages are read when they are asked for, and not before. */
function payloadAt(pages: SqlitePages, bytes: Uint8Array, cell: number): Blob {
  const [length, afterLength] = varint(bytes, cell);
  const [, start] = varint(bytes, afterLength);
  const { usable, count } = pages;
  if (length > count * usable) throw new RangeError(`a row that says it has ${length} bytes`);
  // "B-tree Cell Format": how much of a long payload stays on the page.
  const most = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const kept = least + ((length - least) % (usable - 4));
  const local = length <= most ? length : kept <= most ? kept : least;
  if (start + local > usable) throw new RangeError('a row that leaves its page');
  if (local === length) return blobOf(bytes.subarray(start, start + local));
  const parts = [bytes.subarray(start, start + local)];
  let known = local;
  let next = viewOf(bytes.subarray(start + local, start + local + 4)).getUint32(0);
  const prefix = (wanted: number): Uint8Array => {
    const target = Math.min(wanted, length);
    while (known < target) {
      const page = pages.page(next);
      const part = page.subarray(4, Math.min(usable, 4 + length - known));
      parts.push(part);
      // Every page adds to it, so that a ring of pages ends at the length of the row.
      known += part.length;
      next = viewOf(page).getUint32(0);
    }
    return Buffer.concat(parts).subarray(0, target);
  };
  return { bytes: length, prefix };
}

/** "Record Format": the length of its own header, the type of each column, the values one after the other. */
function columnsOf(row: Blob): Value[] {
  const [headBytes, begin] = varint(row.prefix(rowHeadBytes), 0);
  if (headBytes > row.bytes || headBytes > 65_536) throw new RangeError('a row whose header is longer than itself');
  const head = row.prefix(headBytes);
  const values: Value[] = [];
  let from = headBytes;
  for (let at = begin; at < headBytes; ) {
    const [type, next] = varint(head, at);
    const bytes = bytesOf(type);
    if (from + bytes > row.bytes) throw new RangeError('a value that leaves its row');
    values.push(contentOf(row, type, from, bytes));
    from += bytes;
    at = next;
  }
  return values;
}

const numberBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function bytesOf(type: number): number {
  return type >= 12 ? Math.floor((type - 12) / 2) : (numberBytes[type] ?? 0);
}

function contentOf(row: Blob, type: number, from: number, bytes: number): Value {
  if (type >= 12) return { is: 'bytes', blob: { bytes, prefix: (wanted) => part(row, from, Math.min(wanted, bytes)) } };
  if (type === 8 || type === 9) return { is: 'number', value: type - 8 };
  if (type === 0 || type >= 7) return null;
  const value = part(row, from, bytes).reduce((sum, byte) => sum * 256 + byte, 0);
  return { is: 'number', value };
}

function part(row: Blob, from: number, bytes: number): Uint8Array {
  return row.prefix(from + bytes).subarray(from);
}
