/** Writes cpio archives for tests, header by header: also those that no generator would write. */

export interface CpioItem {
  readonly path: string;
  /** Folders have none. Of a link, its target. */
  readonly body?: string | Uint8Array;
  readonly type?: 'file' | 'folder' | 'link' | 'device';
  readonly inode?: number;
  readonly links?: number;
  /** What the header says, where that is not the truth: as eight characters. */
  readonly says?: Partial<Record<'inode' | 'mode' | 'links' | 'bytes' | 'nameBytes' | 'checksum' | 'magic', string>>;
}

const modes = { file: 0o100644, folder: 0o040755, link: 0o120777, device: 0o020600 };
const hex = (value: number): string => value.toString(16).padStart(8, '0');

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** One entry: header, name, body, each padded to four bytes. */
export function makeEntry(item: CpioItem, format: 'newc' | 'crc' = 'newc'): Buffer {
  const body = Buffer.from(item.body ?? '');
  const name = Buffer.from(`${item.path}\0`, 'latin1');
  const sum = body.reduce((total, byte) => total + byte, 0) >>> 0;
  const says = item.says ?? {};
  const head = [
    says.magic ?? (format === 'crc' ? '070702' : '070701'),
    says.inode ?? hex(item.inode ?? 1),
    says.mode ?? hex(modes[item.type ?? 'file']),
    hex(0),
    hex(0),
    says.links ?? hex(item.links ?? 1),
    hex(0),
    says.bytes ?? hex(body.length),
    hex(8),
    hex(1),
    hex(0),
    hex(0),
    says.nameBytes ?? hex(name.length),
    says.checksum ?? hex(format === 'crc' ? sum : 0),
  ].join('');
  return Buffer.concat([padded(Buffer.concat([Buffer.from(head, 'latin1'), name])), padded(body)]);
}

/** The entry that ends an archive. */
function makeTrailer(format: 'newc' | 'crc' = 'newc'): Buffer {
  return makeEntry({ path: 'TRAILER!!!', says: { mode: hex(0) } }, format);
}

export const trailer = makeTrailer();

export function makeCpio(
  items: readonly CpioItem[],
  options: { format?: 'newc' | 'crc'; trailer?: boolean } = {},
): Buffer {
  const entries = items.map((item) => makeEntry(item, options.format));
  return Buffer.concat(options.trailer === false ? entries : [...entries, makeTrailer(options.format)]);
}

/** The same bytes, and zero bytes up to a multiple of `unit`. */
export function padTo(unit: number, bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((unit - (bytes.length % unit)) % unit)]);
}
