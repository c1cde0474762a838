import { BadData, type Decoder, type Input } from './input.ts';

/** One frame of RFC 8878; the next one is the next member, as it is for the kernel. */
const magic = 0xfd2fb528;
/** The kernel's limit (lib/decompress_unzstd.c), and the tool's own default. */
const largestWindow = 128 << 20;
const largestBlock = 128 << 10;

/** Goes behind the frame header; says whether a checksum ends the frame. */
function passHeader(input: Input): boolean {
  if (input.u32le() !== magic) throw new BadData('zstd: not a frame');
  const descriptor = input.byte();
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 0x08) throw new BadData('zstd: a reserved bit is set in a frame header');
  if (descriptor & 0x03) throw new BadData('zstd: the frame needs a dictionary');
  if (!single) {
    const byte = input.byte();
    const base = 2 ** (10 + (byte >>> 3));
    checkWindow(base + (base / 8) * (byte & 7));
  }
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number;
  const size = input.bytes(sizeBytes);
  // Without a window the whole content is one.
  if (single) checkWindow(sizeBytes === 8 ? Number(size.readBigUInt64LE()) : size.readUIntLE(0, sizeBytes));
  return (descriptor & 0x04) !== 0;
}

function checkWindow(bytes: number): void {
  if (bytes > largestWindow) throw new BadData(`zstd: needs a window of ${bytes} bytes, more than the kernel gives`);
}

function pass(input: Input): void {
  const checksum = passHeader(input);
  for (let last = false; !last; ) {
    const header = input.byte() | (input.byte() << 8) | (input.byte() << 16);
    const type = (header >>> 1) & 3;
    const size = header >>> 3;
    if (type === 3 || size > largestBlock) throw new BadData('zstd: a block header is corrupt');
    input.skip(type === 1 ? 1 : size); // type 1 repeats one byte
    last = (header & 1) !== 0;
  }
  if (checksum) input.skip(4);
}

/** What zstddec's WebAssembly module offers. The class around it loops for ever on corrupt data, so we drive it. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(at: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  /** Both arguments point to { address, size, position }. 0: the frame is complete; negative: an error. */
  ZSTD_decompressStream(context: number, out: number, input: number): number;
}

let zstd: Exports | undefined;

/** Compiles the module, once. */
async function ready(): Promise<void> {
  if (zstd) return;
  const { ZSTDDecoder } = await import('zstddec/stream');
  const library = new ZSTDDecoder();
  const start = library._init;
  library._init = (result) => {
    start(result);
    zstd = result.instance.exports as unknown as Exports;
  };
  await library.init();
}

const errors: Readonly<Record<number, string>> = {
  16: 'the window is too large',
  20: 'the data is corrupt',
  22: 'the checksum is wrong',
  64: 'not enough memory',
};

function* unpack(input: Input): Generator<Uint8Array> {
  if (!zstd) throw new BadData('zstd: the decoder is not there');
  const room = 128 << 10;
  const context = zstd.ZSTD_createDCtx();
  const memory = zstd.malloc(2 * room + 24);
  const [out, source, ends, starts] = [memory, memory + room, memory + 2 * room, memory + 2 * room + 12];
  try {
    if (context === 0 || memory === 0) throw new BadData('zstd: not enough memory');
    for (let state = 1; state !== 0; ) {
      const given = Math.min(room, input.refill() ? input.end - input.at : 0);
      new Uint8Array(zstd.memory.buffer, source, given).set(input.buffer.subarray(input.at, input.at + given));
      const before = new DataView(zstd.memory.buffer);
      [source, given, 0].forEach((value, index) => {
        before.setUint32(starts + 4 * index, value, true);
      });
      [out, room, 0].forEach((value, index) => {
        before.setUint32(ends + 4 * index, value, true);
      });
      state = zstd.ZSTD_decompressStream(context, ends, starts);
      if (state < 0) throw new BadData(`zstd: ${errors[-state] ?? `error ${-state}`}`);
      const after = new DataView(zstd.memory.buffer); // the memory may have grown: its old buffer is gone
      const taken = after.getUint32(starts + 8, true);
      const made = after.getUint32(ends + 8, true);
      if (taken === 0 && made === 0) throw new BadData('zstd: the compressed data ends early');
      input.at += taken;
      if (made > 0) yield new Uint8Array(zstd.memory.buffer, out, made);
    }
  } finally {
    if (memory !== 0) zstd.free(memory);
    zstd.ZSTD_freeDCtx(context);
  }
}

export const zstdDecoder: Decoder = { ready, pass, unpack };
