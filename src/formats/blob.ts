/** A long value inside a database, of which mostly the beginning is wanted. */
export interface Blob {
  /** Length in bytes, as the database says. */
  readonly bytes: number;
  /** The first `bytes` of it, fewer where it is shorter. Throws a RangeError where the database is damaged. */
  prefix(bytes: number): Uint8Array;
}

/** A blob that lies in memory. */
export function blobOf(value: Uint8Array): Blob {
  return { bytes: value.length, prefix: (bytes) => value.subarray(0, bytes) };
}

/** Numbers in a piece of bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
