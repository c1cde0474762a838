import { passBzip2 } from './bzip2-end.ts';
import { BadData, type Decoder, type Input } from './input.ts';

/**
 * One bzip2 stream: blocks packed to the bit, each a Burrows-Wheeler transform of up to 900 kB, coded by move-to-front, run
 * lengths and Huffman tables. What follows the stream is the next member, as it is for the kernel.
 */
const blockMark = [0x314159, 0x265359] as const;
const endMark = [0x177245, 0x385090] as const;
const groupSymbols = 50;
const longestCode = 20;

function corrupt(): never {
  throw new BadData('bzip2: the data is corrupt');
}

/** Bits of the input, highest first. */
class Bits {
  private held = 0;
  private count = 0;
  private readonly input: Input;

  constructor(input: Input) {
    this.input = input;
  }

  /** The next `count` bits, at most 24, as a number. */
  take(count: number): number {
    while (this.count < count) {
      this.held = (this.held << 8) | this.input.byte();
      this.count += 8;
    }
    this.count -= count;
    return (this.held >>> this.count) & ((1 << count) - 1);
  }

  take32(): number {
    return this.take(16) * 65_536 + this.take(16);
  }

  /** Drops what is left of the last byte. */
  align(): void {
    this.count = 0;
  }
}

/** A canonical Huffman code: codes of one length are consecutive numbers, shorter ones come first. */
interface Code {
  readonly shortest: number;
  /** Per length: the last code of it (-1 for none), and what to add to a code for its place in `symbols`. */
  readonly last: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function readCode(bits: Bits, size: number): Code {
  const lengths = new Uint8Array(size);
  let length = bits.take(5);
  for (let symbol = 0; symbol < size; symbol++) {
    while (bits.take(1) === 1) {
      length += bits.take(1) === 0 ? 1 : -1;
      if (length < 1 || length > longestCode) corrupt();
    }
    if (length < 1 || length > longestCode) corrupt();
    lengths[symbol] = length;
  }
  const symbols = Uint16Array.from(lengths.keys()).sort(
    (a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b,
  );
  const last = new Int32Array(longestCode + 2).fill(-1);
  const base = new Int32Array(longestCode + 2);
  let code = 0;
  let place = 0;
  for (let bitsOf = 1; bitsOf <= longestCode; bitsOf++) {
    const count = lengths.reduce((sum, one) => sum + (one === bitsOf ? 1 : 0), 0);
    base[bitsOf] = place - code;
    place += count;
    code += count;
    if (count > 0) last[bitsOf] = code - 1;
    code <<= 1;
  }
  return { shortest: lengths.reduce((a, b) => Math.min(a, b)), last, base, symbols };
}

function readSymbol(bits: Bits, { shortest, last, base, symbols }: Code): number {
  let length = shortest;
  let code = bits.take(length);
  while (code > (last[length] as number)) {
    if (++length > longestCode) corrupt();
    code = (code << 1) | bits.take(1);
  }
  return symbols[code + (base[length] as number)] ?? corrupt();
}

/** Byte values that occur, in order. */
function readAlphabet(bits: Bits): Uint8Array {
  const rows = bits.take(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >>> row)) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column++) if (columns & (0x8000 >>> column)) used.push(16 * row + column);
  }
  return Uint8Array.from(used);
}

/** Moves the entry at `index` to the front; returns it. */
function moveToFront(list: Uint8Array, index: number): number {
  const value = list[index] ?? corrupt();
  list.copyWithin(1, 0, index);
  list[0] = value;
  return value;
}

/** Which code each group of fifty symbols uses. */
function readSelectors(bits: Bits, codes: number): Uint8Array {
  const recent = Uint8Array.from({ length: codes }, (_, index) => index);
  const selectors = new Uint8Array(bits.take(15));
  for (let at = 0; at < selectors.length; at++) {
    let index = 0;
    while (bits.take(1) === 1) if (++index >= codes) corrupt();
    selectors[at] = moveToFront(recent, index);
  }
  return selectors;
}

/** Undoes Huffman, run lengths and move-to-front: fills `block` with byte values, returns how many. */
function readBlock(bits: Bits, block: Int32Array): number {
  const alphabet = readAlphabet(bits);
  const codeCount = bits.take(3);
  if (alphabet.length === 0 || codeCount < 2 || codeCount > 6) corrupt();
  const selectors = readSelectors(bits, codeCount);
  const endOfBlock = alphabet.length + 1;
  const codes = Array.from({ length: codeCount }, () => readCode(bits, alphabet.length + 2));

  let count = 0;
  let run = 0;
  let place = 1; // what the next digit of a run length is worth
  for (const selector of selectors) {
    const code = codes[selector] as Code;
    for (let left = groupSymbols; left > 0; left--) {
      const symbol = readSymbol(bits, code);
      if (symbol < 2) {
        run += place << symbol;
        place <<= 1;
        if (run > block.length) corrupt();
        continue;
      }
      if (count + run >= block.length + (symbol === endOfBlock ? 1 : 0)) corrupt();
      block.fill(alphabet[0] as number, count, count + run);
      count += run;
      run = 0;
      place = 1;
      if (symbol === endOfBlock) return count;
      block[count++] = moveToFront(alphabet, symbol - 1);
    }
  }
  return corrupt();
}

/** Prepares the inverse transform: in each entry, above its byte, the index of the entry that follows it. */
function linkBlock(block: Int32Array, count: number): void {
  const starts = new Int32Array(256);
  for (let at = 0; at < count; at++) (starts[(block[at] as number) & 255] as number)++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const here = starts[byte] as number;
    starts[byte] = sum;
    sum += here;
  }
  for (let at = 0; at < count; at++) {
    const byte = (block[at] as number) & 255;
    const to = starts[byte] as number;
    starts[byte] = to + 1;
    block[to] = (block[to] as number) | (at << 8);
  }
}

let crcTable: Int32Array | undefined;

/** CRC-32 with the highest bit first, unlike gzip's. */
function makeCrcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
    return crc;
  });
}

/** Walks the linked block, undoing the first run lengths: after four equal bytes comes how many more there are. */
function* emitBlock(block: Int32Array, count: number, first: number, out: Uint8Array): Generator<Uint8Array, number> {
  crcTable ??= makeCrcTable();
  const table = crcTable;
  let crc = -1;
  let filled = 0;
  let entry = block[first] as number;
  let previous = -1;
  let repeats = 0;
  for (let left = count; left > 0; left--) {
    entry = block[entry >>> 8] as number;
    const byte = entry & 255;
    let copies = 1;
    let value = byte;
    if (repeats === 4) {
      copies = byte;
      value = previous;
      repeats = 0;
      previous = -1;
    } else {
      repeats = byte === previous ? repeats + 1 : 1;
      previous = byte;
    }
    for (; copies > 0; copies--) {
      out[filled++] = value;
      crc = (crc << 8) ^ (table[(crc >>> 24) ^ value] as number);
    }
    // 256 more always fit.
    if (filled > out.length - 256) {
      yield out.subarray(0, filled);
      filled = 0;
    }
  }
  if (filled > 0) yield out.subarray(0, filled);
  return ~crc;
}

function* unpack(input: Input): Generator<Uint8Array> {
  const level = input.bytes(4).toString('latin1');
  if (!/^BZh[1-9]$/.test(level)) throw new BadData('bzip2: not a bzip2 header');
  const bits = new Bits(input);
  const block = new Int32Array(Number(level[3]) * 100_000);
  const out = Buffer.allocUnsafeSlow(131_072);
  let combined = 0;
  for (;;) {
    const [high, low] = [bits.take(24), bits.take(24)];
    const crc = bits.take32() | 0;
    if (high === endMark[0] && low === endMark[1]) {
      if (crc !== combined) throw new BadData('bzip2: the checksum is wrong');
      bits.align();
      return;
    }
    if (high !== blockMark[0] || low !== blockMark[1]) corrupt();
    if (bits.take(1) === 1) throw new BadData('bzip2: a randomised block, which the kernel does not read');
    const first = bits.take(24);
    const count = readBlock(bits, block);
    if (first >= count) corrupt();
    linkBlock(block, count);
    const got = yield* emitBlock(block, count, first, out);
    if (got !== crc) throw new BadData('bzip2: the checksum of a block is wrong');
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
}

export const bzip2Decoder: Decoder = { pass: passBzip2, unpack };
