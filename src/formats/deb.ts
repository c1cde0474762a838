import type { ByteReader, InitrdArchive, Unpacker } from '../model.ts';

/** What a .deb says of itself. */
export interface DebPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

const compressions: Readonly<Record<string, InitrdArchive['compression']>> = {
  '': 'none',
  '.gz': 'gzip',
  '.xz': 'xz',
  '.zst': 'zstd',
};
/** The control archive holds texts and scripts: even that of a kernel is far below. */
const largestControl = 16 * 1024 * 1024;

function latin1At(source: ByteReader, offset: number, length: number): string {
  const into = new Uint8Array(length);
  const read = source.readAt(into, offset);
  return Buffer.from(into.subarray(0, read)).toString('latin1');
}

/** Members of an ar(5) archive: 60 bytes of header each, at even offsets. */
function findControl(source: ByteReader): { start: number; bytes: number; suffix: string } | undefined {
  for (let at = 8; at + 60 <= source.size; ) {
    const header = latin1At(source, at, 60);
    const bytes = Number(header.slice(48, 58));
    if (!header.endsWith('`\n') || !Number.isInteger(bytes)) return undefined;
    const name = header.slice(0, 16).trim().replace(/\/$/, '');
    if (name.startsWith('control.tar')) return { start: at + 60, bytes, suffix: name.slice('control.tar'.length) };
    at += 60 + bytes + (bytes % 2);
  }
  return undefined;
}

/** The text of one file of a tar archive: 512 bytes of header each, contents in blocks of 512. */
function fileOfTar(tar: Buffer, wanted: string): string | undefined {
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.toString('latin1', at, at + 512);
    const name = (header.slice(0, 100).split('\0')[0] ?? '').replace(/^\.\//, '');
    const bytes = Number.parseInt(header.slice(124, 136), 8) || 0;
    if (name === wanted) return tar.toString('latin1', at + 512, at + 512 + bytes);
    at += 512 + Math.ceil(bytes / 512) * 512;
  }
  return undefined;
}

/** Reads name, version and architecture from the control file of a .deb (deb(5)); a sentence where that cannot be done. */
export async function readDeb(source: ByteReader, unpacker: Unpacker): Promise<DebPackage | string> {
  if (latin1At(source, 0, 8) !== '!<arch>\n') return 'it is no Debian package';
  const member = findControl(source);
  if (member === undefined) return 'it is a Debian package that is not whole';
  const compression = compressions[member.suffix];
  if (compression === undefined) return `its control archive is packed as ${member.suffix}, which is not read here`;
  const tar = await unpackAll(source, member, compression, unpacker);
  if (typeof tar === 'string') return tar;
  const control = fileOfTar(tar, 'control') ?? '';
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S+)`, 'm').exec(control)?.[1];
  const [name, version, arch] = [field('Package'), field('Version'), field('Architecture')];
  if (name === undefined || version === undefined || arch === undefined) return 'its control file names no package';
  return { name, version, arch };
}

async function unpackAll(
  source: ByteReader,
  { start, bytes }: { readonly start: number; readonly bytes: number },
  compression: InitrdArchive['compression'],
  unpacker: Unpacker,
): Promise<Buffer | string> {
  if (bytes > largestControl) return 'its control archive is too large';
  if (compression === 'none') return Buffer.from(latin1At(source, start, bytes), 'latin1');
  const chunks: Buffer[] = [];
  let size = 0;
  // What the decoder hands over is valid during the call only.
  const take = (chunk: Uint8Array) => {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    return size <= largestControl;
  };
  const packed = new Uint8Array(bytes);
  if (source.readAt(packed, start) < bytes) return 'it is a Debian package that is not whole';
  const member: ByteReader = {
    size: bytes,
    readAt: (into, offset) => {
      const piece = packed.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
  const unpacked = await unpacker.unpack(member, 0, compression, take);
  if (unpacked.is === 'failed') return `its control archive cannot be unpacked: ${unpacked.why}`;
  return size > largestControl ? 'its control archive is too large' : Buffer.concat(chunks);
}
