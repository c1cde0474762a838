import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, Read } from '../model.ts';

/** Reading of files that are not small texts: a part of one, or all of it bit by bit. */

const pieceBytes = 256 * 1024;

/** Up to `bytes` bytes from `offset` of a regular file; fewer at its end. */
export async function readPart(
  files: GuestFiles,
  path: GuestPath,
  bytes: number,
  offset = 0,
): Promise<Read<Uint8Array>> {
  const opened = await files.open(path);
  if (opened.is !== 'there') return opened;
  try {
    const part = new Uint8Array(bytes);
    return { is: 'there', value: part.subarray(0, opened.value.readAt(part, offset)) };
  } catch (error) {
    return { is: 'unreadable', why: (error as Error).message };
  } finally {
    opened.value.close();
  }
}

/** Hands a file over in pieces of latin1 text. `limit` bytes is what is taken for reasonable; more is unreadable. */
export async function readPieces(
  files: GuestFiles,
  path: GuestPath,
  limit: number,
  take: (piece: string) => void,
): Promise<Read<true>> {
  const opened = await files.open(path);
  if (opened.is !== 'there') return opened;
  const { value: source } = opened;
  try {
    if (source.size > limit) return { is: 'unreadable', why: `larger than ${limit / 1024 / 1024} MiB` };
    const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, source.size + 1));
    for (let offset = 0; offset <= limit; ) {
      const read = source.readAt(buffer, offset);
      if (read === 0) break;
      take(buffer.toString('latin1', 0, read));
      offset += read;
    }
    return { is: 'there', value: true };
  } catch (error) {
    return { is: 'unreadable', why: (error as Error).message };
  } finally {
    source.close();
  }
}
