const page = 4096;
const zeros = Buffer.alloc(page);

/** The first index from `from` on whose byte is not zero, or the length. Long runs are compared page by page. */
export function endOfZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  const near = Math.min(bytes.length, from + 64);
  while (at < near && bytes[at] === 0) at++;
  if (at < near) return at;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  while (at + page <= view.length && zeros.compare(view, at, at + page) === 0) at += page;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}
