import { spawnSync } from 'node:child_process';

/** Compresses with the programs that initrd generators call. A machine without them cannot run these tests. */

const programs = {
  gzip: ['gzip', '-9nc'],
  bzip2: ['bzip2', '-c'],
  lzma: ['xz', '--format=lzma', '-c'],
  xz: ['xz', '--check=crc32', '-c'],
  lzo: ['lzop', '-c'],
  lz4: ['lz4', '-lc'],
  zstd: ['zstd', '-qc'],
} as const;

export type CompressorName = keyof typeof programs;
export const compressorNames = Object.keys(programs) as readonly CompressorName[];

export function compress(name: CompressorName, bytes: Uint8Array, ...more: readonly string[]): Buffer {
  const [program, ...args] = programs[name];
  return runFilter(program, [...args, ...more], bytes);
}

/** Runs a program on some input; returns its output. Anything but success is an error that says what is missing. */
export function runFilter(program: string, args: readonly string[], input: Uint8Array | string, cwd?: string): Buffer {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    input,
    maxBuffer: 2 ** 30,
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (error) throw new Error(`these tests need the program ${program} (see CONTRIBUTING.md): ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr.toString()}`);
  return stdout;
}
