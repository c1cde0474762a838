import { adler32, crc32 } from './checksums.ts';
import { BadData, type Decoder, type Input } from './input.ts';

/** The file format of lzop: a header with flags, then blocks with both sizes and checksums, until a size of zero. */
const magic = Buffer.from('894c5a4f000d0a1a0a', 'hex');
const flag = { adlerOut: 0x1, adlerIn: 0x2, extra: 0x40, crcOut: 0x100, crcIn: 0x200, filter: 0x800 } as const;
/** The kernel refuses larger blocks; lzop writes 256 KiB ones at every level. */
const largestBlock = 256 * 1024;

/** Goes behind the header; returns its flags. */
function readHeader(input: Input): number {
  if (!input.bytes(magic.length).equals(magic)) throw new BadData('lzo: not an lzop file');
  const version = input.bytes(2).readUInt16BE();
  input.skip(version >= 0x0940 ? 4 : 2); // versions of the library, and needed to extract
  const method = input.byte();
  if (method < 1 || method > 3) throw new BadData(`lzo: method ${method} is not LZO1X`);
  if (version >= 0x0940) input.skip(1); // level
  const flags = input.u32be();
  if (flags & flag.filter) throw new BadData('lzo: filtered data');
  input.skip(version >= 0x0940 ? 12 : 8); // mode and time
  input.skip(input.byte()); // the name of the file
  input.skip(4); // checksum of the header
  if (flags & flag.extra) {
    input.skip(input.u32be());
    input.skip(4);
  }
  return flags;
}

interface Block {
  readonly unpacked: number;
  readonly packed: number;
  /** Checksums of the unpacked data, where the flags promise them. */
  readonly adler: number | undefined;
  readonly crc: number | undefined;
}

/** Reads the head of a block; undefined behind the last. */
function nextBlock(input: Input, flags: number): Block | undefined {
  const unpacked = input.u32be();
  if (unpacked === 0) return undefined;
  const packed = input.u32be();
  if (unpacked > largestBlock) throw new BadData(`lzo: a block of ${unpacked} bytes, more than the kernel takes`);
  if (packed === 0 || packed > unpacked) throw new BadData('lzo: a block is corrupt');
  const adler = flags & flag.adlerOut ? input.u32be() : undefined;
  const crc = flags & flag.crcOut ? input.u32be() : undefined;
  // Those of the packed data are only there where it differs.
  if (packed < unpacked) input.skip((flags & flag.adlerIn ? 4 : 0) + (flags & flag.crcIn ? 4 : 0));
  return { unpacked, packed, adler, crc };
}

function pass(input: Input): void {
  const flags = readHeader(input);
  for (let block = nextBlock(input, flags); block; block = nextBlock(input, flags)) input.skip(block.packed);
}

function* unpack(input: Input): Generator<Uint8Array> {
  const flags = readHeader(input);
  const out = Buffer.allocUnsafeSlow(largestBlock);
  for (let block = nextBlock(input, flags); block; block = nextBlock(input, flags)) {
    const packed = input.bytes(block.packed);
    const data = block.packed === block.unpacked ? packed : out.subarray(0, block.unpacked);
    if (data !== packed) unpackBlock(packed, data);
    if (block.adler !== undefined && adler32(data) !== block.adler) throw new BadData('lzo: a checksum is wrong');
    if (block.crc !== undefined && crc32(data) !== block.crc) throw new BadData('lzo: a checksum is wrong');
    yield data;
  }
}

function corrupt(): never {
  throw new BadData('lzo: a block is corrupt');
}

/**
 * LZO1X as Documentation/staging/lzo.rst of the kernel describes it. An instruction copies from what was unpacked, then
 * up to three literal bytes whose number (`state`) stands in its lowest two bits. What an instruction below 16 means
 * depends on how many literals came before it.
 */
function unpackBlock(block: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  let state = 0;
  const next = (): number => block[from++] ?? corrupt();
  /** A length of zero in the instruction goes on in bytes: each zero is 255, the last is itself. */
  const longer = (base: number): number => {
    let length = base;
    let byte = next();
    for (; byte === 0; byte = next()) length += 255;
    return length + byte;
  };
  const literals = (count: number): void => {
    if (count > block.length - from || count > out.length - to) corrupt();
    for (const stop = to + count; to < stop; ) out[to++] = block[from++] as number;
  };

  const first = block[0] ?? corrupt();
  if (first > 17) {
    from = 1;
    literals(first - 17);
    state = first - 17 < 4 ? first - 17 : 4;
  }
  for (;;) {
    const op = next();
    let length: number;
    let distance: number;
    let low = op;
    if (op >= 64) {
      length = (op >>> 5) + 1;
      distance = (next() << 3) + ((op >>> 2) & 7) + 1;
    } else if (op >= 32) {
      length = (op & 31 || longer(31)) + 2;
      low = next();
      distance = (next() << 6) + (low >>> 2) + 1;
    } else if (op >= 16) {
      length = (op & 7 || longer(7)) + 2;
      low = next();
      distance = ((op & 8) << 11) + (next() << 6) + (low >>> 2) + 16_384;
      if (distance === 16_384) {
        if (length !== 3 || from !== block.length || to !== out.length) corrupt();
        return;
      }
    } else if (state === 0) {
      literals((op || longer(15)) + 3);
      state = 4;
      continue;
    } else {
      length = state === 4 ? 3 : 2;
      distance = (next() << 2) + (op >>> 2) + (state === 4 ? 2049 : 1);
    }
    if (distance > to || length > out.length - to) corrupt();
    for (const stop = to + length; to < stop; to++) out[to] = out[to - distance] as number;
    state = low & 3;
    literals(state);
  }
}

export const lzoDecoder: Decoder = { pass, unpack };
