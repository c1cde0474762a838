import { type Blob, viewOf } from './blob.ts';

/** What an installed rpm says of itself. */
export interface RpmPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | undefined;
  readonly arch: string | undefined;
}

interface IndexEntry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** One header, its index read. */
interface Header {
  readonly entries: ReadonlyMap<number, IndexEntry>;
  /** Where the values begin. */
  readonly start: number;
  readonly end: number;
}

/** Tags and types of rpm's lib/rpmtag.h. */
const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, arch: 1022, changelogText: 1082 };
const types = { int32: 4, string: 6, stringArray: 8, i18nString: 9 };

/** rpm's own limits (header.c): entries of the index, bytes of the values. */
const mostEntries = 0xffff;
const mostBytes = 256 * 1024 * 1024;
/** No name or version is longer; one that has no end is none. */
const longestText = 4096;
/** Enough for index, name, version and architecture of nearly every package. */
const usualBytes = 4096;

function readIndex(blob: Blob): Header {
  const head = viewOf(blob.prefix(Math.max(8, Math.min(usualBytes, blob.bytes))));
  if (head.byteLength < 8) throw new RangeError('an rpm header of less than 8 bytes');
  const [count, dataBytes] = [head.getUint32(0), head.getUint32(4)];
  const start = 8 + 16 * count;
  if (count === 0 || count > mostEntries || dataBytes > mostBytes || start + dataBytes > blob.bytes)
    throw new RangeError(`an rpm header that says it has ${count} entries and ${dataBytes} bytes`);
  const index = viewOf(blob.prefix(start));
  if (index.byteLength < start) throw new RangeError('an rpm header that ends in its index');
  const entries = new Map<number, IndexEntry>();
  for (let at = 8; at < start; at += 16) {
    const entry = { type: index.getUint32(at + 4), offset: index.getUint32(at + 8), count: index.getUint32(at + 12) };
    // The first one counts, as for rpm itself.
    if (!entries.has(index.getUint32(at))) entries.set(index.getUint32(at), entry);
  }
  return { entries, start, end: start + dataBytes };
}

/** The text at an offset of the blob, up to its zero byte. */
function textAt(blob: Blob, offset: number, end: number): string | undefined {
  if (offset >= end) return undefined;
  const part = blob.prefix(Math.min(end, offset + longestText)).subarray(offset);
  const zero = part.indexOf(0);
  return zero < 0 ? undefined : Buffer.from(part.subarray(0, zero)).toString('latin1');
}

/**
 * Reads the header blob that every rpm database keeps for a package: a count and a length (32 bits, big-endian), the index
 * of 16 bytes for each tag, the values. Undefined where it has no name and version; throws a RangeError where it is damaged.
 */
export function readRpmHeader(blob: Blob): RpmPackage | undefined {
  const header = readIndex(blob);
  const text = (tag: number): string | undefined => {
    const entry = header.entries.get(tag);
    return entry?.type === types.string ? textAt(blob, header.start + entry.offset, header.end) : undefined;
  };
  const [name, version, release] = [text(tags.name), text(tags.version), text(tags.release)];
  if (name === undefined || version === undefined || release === undefined) return undefined;
  return { name, version, release, epoch: readEpoch(blob, header), arch: text(tags.arch) };
}

function readEpoch(blob: Blob, { entries, start, end }: Header): number | undefined {
  const entry = entries.get(tags.epoch);
  if (entry?.type !== types.int32 || start + entry.offset + 4 > end) return undefined;
  const offset = start + entry.offset;
  return viewOf(blob.prefix(offset + 4)).getUint32(offset);
}

/**
 * The texts of a package's changelog, newest first; empty where it has none. `limit` bytes are looked at: that of a kernel
 * is megabytes long.
 */
export function readRpmChangelog(blob: Blob, limit: number): string {
  const { entries, start, end } = readIndex(blob);
  const entry = entries.get(tags.changelogText);
  if (entry?.type !== types.stringArray && entry?.type !== types.i18nString) return '';
  const from = start + entry.offset;
  const part = blob.prefix(Math.min(end, from + limit)).subarray(from);
  // Where the array ends is not said: each of its texts ends in a zero byte.
  let to = 0;
  for (let left = entry.count; left > 0 && to < part.length; left--) {
    const zero = part.indexOf(0, to);
    to = zero < 0 ? part.length : zero + 1;
  }
  return Buffer.from(part.subarray(0, to)).toString('latin1').replaceAll('\0', '\n');
}

/** `epoch:version-release` as rpm prints it; no epoch where there is none, or 0. */
export function rpmVersion({ epoch, version, release }: RpmPackage): string {
  return `${epoch === undefined || epoch === 0 ? '' : `${epoch}:`}${version}-${release}`;
}
