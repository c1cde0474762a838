import type { ByteReader } from '../model.ts';
import { type Blob, viewOf } from './blob.ts';
import { readExactly } from './exact-read.ts';

/** rpm's own package file `Packages.db`, as SUSE uses it: layout of rpm's lib/backend/ndb/rpmpkg.c, little-endian. */

const magic = { file: 'RpmP', slot: 'Slot', blob: 'BlbS' };
const pageBytes = 4096;
const slotBytes = 16;
const headerBytes = 32;
/** Offsets and lengths of blobs are counted in these. */
const blockBytes = 16;
const blobHeadBytes = 16;

function wordAt(bytes: Uint8Array, offset: number): string {
  return Buffer.from(bytes.subarray(offset, offset + 4)).toString('latin1');
}

/** Every package of the file. Throws a RangeError where it is damaged. */
export function* readNdb(source: ByteReader): Generator<Blob> {
  const head = readExactly(source, 0, headerBytes);
  if (wordAt(head, 0) !== magic.file) throw new RangeError('no ndb database');
  const version = viewOf(head).getUint32(4, true);
  if (version !== 0) throw new RangeError(`an ndb database of the unknown version ${version}`);
  const pages = viewOf(head).getUint32(12, true);
  if (pages === 0 || pages * pageBytes > source.size) throw new RangeError(`its ${pages} pages of slots are not there`);
  for (let page = 0; page < pages; page++) {
    const slots = readExactly(source, page * pageBytes, pageBytes);
    for (let at = page === 0 ? headerBytes : 0; at < pageBytes; at += slotBytes) {
      if (wordAt(slots, at) !== magic.slot) throw new RangeError(`no slot at offset ${page * pageBytes + at}`);
      const slot = viewOf(slots.subarray(at, at + slotBytes));
      const index = slot.getUint32(4, true);
      if (index !== 0)
        yield blobAt(source, index, slot.getUint32(8, true) * blockBytes, slot.getUint32(12, true) * blockBytes);
    }
  }
}

function blobAt(source: ByteReader, index: number, offset: number, room: number): Blob {
  const head = viewOf(readExactly(source, offset, blobHeadBytes));
  const bytes = head.getUint32(12, true);
  if (wordAt(readExactly(source, offset, 4), 0) !== magic.blob || head.getUint32(4, true) !== index || bytes > room)
    throw new RangeError(`no package at offset ${offset}`);
  return {
    bytes,
    prefix: (wanted) => readExactly(source, offset + blobHeadBytes, Math.min(wanted, bytes)),
  };
}
