import type { ByteReader } from '../model.ts';

/** PE, the format of EFI programs: the header of "MZ" files leads to `PE\0\0`, a COFF header and a table of sections. */

/** A text in a section is no larger. */
const largest = 64 * 1024;

function read(source: ByteReader, offset: number, length: number): DataView | undefined {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = source.readAt(bytes.subarray(done), offset + done);
    if (count === 0) return undefined;
    done += count;
  }
  return new DataView(bytes.buffer);
}

/** Where the COFF header begins; undefined for what is no PE file. */
function coffAt(source: ByteReader): number | undefined {
  const head = read(source, 0, 64);
  if (head === undefined || head.getUint16(0, true) !== 0x5a4d) return undefined;
  const at = head.getUint32(60, true);
  return read(source, at, 4)?.getUint32(0, true) === 0x4550 ? at + 4 : undefined;
}

/** The COFF machine type (0x8664: x86_64, 0xaa64: aarch64); undefined for what is no PE file. */
export function peMachine(source: ByteReader): number | undefined {
  const at = coffAt(source);
  return at === undefined ? undefined : read(source, at, 2)?.getUint16(0, true);
}

/** The content of a named section, at most 64 KiB of it; undefined where there is none. */
export function peSection(source: ByteReader, name: string): Uint8Array | undefined {
  const at = coffAt(source);
  const coff = at === undefined ? undefined : read(source, at, 20);
  if (at === undefined || coff === undefined) return undefined;
  const table = at + 20 + coff.getUint16(16, true);
  for (let index = 0; index < Math.min(coff.getUint16(2, true), 96); index++) {
    const header = read(source, table + index * 40, 40);
    if (header === undefined) return undefined;
    const found = Buffer.from(header.buffer, 0, 8).toString('latin1').replace(/\0+$/, '');
    if (found !== name) continue;
    const [size, raw, start] = [8, 16, 20].map((field) => header.getUint32(field, true)) as [number, number, number];
    const content = read(source, start, Math.min(size === 0 ? raw : Math.min(size, raw), largest));
    return content && new Uint8Array(content.buffer);
  }
  return undefined;
}
