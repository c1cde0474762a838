import { createHash } from 'node:crypto';
import { crc32, crc64, type Halves } from './checksums.ts';
import { BadData, type Input } from './input.ts';
import { checkDictionary } from './lzma.ts';

/** Headers, checks and the index of the .xz file format, version 1.2. */

export function corruptXz(): never {
  throw new BadData('xz: the data is corrupt');
}

/** A number in groups of seven bits, lowest first. */
function readNumber(next: () => number): number {
  let result = 0;
  for (let place = 0; place < 9; place++) {
    const byte = next();
    if (byte === 0 && place > 0) corruptXz();
    result += (byte & 127) * 2 ** (7 * place);
    if (byte < 128) return result;
  }
  return corruptXz();
}

// ------------------------------------------------------------------------------------------------------------ checks

/** Adds up the unpacked data of one block. */
export interface Sum {
  add(chunk: Uint8Array): void;
  end(): Buffer;
}

const types = { crc32: 1, crc64: 4, sha256: 10 } as const;

/** Length of the check behind each block. */
export function checkBytes(type: number): number {
  return type === 0 ? 0 : 4 << Math.floor((type - 1) / 3);
}

/** A sum out of a function that goes on from its last result; `parts` gives the result's 32-bit parts, lowest first. */
function makeSum<T>(next: (chunk: Uint8Array, before: T) => T, start: T, parts: (result: T) => readonly number[]): Sum {
  let result = start;
  return {
    add(chunk) {
      result = next(chunk, result);
    },
    end: () => Buffer.from(Uint32Array.from(parts(result)).buffer), // our machines are little endian
  };
}

/** The sum for a type of check; undefined for none and for types that the format leaves for later. */
export function beginSum(type: number): Sum | undefined {
  if (type === types.sha256) {
    const hash = createHash('sha256');
    return { add: (chunk) => hash.update(chunk), end: () => hash.digest() };
  }
  if (type === types.crc32) return makeSum(crc32, 0, (crc) => [crc]);
  if (type === types.crc64) return makeSum<Halves>(crc64, [0, 0], (halves) => halves);
  return undefined;
}

// ----------------------------------------------------------------------------------------------------------- headers

const headerMagic = Buffer.from('fd377a585a00', 'hex');
const lzma2 = 0x21;

/** Reads the header of a stream; returns the type of its checks. */
export function readStreamHeader(input: Input): number {
  const header = input.bytes(12);
  if (!header.subarray(0, 6).equals(headerMagic)) throw new BadData('xz: not a stream header');
  const flags = header.subarray(6, 8);
  if (header.readUInt32LE(8) !== crc32(flags)) corruptXz();
  if (flags[0] !== 0 || flags.readUInt8(1) > 15) throw new BadData('xz: unknown stream flags');
  return flags.readUInt8(1);
}

export interface BlockHeader {
  /** Dictionary of LZMA2, which is the last of the filters; bytes. */
  readonly dictionarySize: number;
  /** Another filter before it, such as x86's: it changes bytes, never their number. */
  readonly filter: number | undefined;
}

/** Reads the header of a block. Its first byte, which tells its size and is zero for the index, has been read. */
export function readBlockHeader(input: Input, sizeByte: number): BlockHeader {
  const bytes = Buffer.concat([Uint8Array.of(sizeByte), input.bytes(sizeByte * 4 + 3)]);
  const end = bytes.length - 4;
  if (bytes.readUInt32LE(end) !== crc32(bytes.subarray(0, end))) corruptXz();
  let at = 2;
  const next = (): number => (at < end ? bytes.readUInt8(at++) : corruptXz());
  const flags = bytes.readUInt8(1);
  if (flags & 0x3c) throw new BadData('xz: unknown block flags');
  if (flags & 0x40) readNumber(next); // packed size
  if (flags & 0x80) readNumber(next); // unpacked size
  const filters = Array.from({ length: (flags & 3) + 1 }, () => {
    const id = readNumber(next);
    const properties = Array.from({ length: Math.min(readNumber(next), end) }, next);
    return { id, properties };
  });
  const last = filters.pop();
  if (last?.id !== lzma2 || last.properties.length !== 1) throw new BadData('xz: a block without LZMA2');
  const size = last.properties[0] as number;
  if (size > 40) corruptXz();
  const dictionarySize = size === 40 ? 2 ** 32 - 1 : (2 | (size & 1)) * 2 ** (Math.floor(size / 2) + 11);
  checkDictionary(dictionarySize);
  return { dictionarySize, filter: filters[0]?.id };
}

/** Reads the index, whose first byte has been read, and the footer: there must be a record for each block. */
export function readIndexAndFooter(input: Input, blocks: number, checkType: number): void {
  const from = input.offset - 1;
  let crc = crc32(Uint8Array.of(0));
  const next = (): number => {
    const byte = input.byte();
    crc = crc32(Uint8Array.of(byte), crc);
    return byte;
  };
  if (readNumber(next) !== blocks) corruptXz();
  for (let left = 2 * blocks; left > 0; left--) readNumber(next);
  while ((input.offset - from) % 4 !== 0) if (next() !== 0) corruptXz();
  if (input.u32le() !== crc) corruptXz();
  const size = input.offset - from;
  const footer = input.bytes(12);
  if (footer.readUInt32LE(0) !== crc32(footer.subarray(4, 10))) corruptXz();
  if ((footer.readUInt32LE(4) + 1) * 4 !== size || footer[8] !== 0 || footer[9] !== checkType) corruptXz();
  if (footer.toString('latin1', 10) !== 'YZ') corruptXz();
}
