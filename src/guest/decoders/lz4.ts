import { BadData, type Decoder, type Input } from './input.ts';

/**
 * The legacy frame of lz4, the only one the kernel reads: a magic number, then blocks that each unpack to 8 MiB (the
 * last to less) and are led by their packed size. There is no end mark and no checksum. As in the kernel
 * (lib/decompress_unlz4.c) the magic number may come again between blocks, and a size of zero, or less than four bytes
 * left, is the end: what follows is padding.
 */
const magic = 0x184c2102;
const blockSize = 8 << 20;
/** The largest packed size of a block, by lz4's own formula. */
const bound = blockSize + Math.floor(blockSize / 255) + 16;

/** Packed size of the next block; undefined behind the last. */
function nextBlock(input: Input): number | undefined {
  while (input.size - input.offset >= 4) {
    const length = input.u32le();
    if (length === 0) {
      input.at -= 4;
      return undefined;
    }
    if (length === magic) continue;
    if (length > bound) {
      throw new BadData(
        `lz4: a block of ${length} bytes, more than one can have (without padding nothing else may follow)`,
      );
    }
    return length;
  }
  return undefined;
}

function checkMagic(input: Input): void {
  if (input.u32le() !== magic) throw new BadData('lz4: not a legacy frame');
}

function pass(input: Input): void {
  checkMagic(input);
  for (let length = nextBlock(input); length !== undefined; length = nextBlock(input)) input.skip(length);
}

function* unpack(input: Input): Generator<Uint8Array> {
  checkMagic(input);
  // Grown by need: a small image does not cost 8 MiB.
  let out = Buffer.allocUnsafeSlow(65_536);
  for (let length = nextBlock(input); length !== undefined; length = nextBlock(input)) {
    const block = input.bytes(length);
    let got = unpackBlock(block, out);
    while (got < 0 && out.length < blockSize) {
      out = Buffer.allocUnsafeSlow(Math.min(blockSize, out.length * 8));
      got = unpackBlock(block, out);
    }
    if (got < 0) throw new BadData('lz4: a block unpacks to more than 8 MiB');
    yield out.subarray(0, got);
  }
}

/** A length that did not fit its four bits goes on in bytes of 255 and a last smaller one. */
function extend(block: Uint8Array, at: number, length: number): { length: number; at: number } {
  let byte: number | undefined;
  do {
    byte = block[at++];
    if (byte === undefined) throw new BadData('lz4: a block is corrupt');
    length += byte;
  } while (byte === 255);
  return { length, at };
}

/** Unpacks one block into `out`; the bytes written, or -1 where `out` is too small. */
function unpackBlock(block: Uint8Array, out: Uint8Array): number {
  let from = 0;
  let to = 0;
  while (from < block.length) {
    const token = block[from++] as number;
    let literals = token >>> 4;
    if (literals === 15) ({ length: literals, at: from } = extend(block, from, literals));
    if (literals > block.length - from) throw new BadData('lz4: a block is corrupt');
    if (literals > out.length - to) return -1;
    if (literals < 24) for (const stop = to + literals; to < stop; ) out[to++] = block[from++] as number;
    else {
      out.set(block.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    }
    if (from === block.length) return to; // the last sequence has literals only
    const distance = (block[from] as number) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    let length = token & 15;
    if (length === 15) ({ length, at: from } = extend(block, from, length));
    length += 4;
    if (distance === 0 || distance > to || from > block.length) throw new BadData('lz4: a block is corrupt');
    if (length > out.length - to) return -1;
    if (distance >= length && length >= 24) out.copyWithin(to, to - distance, to - distance + length);
    else for (let at = to; at < to + length; at++) out[at] = out[at - distance] as number;
    to += length;
  }
  return to;
}

export const lz4Decoder: Decoder = { pass, unpack };
