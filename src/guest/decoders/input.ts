import type { ByteReader } from '../../model.ts';

/** Compressed data that is cut short, corrupt, or beyond what we take on. Ends a decoder; never leaves the unpacker. */
export class BadData extends Error {}

/** What a format can do. A decoder stops right behind its data: `input.offset` then tells where that is. */
export interface Decoder {
  /** Awaited before `unpack`, where something has to be loaded first. */
  ready?(): Promise<void>;
  /** Unpacked bytes, in order. A chunk is overwritten once the next one is asked for. */
  unpack(input: Input): Iterable<Uint8Array>;
  /** Goes to the end of the data by its framing alone, unpacking nothing. Absent where the format has no framing. */
  pass?(input: Input): void;
}

/** The bytes of a source from some offset on, read in order through one small buffer. */
export class Input {
  /** Bytes read ahead are `buffer[at]` to `buffer[end - 1]`; decoders in a hurry take them from there. */
  buffer: Buffer;
  at = 0;
  end = 0;
  readonly size: number;
  private readonly source: ByteReader;
  /** Offset in the source of `buffer[end]`. */
  private next: number;

  constructor(source: ByteReader, from: number, ahead = 65_536) {
    this.source = source;
    this.size = source.size;
    this.next = from;
    this.buffer = Buffer.allocUnsafeSlow(ahead);
  }

  /** Offset in the source of the next byte. */
  get offset(): number {
    return this.next - (this.end - this.at);
  }

  /** Refills an empty buffer; false at the end of the source. */
  refill(): boolean {
    if (this.at < this.end) return true;
    this.at = 0;
    this.end = this.source.readAt(this.buffer, this.next);
    this.next += this.end;
    return this.end > 0;
  }

  byte(): number {
    if (this.at === this.end && !this.refill()) throw new BadData('the compressed data ends early');
    return this.buffer[this.at++] as number;
  }

  /** The next `count` bytes in one piece, valid until the next call. */
  bytes(count: number): Buffer {
    if (count > this.size - this.offset) throw new BadData('the compressed data ends early');
    if (this.end - this.at < count) this.gather(count);
    this.at += count;
    return this.buffer.subarray(this.at - count, this.at);
  }

  skip(count: number): void {
    if (count > this.size - this.offset) throw new BadData('the compressed data ends early');
    const ahead = this.end - this.at;
    this.at += Math.min(count, ahead);
    if (count > ahead) this.next += count - ahead;
  }

  /** Goes on at another place of the source. */
  moveTo(offset: number): void {
    this.at = this.end = 0;
    this.next = offset;
  }

  u32le(): number {
    return this.bytes(4).readUInt32LE();
  }

  u32be(): number {
    return this.bytes(4).readUInt32BE();
  }

  /** Moves what is read ahead to the front and reads on until `count` bytes are there. */
  private gather(count: number): void {
    const ahead = this.buffer.subarray(this.at, this.end);
    const buffer = count > this.buffer.length ? Buffer.allocUnsafeSlow(count) : this.buffer;
    buffer.set(ahead);
    this.buffer = buffer;
    this.at = 0;
    this.end = ahead.length;
    while (this.end < count) {
      const got = this.source.readAt(buffer.subarray(this.end), this.next);
      if (got === 0) throw new BadData('the compressed data ends early');
      this.end += got;
      this.next += got;
    }
  }
}
