import { createGunzip, createInflateRaw } from 'node:zlib';
import { crc32 } from './checksums.ts';
import { BadData, type Decoder, type Input } from './input.ts';

/**
 * gzip, unpacked by Node's own zlib in this process: faster than gzip(1). Members that follow one another directly count
 * as one here, while the kernel unpacks them one by one.
 */

/**
 * zlib's binding, driven directly with one output buffer for all: the public streams allocate a new one for each chunk,
 * which takes half as long again and twice the memory. It has kept this form since Node 10.
 */
interface Binding {
  /** Bytes of room and of input that the last write left over. */
  readonly _writeState: Uint32Array;
  readonly _handle: {
    onerror(message: string): void;
    // biome-ignore format: in the order of node's zlib.js
    writeSync(flush: number, input: Uint8Array, at: number, count: number, out: Uint8Array, to: number, room: number): void;
    close(): void;
  };
}

const outBytes = 262_144;
const noFlush = 0;
const finish = 4;

class Inflater {
  /** The last write left input although there was room: the compressed stream has ended. */
  ended = false;
  /** The last write filled the output: there may be more for the same input. */
  full = false;
  private fault: string | undefined;
  private readonly zlib: Binding;
  private readonly out = Buffer.allocUnsafeSlow(outBytes);

  constructor(zlib: unknown) {
    this.zlib = zlib as Binding;
    if (typeof this.zlib._handle?.writeSync !== 'function')
      throw new BadData('gzip: this Node has no synchronous zlib');
    this.zlib._handle.onerror = (message) => {
      this.fault = message;
    };
  }

  /** Unpacks what `input` has read ahead, as much as there is room for. */
  write(input: Input, flush = noFlush): Buffer {
    const given = input.end - input.at;
    this.zlib._handle.writeSync(flush, input.buffer, input.at, given, this.out, 0, outBytes);
    if (this.fault !== undefined) throw new BadData(`gzip: ${this.fault}`);
    const [room = 0, left = 0] = this.zlib._writeState;
    input.at += given - left;
    this.full = room === 0;
    this.ended = left > 0 && room > 0;
    return this.out.subarray(0, outBytes - room);
  }

  /** All output up to the end of the stream or of the input. */
  *drain(input: Input): Generator<Buffer> {
    while (!this.ended && (this.full || input.refill())) {
      const chunk = this.write(input);
      if (chunk.length > 0) yield chunk;
    }
  }

  close(): void {
    this.zlib._handle.close();
  }
}

/**
 * The fast way: zlib itself reads headers and checks checksums. It goes on into a following member and stops at zero
 * bytes; at anything else it fails without telling where its data ended.
 */
function* unpackFast(input: Input): Generator<Buffer> {
  const inflater = new Inflater(createGunzip());
  try {
    yield* inflater.drain(input);
    if (!inflater.ended) inflater.write(input, finish); // complains where the data has not ended
  } finally {
    inflater.close();
  }
}

/** The careful way, at half the speed: headers and checksums are our work, so the end is known whatever follows it. */
function* unpackCarefully(input: Input): Generator<Buffer> {
  do {
    passHeader(input);
    const inflater = new Inflater(createInflateRaw());
    let crc = 0;
    let length = 0;
    try {
      for (const chunk of inflater.drain(input)) {
        crc = crc32(chunk, crc);
        length += chunk.length;
        yield chunk;
      }
    } finally {
      inflater.close();
    }
    if (input.u32le() !== crc) throw new BadData('gzip: the checksum is wrong');
    if (input.u32le() !== length % 2 ** 32) throw new BadData('gzip: the length is wrong');
  } while (beginsMember(input));
}

function beginsMember(input: Input): boolean {
  if (input.size - input.offset < 2) return false;
  const [first, second] = input.bytes(2);
  input.at -= 2;
  return first === 0x1f && second === 0x8b;
}

/** Goes behind the header of RFC 1952. */
function passHeader(input: Input): void {
  const head = input.bytes(10);
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) throw new BadData('gzip: not a gzip header');
  const flags = head[3] as number;
  if (flags & 0x04) input.skip(input.bytes(2).readUInt16LE());
  if (flags & 0x08) passText(input); // file name
  if (flags & 0x10) passText(input); // comment
  if (flags & 0x02) input.skip(2); // checksum of the header
}

function passText(input: Input): void {
  for (let length = 0; length < 65_536; length++) if (input.byte() === 0) return;
  throw new BadData('gzip: a text in the header has no end');
}

/** Fast; where that fails, once more from the start and carefully, without what has been handed on already. */
function* unpack(input: Input): Generator<Uint8Array> {
  const from = input.offset;
  let done = 0;
  try {
    for (const chunk of unpackFast(input)) {
      done += chunk.length;
      yield chunk;
    }
    return;
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
  }
  input.moveTo(from);
  for (const chunk of unpackCarefully(input)) {
    if (chunk.length > done) yield chunk.subarray(done);
    done = Math.max(0, done - chunk.length);
  }
}

export const gzipDecoder: Decoder = { unpack };
