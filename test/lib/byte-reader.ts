import type { ByteReader } from '../../src/model.ts';

/** Bytes in memory in place of an open file. */
export function readerOf(bytes: Uint8Array): ByteReader {
  return {
    size: bytes.length,
    readAt(into, offset) {
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}
