import type { ByteReader } from '../model.ts';

/** Reads exactly `bytes` bytes. Throws a RangeError where the file ends before. */
export function readExactly(source: ByteReader, offset: number, bytes: number): Uint8Array {
  if (offset < 0 || offset + bytes > source.size) throw new RangeError(`it ends before offset ${offset + bytes}`);
  const into = new Uint8Array(bytes);
  for (let done = 0; done < bytes; ) {
    const read = source.readAt(into.subarray(done), offset + done);
    if (read === 0) throw new RangeError(`it ends at offset ${offset + done}`);
    done += read;
  }
  return into;
}
