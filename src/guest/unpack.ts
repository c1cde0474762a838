import type { ByteReader, Unpacked, Unpacker } from '../model.ts';
import { BadData, type Decoder, Input } from './decoders/input.ts';
import { runTool } from './decoders/tool.ts';
import { findHostProgram } from './host-programs.ts';

/**
 * Unpacks one compressed member of a file. Where this machine has the right tool, a child process does the work: it is
 * mostly several times faster than a decoder in JavaScript, and two of them run side by side. Where there is none, or it
 * fails, our own decoders do. gzip is the exception: Node's zlib beats gzip(1).
 */

type Compression = Parameters<Unpacker['unpack']>[2];

/** Loaded on demand, so that a start of the program does not pay for them. */
const decoders: Readonly<Record<Compression, () => Promise<Decoder>>> = {
  gzip: async () => (await import('./decoders/gzip.ts')).gzipDecoder,
  bzip2: async () => (await import('./decoders/bzip2.ts')).bzip2Decoder,
  lzma: async () => (await import('./decoders/lzma.ts')).lzmaDecoder,
  xz: async () => (await import('./decoders/xz.ts')).xzDecoder,
  lzo: async () => (await import('./decoders/lzo.ts')).lzoDecoder,
  lz4: async () => (await import('./decoders/lz4.ts')).lz4Decoder,
  zstd: async () => (await import('./decoders/zstd.ts')).zstdDecoder,
};

/** Programs that read the format from their input and write to their output. */
const tools: Readonly<Partial<Record<Compression, readonly [string, ...string[]]>>> = {
  bzip2: ['bzip2', '-dcq'],
  lzma: ['xz', '-dcq', '--format=lzma', '--memlimit-decompress=256MiB'],
  // initrd generators make many blocks, which two threads unpack at once; before 5.4 xz ignores -T here.
  xz: ['xz', '-dcq', '--format=xz', '-T2', '--memlimit-decompress=256MiB'],
  lzo: ['lzop', '-dcq'],
  lz4: ['lz4', '-dcq'],
  zstd: ['zstd', '-dcq'],
};

export interface UnpackerOptions {
  /** The absolute path of a program of this machine, undefined where it has none. */
  readonly findProgram?: (name: string) => string | undefined;
  /** Compressed data shorter than this is not worth a child process; bytes. */
  readonly worthATool?: number;
  /** A tool that puts out nothing for this long is given up; milliseconds. */
  readonly patience?: number;
}

/** An unpacker that keeps no state: one serves for many files at once. */
export function createUnpacker({
  findProgram = findHostProgram,
  worthATool = 262_144,
  patience = 120_000,
}: UnpackerOptions = {}): Unpacker {
  return {
    async unpack(source, from, compression, take, signal) {
      const job = { source, from, take, signal, patience, delivered: 0 };
      if (signal?.aborted) return interrupted;
      try {
        const decoder = await decoders[compression]();
        const [name, ...args] = tools[compression] ?? [];
        const program = name === undefined || source.size - from < worthATool ? undefined : findProgram(name);
        if (program !== undefined) {
          const result = await unpackByTool(job, decoder, program, args);
          if (result) return result;
        }
        return await unpackHere(job, decoder);
      } catch (error) {
        if (error instanceof BadData) return { is: 'failed', why: error.message };
        throw error;
      }
    },
  };
}

interface Job {
  readonly source: ByteReader;
  readonly from: number;
  readonly take: (chunk: Uint8Array) => boolean;
  readonly signal: AbortSignal | undefined;
  readonly patience: number;
  /** Bytes that `take` has seen: a second attempt leaves them out. */
  delivered: number;
}

const interrupted = { is: 'failed', why: 'interrupted' } as const;

/**
 * Undefined where the tool failed: it may be old, broken, or somebody else's idea of xz, so that proves nothing. A tool
 * is given exactly one member. lzma alone has no framing to tell where it ends: xz gets the rest, and ends with an error if
 * that is too much.
 */
async function unpackByTool(
  job: Job,
  decoder: Decoder,
  program: string,
  args: readonly string[],
): Promise<Unpacked | undefined> {
  const { source, from, signal, patience } = job;
  let end = source.size;
  const findEnd = (): number => {
    if (decoder.pass) {
      const input = new Input(source, from, 4096);
      decoder.pass(input);
      end = input.offset;
    }
    return end;
  };
  const take = (chunk: Uint8Array): boolean => {
    job.delivered += chunk.length;
    return job.take(chunk);
  };
  const ran = await runTool({ program, args, source, from, findEnd, take, signal, patience });
  if (signal?.aborted) return interrupted;
  if (ran.is === 'stopped') return { is: 'stopped', end: decoder.pass ? end : undefined };
  // No output from so much input is no success, whatever the exit code says.
  return ran.is === 'done' && job.delivered > 0 ? { is: 'done', end } : undefined;
}

/** Output after which other work gets its turn. */
const turnBytes = 4 << 20;

async function unpackHere({ source, from, take, signal, delivered }: Job, decoder: Decoder): Promise<Unpacked> {
  await decoder.ready?.();
  const input = new Input(source, from);
  let known = delivered;
  let turn = 0;
  for (const chunk of decoder.unpack(input)) {
    if (chunk.length > known && !take(chunk.subarray(known))) return { is: 'stopped', end: undefined };
    known = Math.max(0, known - chunk.length);
    turn += chunk.length;
    if (turn < turnBytes) continue;
    turn = 0;
    await new Promise((done) => setImmediate(done));
    if (signal?.aborted) return interrupted;
  }
  return signal?.aborted ? interrupted : { is: 'done', end: input.offset };
}
