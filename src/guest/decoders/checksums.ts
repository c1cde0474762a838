/**
 * Checksums of data that comes in pieces: give the last result to go on. Plain tables, one byte at a time: they are
 * only needed where no tool of the machine does the work. (zlib.crc32 is younger than the Node we are packed on.)
 */

function makeTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
}

let table32: Uint32Array | undefined;

/** CRC-32 as in gzip and xz; starts with 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  table32 ??= makeTable(0xedb88320);
  const table = table32;
  let crc = ~before;
  for (let at = 0; at < bytes.length; at++) {
    crc = (table[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** A 64-bit number as two halves: BigInt would be a hundred times slower. */
export type Halves = readonly [low: number, high: number];

let table64: { low: Uint32Array; high: Uint32Array } | undefined;

function makeTable64(): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let l = byte;
    let h = 0;
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd) {
        l ^= 0xd7870f42;
        h ^= 0xc96c5795;
      }
    }
    low[byte] = l;
    high[byte] = h;
  }
  return { low, high };
}

/** CRC-64 as in xz (ECMA-182, reflected); starts with [0, 0]. */
export function crc64(bytes: Uint8Array, before: Halves = [0, 0]): Halves {
  table64 ??= makeTable64();
  const { low, high } = table64;
  let l = ~before[0];
  let h = ~before[1];
  for (let at = 0; at < bytes.length; at++) {
    const index = (l ^ (bytes[at] as number)) & 255;
    l = (low[index] as number) ^ ((l >>> 8) | (h << 24));
    h = (high[index] as number) ^ (h >>> 8);
  }
  return [~l >>> 0, ~h >>> 0];
}

/** Adler-32 as in lzop; starts with 1. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  for (let at = 0; at < bytes.length; ) {
    // Within 5,552 bytes neither sum can outgrow 32 bits.
    const stop = Math.min(bytes.length, at + 5552);
    for (; at < stop; at++) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return ((b << 16) | a) >>> 0;
}
