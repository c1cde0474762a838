import type { ByteReader } from '../model.ts';

const magic = '#BOOTCONFIG\n';

/**
 * Where an initrd ends and an attached boot configuration begins (kernel: Documentation/admin-guide/bootconfig.rst), or
 * its size where none is attached. Behind the text stand its length and the sum of its bytes, both little endian, and a
 * magic line; a boot loader may have added up to three zero bytes.
 */
export function bytesBeforeBootconfig(source: ByteReader): number {
  const tail = Buffer.alloc(Math.min(source.size, magic.length + 8 + 3));
  if (source.readAt(tail, source.size - tail.length) < tail.length) return source.size;
  const at = tail.toString('latin1').lastIndexOf(magic);
  if (at < 8) return source.size;
  const length = tail.readUInt32LE(at - 8);
  const start = source.size - tail.length + at - 8 - length;
  if (length > 32_767 || start < 0) return source.size;
  const text = Buffer.alloc(length);
  source.readAt(text, start);
  const sum = text.reduce((total, byte) => total + byte, 0);
  return sum === tail.readUInt32LE(at - 4) ? start : source.size;
}
