import type { ByteReader } from '../model.ts';
import { type Blob, blobOf, viewOf } from './blob.ts';
import { readExactly } from './exact-read.ts';

/** Berkeley DB's hash files (`Packages` of rpm before 4.16): layout of its dbinc/db_page.h, in the byte order of the writer. */

const hashMagic = 0x00061561;
const pageHeadBytes = 26;
const pageTypes = { hashUnsorted: 2, overflow: 7, hash: 13 };
const itemTypes = { here: 1, offPage: 3 };
const offPageBytes = 12;
const spares = 32;
/** Longer keys are none of rpm's, which are numbers of 4 bytes. */
const keyBytes = 4;

interface File {
  readonly source: ByteReader;
  readonly little: boolean;
  readonly pageBytes: number;
  readonly pages: number;
}

interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly next: number;
  readonly entries: number;
  readonly free: number;
  readonly type: number;
}

/** Every value of the file whose key is a number of 4 bytes other than 0, which is where rpm counts. RangeError where damaged. */
export function* readBerkeleyHash(source: ByteReader): Generator<Blob> {
  const meta = viewOf(readExactly(source, 0, 256));
  const little = meta.getUint32(12, true) === hashMagic;
  if (!little && meta.getUint32(12) !== hashMagic) throw new RangeError('no Berkeley DB hash file');
  const pageBytes = meta.getUint32(20, little);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0)
    throw new RangeError(`pages of ${pageBytes} bytes`);
  if (meta.getUint8(24) !== 0) throw new RangeError('it is encrypted');
  const file: File = { source, little, pageBytes, pages: Math.floor(source.size / pageBytes) };
  const buckets = meta.getUint32(72, little) + 1;
  if (buckets > file.pages) throw new RangeError(`it says it has ${buckets} buckets in ${file.pages} pages`);
  const seen = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket++) {
    // Buckets are added by doublings, and each doubling has moved by what was in the way.
    const doubling = bucket === 0 ? 0 : 32 - Math.clz32(bucket);
    if (doubling >= spares) throw new RangeError(`bucket ${bucket} cannot be`);
    const first = (bucket + meta.getUint32(96 + 4 * doubling, little)) % 2 ** 32;
    for (let number = first; number !== 0; ) {
      if (seen.has(number)) throw new RangeError(`page ${number} comes twice`);
      seen.add(number);
      const page = readPage(file, number);
      // A bucket that was never written to has a page of zeros.
      if (page.type === 0) break;
      if (page.type !== pageTypes.hash && page.type !== pageTypes.hashUnsorted)
        throw new RangeError(`page ${number} is of type ${page.type}, and no bucket`);
      yield* valuesOf(file, page, number);
      number = page.next;
    }
  }
}

function readPage({ source, little, pageBytes, pages }: File, number: number): Page {
  if (number >= pages) throw new RangeError(`page ${number} is not there`);
  const bytes = readExactly(source, number * pageBytes, pageBytes);
  const view = viewOf(bytes);
  return {
    bytes,
    view,
    next: view.getUint32(16, little),
    entries: view.getUint16(20, little),
    free: view.getUint16(22, little),
    type: view.getUint8(25),
  };
}

function* valuesOf(file: File, page: Page, number: number): Generator<Blob> {
  const { bytes, view, entries } = page;
  if (pageHeadBytes + 2 * entries > bytes.length) throw new RangeError(`page ${number} has ${entries} entries`);
  const starts = Array.from({ length: entries }, (_, at) => view.getUint16(pageHeadBytes + 2 * at, file.little));
  /** Items are laid down from the end of the page: each ends where the one before it begins. */
  const item = (at: number): Uint8Array => {
    const [start = 0, end = 0] = [starts[at], at === 0 ? bytes.length : starts[at - 1]];
    if (start < pageHeadBytes || start >= end || end > bytes.length)
      throw new RangeError(`item ${at} of page ${number} lies outside of it`);
    return bytes.subarray(start, end);
  };
  for (let at = 0; at + 1 < entries; at += 2) {
    const [key, value] = [item(at), item(at + 1)];
    if (key[0] !== itemTypes.here || key.length !== 1 + keyBytes || key.subarray(1).every((byte) => byte === 0))
      continue;
    yield value[0] === itemTypes.offPage ? offPage(file, value) : blobOf(value.subarray(1));
  }
}

/** A value that lies on pages of its own, which are followed no further than what is asked for. */
function offPage(file: File, item: Uint8Array): Blob {
  if (item.length < offPageBytes) throw new RangeError('a reference that is cut');
  const view = viewOf(item);
  const [first, bytes] = [view.getUint32(4, file.little), view.getUint32(8, file.little)];
  if (bytes > file.source.size) throw new RangeError(`a value that says it has ${bytes} bytes`);
  const parts: Uint8Array[] = [];
  let known = 0;
  let next = first;
  const prefix = (wanted: number): Uint8Array => {
    const target = Math.min(wanted, bytes);
    while (known < target) {
      if (next === 0) throw new RangeError(`a value that ends after ${known} of ${bytes} bytes`);
      const page = readPage(file, next);
      if (page.type !== pageTypes.overflow || page.free === 0 || pageHeadBytes + page.free > page.bytes.length)
        throw new RangeError(`page ${next} holds no part of a value`);
      parts.push(page.bytes.subarray(pageHeadBytes, pageHeadBytes + page.free));
      // Every page adds at least one byte, so that a ring of pages ends at the length of the value.
      known += page.free;
      next = page.next;
    }
    return Buffer.concat(parts).subarray(0, target);
  };
  return { bytes, prefix };
}
