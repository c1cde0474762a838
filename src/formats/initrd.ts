import type { ByteReader, InitrdArchive, InitrdContent, Unpacker } from '../model.ts';
import { bytesBeforeBootconfig } from './bootconfig.ts';
import { type Compression, compressionOf, describeStranger } from './compression.ts';
import { type CpioArchive, CpioReader } from './cpio.ts';
import { InitrdContents } from './initrd-contents.ts';
import { endOfZeros } from './zeros.ts';

export type { Unpacker } from '../model.ts';

/** No boot protocol hands over more; bytes. */
const largestImage = 2 ** 32;
/** All archives of an initrd together; bytes. Nothing that is to live in memory comes near it. */
const mostUnpacked = 2 ** 33;

/** What came of one part of the image: where the next begins, or why there is none. */
type Part =
  | { readonly archives: readonly InitrdArchive[]; readonly next: number }
  | { readonly why: string; readonly offset: number };

interface Reading {
  readonly source: ByteReader;
  readonly unpacker: Unpacker;
  readonly contents: InitrdContents;
  readonly signal: AbortSignal | undefined;
  /** Unpacked so far; bytes. */
  unpacked: number;
}

/**
 * Reads an initrd as the kernel would unpack it: zero bytes, cpio archives and compressed archives in any order and number.
 * Whatever is cut short, corrupt, unknown, beyond the limits above, or interrupted is `unknown`, with the reason and the
 * offset; nothing is thrown. Bodies are passed over, so memory does not grow with the image. A full read proves checksums
 * and ends; `quick` may leave out the rest of an archive once its modules have passed.
 */
export async function readInitrd(
  source: ByteReader,
  unpacker: Unpacker,
  options: { readonly quick?: boolean; readonly signal?: AbortSignal } = {},
): Promise<InitrdContent> {
  const contents = new InitrdContents(options.quick ?? false);
  const archives: InitrdArchive[] = [];
  const unknown = (why: string, offset: number): InitrdContent => ({ is: 'unknown', why, offset, bytes: source.size });
  let at = 0;
  try {
    if (source.size > largestImage) return unknown('the file is larger than any boot loader takes', 0);
    const image = cutTo(source, bytesBeforeBootconfig(source));
    const reading: Reading = { source: image, unpacker, contents, signal: options.signal, unpacked: 0 };
    for (at = passZeros(image, 0); at < image.size; at = passZeros(image, at)) {
      if (options.signal?.aborted) return unknown('interrupted', at);
      const part = await readPart(reading, at);
      if ('why' in part) return unknown(part.why, part.offset);
      archives.push(...part.archives);
      at = part.next;
    }
  } catch (error) {
    return unknown(`the file cannot be read: ${error instanceof Error ? error.message : String(error)}`, at);
  }
  if (archives.length === 0) return unknown(source.size === 0 ? 'the file is empty' : 'it holds no archive', 0);
  return {
    is: 'read',
    bytes: source.size,
    archives,
    modules: contents.allModules(),
    kernels: [...contents.kernels],
    builtin: [...contents.builtin],
    hidden: contents.hidden,
    texts: contents.texts,
  };
}

/** The first bytes of a source, as a source. */
function cutTo(source: ByteReader, size: number): ByteReader {
  if (size === source.size) return source;
  return {
    size,
    readAt: (into, offset) => source.readAt(into.subarray(0, Math.max(0, size - offset)), offset),
  };
}

/** The offset of the next byte that is not zero, or the end. */
function passZeros(source: ByteReader, from: number): number {
  const bytes = Buffer.allocUnsafe(65_536);
  for (let at = from; at < source.size; ) {
    // Mostly there are none, or a few.
    const got = source.readAt(bytes.subarray(0, Math.min(at === from ? 512 : bytes.length, source.size - at)), at);
    if (got === 0) break;
    const zeros = endOfZeros(bytes.subarray(0, got), 0);
    at += zeros;
    if (zeros < got) return at;
  }
  return source.size;
}

function readPart(reading: Reading, at: number): Part | Promise<Part> {
  const head = Buffer.alloc(6);
  const got = reading.source.readAt(head.subarray(0, Math.min(6, reading.source.size - at)), at);
  const bytes = head.subarray(0, got);
  if (bytes[0] === 0x30) return readPlain(reading, at);
  const compression = compressionOf(bytes);
  if (compression === undefined) return { why: describeStranger(bytes), offset: at };
  return readCompressed(reading, at, compression);
}

function asFound(archive: CpioArchive & { readonly early: boolean }): InitrdArchive {
  return { ...archive, compression: 'none', unpacked: archive.bytes };
}

/** Archives that are not compressed: bodies are not read but hopped over. */
function readPlain({ source, contents, signal }: Reading, from: number): Part {
  const reader = new CpioReader(contents, from);
  const bytes = Buffer.allocUnsafe(2048); // a few headers; more would mostly be bodies
  while (reader.offset < source.size) {
    if (signal?.aborted) return { why: 'interrupted', offset: reader.offset };
    const got = source.readAt(bytes.subarray(0, Math.min(bytes.length, source.size - reader.offset)), reader.offset);
    if (got === 0) break;
    const taken = reader.push(bytes.subarray(0, got));
    if (contents.refusal !== undefined) return { why: contents.refusal, offset: reader.offset };
    if (taken < got) break;
    reader.skip(Math.min(reader.skippable, source.size - reader.offset));
  }
  if (reader.fault === undefined) reader.finish();
  if (reader.fault) return reader.fault;
  return { archives: contents.takeArchives().map(asFound), next: reader.offset };
}

/** One compressed member with the archives in it, which the kernel wants to be whole at its end. */
async function readCompressed(reading: Reading, from: number, compression: Compression): Promise<Part> {
  const { source, unpacker, contents, signal } = reading;
  const reader = new CpioReader(contents);
  let why: string | undefined;
  let unpacked = 0;
  const take = (chunk: Uint8Array): boolean => {
    unpacked += chunk.length;
    const taken = reader.push(chunk);
    if (reader.fault) why = `${reader.fault.why} (${reader.fault.offset} bytes into the unpacked data)`;
    else if (taken < chunk.length)
      why = `something else than cpio archives is in it (${reader.offset} bytes into the unpacked data)`;
    else if (reading.unpacked + unpacked > mostUnpacked) why = `it unpacks to more than ${mostUnpacked} bytes`;
    return why === undefined && contents.refusal === undefined && !contents.enough;
  };
  contents.enough = false;
  const result = await unpacker.unpack(source, from, compression, take, signal);
  reading.unpacked += unpacked;
  why ??= contents.refusal ?? (result.is === 'failed' ? result.why : undefined);
  if (why === undefined && result.is === 'done' && !reader.complete) {
    why = 'the compressed data ends in the middle of a cpio entry: the kernel stops there';
  }
  reader.close();
  const archives = contents.takeArchives();
  if (why === undefined && archives.length === 0) why = 'there is no cpio archive in it';
  if (why !== undefined || result.is === 'failed') return { why: `${compression} data: ${why}`, offset: from };
  const next = result.end ?? source.size;
  return { archives: [mergeArchives(archives, compression, from, next, unpacked)], next };
}

/** The archives of one compressed member, as one. */
function mergeArchives(
  archives: readonly (CpioArchive & { readonly early: boolean })[],
  compression: Compression,
  offset: number,
  next: number,
  unpacked: number,
): InitrdArchive {
  return {
    offset,
    bytes: next - offset,
    compression,
    unpacked,
    entries: archives.reduce((sum, { entries }) => sum + entries, 0),
    format: archives.some(({ format }) => format === 'crc') ? 'crc' : 'newc',
    trailer: archives.every(({ trailer }) => trailer),
    early: archives.every(({ early }) => early),
  };
}
