import type { ByteReader } from '../model.ts';
import { viewOf } from './blob.ts';
import { readExactly } from './exact-read.ts';

/** Pages of an SQLite database with its write-ahead log laid over it (sqlite.org, "Database File Format"). */
export interface SqlitePages {
  /** Bytes of a page that hold content: what is reserved at its end does not. */
  readonly usable: number;
  readonly count: number;
  /** Counts from 1. Throws a RangeError where there is no such page. */
  page(number: number): Uint8Array;
}

const headerText = 'SQLite format 3\0';
const headerBytes = 100;
const walHeaderBytes = 32;
const frameHeaderBytes = 24;
const walMagic = 0x377f0682;
/** SQLite begins the log anew at 1000 pages; a larger one has a reader that never went away. */
const mostWalBytes = 256 * 1024 * 1024;

/** Opens a database. A log that cannot be read, or a page size that cannot be, throws a RangeError. */
export function openSqlite(source: ByteReader, wal: ByteReader | undefined): SqlitePages {
  const head = readExactly(source, 0, headerBytes);
  if (Buffer.from(head.subarray(0, 16)).toString('latin1') !== headerText) throw new RangeError('no SQLite database');
  const view = viewOf(head);
  const size = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  if (size < 512 || (size & (size - 1)) !== 0) throw new RangeError(`pages of ${size} bytes`);
  const usable = size - view.getUint8(20);
  if (usable < 480) throw new RangeError(`pages of which ${usable} bytes are used`);
  const log = wal === undefined || wal.size === 0 ? undefined : readLog(wal, size);
  const count = log?.count ?? Math.floor(source.size / size);
  const page = (number: number): Uint8Array => {
    if (number < 1 || number > count) throw new RangeError(`page ${number} is not there`);
    const frame = log?.frames.get(number);
    return frame === undefined || wal === undefined
      ? readExactly(source, (number - 1) * size, size)
      : readExactly(wal, frame, size);
  };
  return { usable, count, page };
}

interface Log {
  /** Where the newest committed version of a page lies in the log. */
  readonly frames: ReadonlyMap<number, number>;
  /** Pages of the database after the last commit. */
  readonly count: number;
}

/** The committed frames of a log; undefined where none is. Frames after the first that is not whole are leftovers. */
function readLog(wal: ByteReader, size: number): Log | undefined {
  if (wal.size > mostWalBytes) throw new RangeError(`its log has ${wal.size} bytes`);
  if (wal.size < walHeaderBytes) return undefined;
  const bytes = readExactly(wal, 0, walHeaderBytes);
  const head = viewOf(bytes);
  const little = head.getUint32(0) === walMagic;
  if (!little && head.getUint32(0) !== walMagic + 1) throw new RangeError('its log has no header');
  if (head.getUint32(8) !== size) throw new RangeError('its log has pages of another size');
  let sum = addSum([0, 0], bytes.subarray(0, 24), little);
  if (!sameSum(sum, head, 24)) return undefined;
  const committed = new Map<number, number>();
  const pending = new Map<number, number>();
  let count: number | undefined;
  for (let at = walHeaderBytes; at + frameHeaderBytes + size <= wal.size; at += frameHeaderBytes + size) {
    const frame = readExactly(wal, at, frameHeaderBytes + size);
    const view = viewOf(frame);
    if (view.getUint32(8) !== head.getUint32(16) || view.getUint32(12) !== head.getUint32(20)) break;
    sum = addSum(addSum(sum, frame.subarray(0, 8), little), frame.subarray(frameHeaderBytes), little);
    if (!sameSum(sum, view, 16)) break;
    pending.set(view.getUint32(0), at + frameHeaderBytes);
    if (view.getUint32(4) === 0) continue;
    count = view.getUint32(4);
    for (const [number, offset] of pending) committed.set(number, offset);
    pending.clear();
  }
  return count === undefined ? undefined : { frames: committed, count };
}

type Sum = readonly [number, number];

/** The log's running checksum, over pairs of 32-bit words. */
function addSum([first, second]: Sum, bytes: Uint8Array, little: boolean): Sum {
  const view = viewOf(bytes);
  let [one, two] = [first, second];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    one = (one + view.getUint32(at, little) + two) >>> 0;
    two = (two + view.getUint32(at + 4, little) + one) >>> 0;
  }
  return [one, two];
}

function sameSum([one, two]: Sum, view: DataView, at: number): boolean {
  return view.getUint32(at) === one && view.getUint32(at + 4) === two;
}
