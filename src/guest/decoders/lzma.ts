import { BadData, type Decoder, type Input } from './input.ts';

/** LZMA, as the LZMA specification has it: alone in a file here, in the chunks of LZMA2 in xz. */

/** xz -9 makes 64 MiB. */
const largestDictionary = 128 << 20;

/** Refuses a dictionary that nobody would make for an initrd: it is memory, ours or the tool's. */
export function checkDictionary(bytes: number): void {
  if (bytes > largestDictionary) throw new BadData(`lzma: needs a dictionary of ${bytes} bytes, more than we give`);
}

// Where each model's probabilities lie. `posStates` is the most that a file can ask for.
const states = 12;
const posStates = 16;
const isMatch = 0;
const isRep = isMatch + states * posStates;
const isRepG0 = isRep + states;
const isRepG1 = isRepG0 + states;
const isRepG2 = isRepG1 + states;
const isRep0Long = isRepG2 + states;
const slots = isRep0Long + states * posStates;
const special = slots + 4 * 64;
const align = special + 128;
const matchLength = align + 16;
// A length model: two choices, then short and middle lengths for each position state, and long ones.
const lowLengths = 2;
const midLengths = lowLengths + posStates * 8;
const highLengths = midLengths + posStates * 8;
const repLength = matchLength + highLengths + 256;
const literals = repLength + highLengths + 256;

function corrupt(): never {
  throw new BadData('lzma: the data is corrupt');
}

const half = 1024;
const shortestMatch = 2;

export class Lzma {
  /** Unpacked so far since the dictionary was emptied, at most its length. */
  private filled = 0;
  /** Where the next byte goes. Counted from the last reset, so its low bits are the position that the models want. */
  private to = 0;
  private readonly dictionary: Uint8Array;
  readonly dictionarySize: number;

  private probs = new Uint16Array(0);
  private lc = 0;
  private lpMask = 0;
  private pbMask = 0;
  private state = 0;
  private rep0 = 0;
  private rep1 = 0;
  private rep2 = 0;
  private rep3 = 0;
  /** Bytes of the match at hand that did not fit into the last call. */
  private matchLeft = 0;
  /** An end mark was met. */
  ended = false;

  // The range coder; both numbers are unsigned, kept as int32 because V8 keeps those unboxed.
  private range = 0;
  private code = 0;
  private readonly input: Input;

  constructor(input: Input, dictionarySize: number) {
    checkDictionary(dictionarySize);
    this.input = input;
    this.dictionarySize = dictionarySize;
    // A multiple of 16, so that wrapping round keeps the low bits of the position.
    this.dictionary = new Uint8Array(Math.ceil(Math.max(dictionarySize, 65_536) / 4096) * 4096);
  }

  emptyDictionary(): void {
    this.filled = 0;
    this.to = 0;
  }

  /** Sets lc, lp and pb from their common byte, and resets the models. */
  setProperties(byte: number): void {
    if (byte >= 9 * 5 * 5) throw new BadData('lzma: the properties are corrupt');
    this.lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    this.lpMask = (1 << lp) - 1;
    this.pbMask = (1 << Math.floor(byte / 45)) - 1;
    this.probs = new Uint16Array(literals + (0x300 << (this.lc + lp)));
    this.resetState();
  }

  resetState(): void {
    this.probs.fill(half);
    this.state = this.rep0 = this.rep1 = this.rep2 = this.rep3 = this.matchLeft = 0;
  }

  startRange(): void {
    if (this.input.byte() !== 0) corrupt();
    this.range = -1;
    this.code = this.input.u32be() | 0;
  }

  /** The range coder has used all of its bytes; the code is then zero. */
  finishRange(): boolean {
    this.normalise();
    return this.code === 0;
  }

  private normalise(): void {
    if (this.range >>> 24 === 0) {
      this.range <<= 8;
      this.code = (this.code << 8) | this.input.byte();
    }
  }

  private bit(at: number): number {
    if (this.range >>> 24 === 0) this.normalise();
    const prob = this.probs[at] as number;
    const bound = Math.imul(this.range >>> 11, prob);
    // Unsigned comparison of signed numbers.
    if ((this.code ^ 0x8000_0000) < (bound ^ 0x8000_0000)) {
      this.range = bound;
      this.probs[at] = prob + ((2048 - prob) >>> 5);
      return 0;
    }
    this.range = (this.range - bound) | 0;
    this.code = (this.code - bound) | 0;
    this.probs[at] = prob - (prob >>> 5);
    return 1;
  }

  /** A number of `count` bits, each with half the range. */
  private direct(count: number): number {
    let result = 0;
    for (let left = count; left > 0; left--) {
      if (this.range >>> 24 === 0) this.normalise();
      this.range >>>= 1;
      this.code = (this.code - this.range) | 0;
      const borrow = this.code >> 31;
      this.code = (this.code + (this.range & borrow)) | 0;
      result = (result << 1) + (borrow + 1);
    }
    return result;
  }

  private tree(at: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left--) node = (node << 1) | this.bit(at + node);
    return node - (1 << count);
  }

  private reverseTree(at: number, count: number): number {
    let node = 1;
    let result = 0;
    for (let place = 0; place < count; place++) {
      const bit = this.bit(at + node);
      node = (node << 1) | bit;
      result |= bit << place;
    }
    return result;
  }

  private length(at: number, posState: number): number {
    if (this.bit(at) === 0) return this.tree(at + lowLengths + posState * 8, 3);
    if (this.bit(at + 1) === 0) return 8 + this.tree(at + midLengths + posState * 8, 3);
    return 16 + this.tree(at + highLengths, 8);
  }

  /** The byte `distance` + 1 back. */
  private back(distance: number): number {
    const at = this.to - distance - 1;
    return this.dictionary[at < 0 ? at + this.dictionary.length : at] as number;
  }

  private literal(): void {
    const previous = this.filled > 0 ? this.back(0) : 0;
    const at = literals + 0x300 * (((this.to & this.lpMask) << this.lc) + (previous >>> (8 - this.lc)));
    let node = 1;
    if (this.state >= 7) {
      // After a match the byte that would have continued it steers the models.
      let match = this.back(this.rep0);
      do {
        const expected = (match >>> 7) & 1;
        match <<= 1;
        const bit = this.bit(at + ((1 + expected) << 8) + node);
        node = (node << 1) | bit;
        if (bit !== expected) break;
      } while (node < 0x100);
    }
    while (node < 0x100) node = (node << 1) | this.bit(at + node);
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
    this.put(node & 255);
  }

  private put(byte: number): void {
    this.dictionary[this.to++] = byte;
    if (this.filled < this.dictionarySize) this.filled++;
  }

  private newMatch(posState: number): void {
    this.rep3 = this.rep2;
    this.rep2 = this.rep1;
    this.rep1 = this.rep0;
    const length = this.length(matchLength, posState);
    this.state = this.state < 7 ? 7 : 10;
    const slot = this.tree(slots + 64 * Math.min(length, 3), 6);
    const count = (slot >>> 1) - 1;
    if (slot < 4) this.rep0 = slot;
    else {
      const start = (2 | (slot & 1)) << count;
      if (slot < 14) this.rep0 = start + this.reverseTree(special + start - slot, count);
      else this.rep0 = start + (this.direct(count - 4) << 4) + this.reverseTree(align, 4);
    }
    if (this.rep0 === -1 || this.rep0 === 0xffff_ffff) this.ended = true;
    else this.matchLeft = length + shortestMatch;
  }

  /** A match at one of the last four distances, or one byte at the last. */
  private repeatedMatch(posState: number): void {
    if (this.bit(isRepG0 + this.state) === 0) {
      if (this.bit(isRep0Long + this.state * posStates + posState) === 0) {
        this.state = this.state < 7 ? 9 : 11;
        this.matchLeft = 1;
        return;
      }
    } else {
      let distance = this.rep1;
      if (this.bit(isRepG1 + this.state) !== 0) {
        distance = this.rep2;
        if (this.bit(isRepG2 + this.state) !== 0) {
          distance = this.rep3;
          this.rep3 = this.rep2;
        }
        this.rep2 = this.rep1;
      }
      this.rep1 = this.rep0;
      this.rep0 = distance;
    }
    this.state = this.state < 7 ? 8 : 11;
    this.matchLeft = this.length(repLength, posState) + shortestMatch;
  }

  private copyMatch(stop: number): void {
    if (this.rep0 < 0 || this.rep0 >= this.filled) corrupt();
    const { dictionary } = this;
    const count = Math.min(this.matchLeft, stop - this.to);
    this.matchLeft -= count;
    let from = this.to - this.rep0 - 1;
    if (from < 0) from += dictionary.length;
    for (const end = this.to + count; this.to < end; ) {
      dictionary[this.to++] = dictionary[from++] as number;
      if (from === dictionary.length) from = 0;
    }
    this.filled = Math.min(this.dictionarySize, this.filled + count);
  }

  /**
   * Unpacks up to `most` bytes, fewer at the edge of the dictionary and at an end mark. They are valid until the next call.
   */
  run(most: number): Uint8Array {
    if (this.to === this.dictionary.length) this.to = 0;
    const from = this.to;
    const stop = Math.min(this.dictionary.length, from + most);
    while (this.to < stop && !this.ended) {
      if (this.matchLeft > 0) {
        this.copyMatch(stop);
        continue;
      }
      const posState = this.to & this.pbMask;
      if (this.bit(isMatch + this.state * posStates + posState) === 0) this.literal();
      else if (this.bit(isRep + this.state) === 0) this.newMatch(posState);
      else this.repeatedMatch(posState);
    }
    return this.dictionary.subarray(from, this.to);
  }

  /** A match goes on behind what was asked for. */
  get unfinished(): boolean {
    return this.matchLeft > 0;
  }

  /** Takes in bytes that are not packed; returns them as `run` does. */
  copy(most: number): Uint8Array {
    if (this.to === this.dictionary.length) this.to = 0;
    const from = this.to;
    const ahead = this.input.refill() ? this.input.end - this.input.at : 0;
    const count = Math.min(most, ahead, this.dictionary.length - from);
    if (count === 0) throw new BadData('lzma: the compressed data ends early');
    this.dictionary.set(this.input.bytes(count), from);
    this.to += count;
    this.filled = Math.min(this.dictionarySize, this.filled + count);
    return this.dictionary.subarray(from, this.to);
  }
}

const step = 1 << 16;

/** The old .lzma file: properties, dictionary size, unpacked size (all ones: an end mark tells), one LZMA stream. */
function* unpack(input: Input): Generator<Uint8Array> {
  const properties = input.byte();
  const dictionarySize = input.bytes(4).readUInt32LE();
  const size = input.bytes(8).readBigUInt64LE();
  const known = size === 0xffff_ffff_ffff_ffffn ? undefined : Number(size);
  const lzma = new Lzma(input, Math.min(dictionarySize, known ?? dictionarySize));
  lzma.setProperties(properties);
  lzma.startRange();
  for (let left = known ?? Number.POSITIVE_INFINITY; left > 0 && !lzma.ended; ) {
    const chunk = lzma.run(Math.min(step, left));
    left -= chunk.length;
    if (chunk.length > 0) yield chunk;
    if (lzma.ended && known !== undefined && left > 0) corrupt();
  }
  if (!lzma.unfinished && lzma.finishRange()) return;
  // There may be an end mark although the size is stated; it must be the very next thing.
  if (lzma.ended || lzma.run(1).length > 0 || !lzma.finishRange()) corrupt();
}

export const lzmaDecoder: Decoder = { unpack };
