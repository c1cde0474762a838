/** Header blobs as rpm keeps them in its databases, and rpm's own package file around them. */

export interface WrittenPackage {
  readonly name: string;
  readonly version?: string;
  readonly release?: string;
  readonly epoch?: number;
  readonly changelog?: readonly string[];
  /** Bytes of a further value between name and architecture, so that the header needs several pages. */
  readonly padding?: number;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

function numbers(littleEndian: boolean, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) {
    if (littleEndian) bytes.writeUInt32LE(value >>> 0, 4 * at);
    else bytes.writeUInt32BE(value >>> 0, 4 * at);
  }
  return bytes;
}

/** Tag, type, count and value of each entry: types 6 text, 4 number, 8 list of texts, 7 bytes. */
export function rpmHeader(written: WrittenPackage): Buffer {
  const { name, version = '1.0', release = '1.el9', epoch, changelog = [], padding = 0 } = written;
  const entries: [tag: number, type: number, count: number, value: Buffer][] = [
    [1000, 6, 1, latin1(`${name}\0`)],
    [1001, 6, 1, latin1(`${version}\0`)],
    [1002, 6, 1, latin1(`${release}\0`)],
  ];
  if (epoch !== undefined) entries.push([1003, 4, 1, numbers(false, epoch)]);
  if (padding > 0) entries.push([5000, 7, padding, Buffer.alloc(padding, 0x2e)]);
  entries.push([1022, 6, 1, latin1('x86_64\0')]);
  if (changelog.length > 0)
    entries.push([1082, 8, changelog.length, latin1(changelog.map((one) => `${one}\0`).join(''))]);
  const index: Buffer[] = [];
  const values: Buffer[] = [];
  let offset = 0;
  for (const [tag, type, count, value] of entries) {
    const gap = type === 4 ? Buffer.alloc((4 - (offset % 4)) % 4) : Buffer.alloc(0);
    index.push(numbers(false, tag, type, offset + gap.length, count));
    values.push(gap, value);
    offset += gap.length + value.length;
  }
  return Buffer.concat([numbers(false, entries.length, offset), ...index, ...values]);
}

const block = 16;

/** A `Packages.db`: one page of slots, then the blobs, each with its head and tail. */
export function ndbFile(headers: readonly Uint8Array[]): Buffer {
  const slots = Buffer.alloc(4096);
  Buffer.concat([latin1('RpmP'), numbers(true, 0, 7, 1, headers.length + 1)]).copy(slots);
  const blobs: Buffer[] = [];
  let at = 4096 / block;
  for (let slot = 2; slot < 256; slot++) latin1('Slot').copy(slots, slot * 16);
  for (const [number, header] of headers.entries()) {
    const index = number + 1;
    const room = Math.ceil((header.length + 16 + 12) / block);
    numbers(true, index, at, room).copy(slots, (number + 2) * 16 + 4);
    const blob = Buffer.alloc(room * block);
    Buffer.concat([latin1('BlbS'), numbers(true, index, 7, header.length), header]).copy(blob);
    Buffer.concat([numbers(true, 0, header.length), latin1('BlbE')]).copy(blob, blob.length - 12);
    blobs.push(blob);
    at += room;
  }
  return Buffer.concat([slots, ...blobs]);
}
