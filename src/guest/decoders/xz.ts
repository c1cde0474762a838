import { BadData, type Decoder, type Input } from './input.ts';
import { Lzma } from './lzma.ts';
import {
  beginSum,
  checkBytes,
  corruptXz,
  readBlockHeader,
  readIndexAndFooter,
  readStreamHeader,
} from './xz-framing.ts';

/** One .xz stream; the next one is the next member, as it is for the kernel. */

const step = 1 << 16;

/** Goes through the chunks of LZMA2; without `lzma` their headers only. */
function* readChunks(input: Input, lzma: Lzma | undefined): Generator<Uint8Array> {
  let dictionary = false;
  let properties = false;
  for (let control = input.byte(); control !== 0; control = input.byte()) {
    if (control === 1 || control >= 0xe0) {
      dictionary = true;
      if (control !== 1) properties = false;
      lzma?.emptyDictionary();
    }
    if (!dictionary || (control > 2 && control < 0x80)) corruptXz();
    if (control < 0x80) {
      const size = input.bytes(2).readUInt16BE() + 1;
      if (lzma) yield* copyChunk(lzma, size);
      else input.skip(size);
      continue;
    }
    const sizes = input.bytes(4);
    const unpacked = ((control & 31) << 16) + sizes.readUInt16BE(0) + 1;
    const packed = sizes.readUInt16BE(2) + 1;
    if (control >= 0xc0) {
      const byte = input.byte();
      if ((byte % 9) + (Math.floor(byte / 9) % 5) > 4) corruptXz(); // lc + lp, LZMA2's limit
      lzma?.setProperties(byte);
      properties = true;
    } else if (!properties) corruptXz();
    else if (control >= 0xa0) lzma?.resetState();
    if (lzma) yield* unpackChunk(input, lzma, unpacked, packed);
    else input.skip(packed);
  }
}

function* unpackChunk(input: Input, lzma: Lzma, unpacked: number, packed: number): Generator<Uint8Array> {
  const end = input.offset + packed;
  lzma.startRange();
  for (let left = unpacked; left > 0; ) {
    const chunk = lzma.run(Math.min(step, left));
    if (lzma.ended) corruptXz(); // LZMA2 has no end marks
    left -= chunk.length;
    yield chunk;
  }
  if (lzma.unfinished || !lzma.finishRange() || input.offset !== end) corruptXz();
}

function* copyChunk(lzma: Lzma, size: number): Generator<Uint8Array> {
  for (let left = size; left > 0; ) {
    const chunk = lzma.copy(left);
    left -= chunk.length;
    yield chunk;
  }
}

function* readStream(input: Input, unpacking: boolean): Generator<Uint8Array> {
  const checkType = readStreamHeader(input);
  let lzma: Lzma | undefined;
  let blocks = 0;
  for (let size = input.byte(); size !== 0; size = input.byte()) {
    const { dictionarySize, filter } = readBlockHeader(input, size);
    if (unpacking && filter !== undefined) {
      throw new BadData(`xz: filter ${filter} needs the program xz, which did not do it here`);
    }
    if (unpacking && lzma?.dictionarySize !== dictionarySize) lzma = new Lzma(input, dictionarySize);
    const from = input.offset;
    const sum = unpacking ? beginSum(checkType) : undefined;
    for (const chunk of readChunks(input, lzma)) {
      sum?.add(chunk);
      yield chunk;
    }
    while ((input.offset - from) % 4 !== 0) if (input.byte() !== 0) corruptXz();
    const check = input.bytes(checkBytes(checkType));
    if (sum && !sum.end().equals(check)) throw new BadData('xz: the check of a block is wrong');
    blocks++;
  }
  readIndexAndFooter(input, blocks, checkType);
}

function pass(input: Input): void {
  for (const _ of readStream(input, false));
}

function unpack(input: Input): Iterable<Uint8Array> {
  return readStream(input, true);
}

export const xzDecoder: Decoder = { pass, unpack };
