import { endOfZeros } from './zeros.ts';

/**
 * Reads newc (070701) and crc (070702) cpio archives that come in pieces, byte for byte as the kernel's init/initramfs.c
 * does: several archives may follow one another, zero bytes may stand between entries, the trailer may be missing at
 * the end.
 */

/** The header of one entry. */
export interface CpioEntry {
  /** As written, up to its first NUL; latin1: one character for each byte. */
  readonly name: string;
  /** File type and permission bits, as in st_mode. */
  readonly mode: number;
  /** Length of the body. Of hard links, mostly only the last has one. */
  readonly bytes: number;
  /** Number of hard links. */
  readonly links: number;
  /** Inode and device, equal for the hard links of one archive; empty where there is only one. */
  readonly file: string;
}

/** One archive, from its first header to its trailer, or to where something else began. */
export interface CpioArchive {
  /** Offset of the first header, bytes, in what the reader was given. */
  readonly offset: number;
  readonly bytes: number;
  readonly entries: number;
  readonly format: 'newc' | 'crc';
  readonly trailer: boolean;
}

export interface CpioListener {
  /** Called for each entry but the trailer. True asks for the body, which is then kept in memory: mind `bytes`. */
  entry(entry: CpioEntry): boolean;
  /** The body that was asked for. */
  body(entry: CpioEntry, body: Buffer): void;
  archive(archive: CpioArchive): void;
}

const headerBytes = 110;
/** The magic number and thirteen fields of eight digits. */
const wholeHeader = /^[0-9a-fA-F]{110}$/;
const longestName = 4096;
const trailerName = 'TRAILER!!!';
/** File types, as in `mode & fileType.mask`. */
export const fileType = { mask: 0o170000, folder: 0o040000, file: 0o100000, link: 0o120000 } as const;

type State = 'between' | 'header' | 'name' | 'body' | 'padding';

/** How many bytes there are up to the next multiple of four. */
function toFour(offset: number): number {
  return (4 - (offset % 4)) % 4;
}

/** Latin1 text of some bytes, without copying them first. */
function latin1(bytes: Uint8Array, at: number, count: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, count).toString('latin1');
}

const noEntry: CpioEntry = { name: '', mode: 0, bytes: 0, links: 0, file: '' };

export class CpioReader {
  /** Offset of the next byte that is to be pushed. */
  offset: number;
  /** Why it cannot go on, and the offset of the entry that it stopped in. */
  fault: { readonly why: string; readonly offset: number } | undefined;

  private readonly listener: CpioListener;
  private state: State = 'between';
  /** Bytes that the state still wants. */
  private wanted = 0;
  /** A header or name that came in pieces. */
  private readonly pieces = Buffer.allocUnsafeSlow(longestName + 8);
  private held = 0;

  private entry = noEntry;
  private entryOffset = 0;
  /** Where the last entry ended, its padding included. */
  private entryEnd = 0;
  private nameBytes = 0;
  private checksum: number | undefined;
  private sum = 0;
  private body: Buffer | undefined;

  private archive: { offset: number; entries: number; format: 'newc' | 'crc' } | undefined;

  constructor(listener: CpioListener, offset = 0) {
    this.listener = listener;
    this.offset = offset;
  }

  /**
   * Takes bytes; returns how many. Fewer than given means a fault, or that something begins between two entries which is no
   * cpio header: a compressed member, perhaps.
   */
  push(bytes: Uint8Array): number {
    const base = this.offset;
    for (let at = 0; at < bytes.length && !this.fault; at = this.offset - base) {
      if (!this.step(bytes, at)) break;
    }
    return this.offset - base;
  }

  /** Bytes that follow and whose content does not matter: the caller may go over them with `skip`. */
  get skippable(): number {
    const looksOn = this.body !== undefined || this.checksum !== undefined;
    return this.state === 'body' && !looksOn ? this.wanted : 0;
  }

  /** Goes over at most `skippable` bytes. */
  skip(count: number): void {
    this.offset += count;
    this.wanted -= count;
    if (this.wanted === 0) this.finishBody();
  }

  /** Whether it stands between two entries, with the padding of the last one read. */
  get complete(): boolean {
    return this.state === 'between';
  }

  /** To be called at the end of the input: an entry that is not complete is a fault. */
  finish(): void {
    // Nothing of an entry is missing where only its padding is; the kernel lets that pass at the end of an initrd.
    if (this.state === 'padding') this.finishEntry();
    if (this.state === 'between') this.close();
    else
      this.fail(`the archive is cut short in ${this.state === 'body' ? JSON.stringify(this.entry.name) : 'a header'}`);
  }

  private fail(why: string): false {
    this.fault ??= { why, offset: this.entryOffset };
    return false;
  }

  /** Takes some bytes; false at a fault, and at something that is no cpio entry. */
  private step(bytes: Uint8Array, at: number): boolean {
    if (this.state === 'between') return this.stepBetween(bytes, at);
    if (this.state === 'header' || this.state === 'name') return this.collect(bytes, at);
    const count = Math.min(this.wanted, bytes.length - at);
    if (this.state === 'body') this.takeBody(bytes.subarray(at, at + count));
    this.offset += count;
    this.wanted -= count;
    if (this.wanted > 0) return true;
    return this.state === 'body' ? this.finishBody() : this.finishEntry();
  }

  private stepBetween(bytes: Uint8Array, at: number): boolean {
    const end = endOfZeros(bytes, at);
    this.offset += end - at;
    if (end > at) return true;
    this.entryOffset = this.offset;
    if (this.offset % 4 !== 0) return this.fail('what follows an archive is not aligned to four bytes');
    if (bytes[at] !== 0x30) {
      this.close();
      return false;
    }
    this.want('header', headerBytes);
    return true;
  }

  private want(state: State, bytes: number): void {
    this.state = state;
    this.wanted = bytes;
    this.held = 0;
  }

  /** A header or name: used in place where it lies in one piece. */
  private collect(bytes: Uint8Array, at: number): boolean {
    const count = Math.min(this.wanted - this.held, bytes.length - at);
    this.offset += count;
    let whole = bytes;
    let from = at;
    if (count < this.wanted) {
      this.pieces.set(bytes.subarray(at, at + count), this.held);
      this.held += count;
      if (this.held < this.wanted) return true;
      whole = this.pieces;
      from = 0;
    }
    return this.state === 'header' ? this.readHeader(whole, from) : this.readName(whole, from);
  }

  private readHeader(bytes: Uint8Array, at: number): boolean {
    const header = latin1(bytes, at, headerBytes);
    const crc = header.startsWith('070702');
    if (!crc && !header.startsWith('070701')) {
      const old = header.startsWith('070707');
      return this.fail(
        old ? 'the old portable cpio format (070707), which the kernel does not read' : 'no cpio header',
      );
    }
    if (!wholeHeader.test(header)) return this.fail('a cpio header holds something else than hexadecimal digits');
    const field = (index: number): number => Number.parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const [inode, mode, links, size] = [field(0), field(1), field(4), field(6)];
    const [major, minor, nameBytes, checksum] = [field(7), field(8), field(11), field(12)];
    if (nameBytes === 0 || nameBytes > longestName) return this.fail(`a cpio entry with a name of ${nameBytes} bytes`);
    this.entry = { name: '', mode, bytes: size, links, file: links > 1 ? `${major}:${minor}:${inode}` : '' };
    this.nameBytes = nameBytes;
    // As in the kernel for regular files only: GNU cpio writes 0 for symbolic links, and for hard links without a body.
    const checked = crc && size > 0 && (mode & fileType.mask) === fileType.file;
    this.checksum = checked ? checksum : undefined;
    this.archive ??= { offset: this.entryOffset, entries: 0, format: crc ? 'crc' : 'newc' };
    this.want('name', nameBytes + toFour(headerBytes + nameBytes));
    return true;
  }

  private readName(bytes: Uint8Array, at: number): boolean {
    const name = latin1(bytes, at, this.nameBytes);
    if (!name.endsWith('\0')) return this.fail('a cpio entry whose name has no end');
    const entry = { ...this.entry, name: name.slice(0, name.indexOf('\0')) };
    this.entry = entry;
    this.sum = 0;
    if (entry.name !== trailerName && this.archive) {
      this.archive.entries++;
      if (this.listener.entry(entry)) this.body = Buffer.allocUnsafeSlow(entry.bytes);
    }
    this.want('body', entry.bytes);
    return entry.bytes > 0 || this.finishBody();
  }

  private takeBody(piece: Uint8Array): void {
    this.body?.set(piece, this.entry.bytes - this.wanted);
    if (this.checksum === undefined) return;
    let sum = this.sum;
    for (let at = 0; at < piece.length; at++) sum += piece[at] as number;
    this.sum = sum % 2 ** 32;
  }

  private finishBody(): boolean {
    const { body, checksum } = this;
    this.body = this.checksum = undefined;
    if (checksum !== undefined && checksum !== this.sum) {
      return this.fail(`the checksum of ${JSON.stringify(this.entry.name)} is wrong`);
    }
    if (body) this.listener.body(this.entry, body);
    this.want('padding', toFour(this.offset));
    return this.wanted > 0 || this.finishEntry();
  }

  private finishEntry(): boolean {
    this.state = 'between';
    this.entryEnd = this.offset;
    if (this.entry.name === trailerName) this.close(true);
    return true;
  }

  /** Ends the archive at hand, as it is; for a caller who does not want the rest. */
  close(trailer = false): void {
    if (!this.archive) return;
    const { offset, entries, format } = this.archive;
    this.archive = undefined;
    this.listener.archive({ offset, bytes: this.entryEnd - offset, entries, format, trailer });
  }
}
