import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { callHost, hostProgram } from './host-programs.ts';

/** A pipe for a program's output: our end to read, the other end to hand over and then to close. */
export interface OutputPipe {
  readonly reader: Readable;
  readonly writer: number;
}

/**
 * Two real pipes. Those that Node makes are sockets, and a shell script that writes to /dev/stderr or /dev/stdout, as
 * packages' scripts like to, fails on a socket (ENXIO). The FIFOs are gone from the file system before they are used.
 */
export async function openOutputPipes(): Promise<readonly [OutputPipe, OutputPipe]> {
  const folder = mkdtempSync(`${tmpdir()}/prep-guest-`);
  try {
    const paths = [`${folder}/stdout`, `${folder}/stderr`] as const;
    const program = hostProgram('mkfifo', 'coreutils');
    await callHost({ program, args: ['--mode=600', ...paths], path: '/tmp', deed: 'make a pipe in' });
    return [openPipe(paths[0]), openPipe(paths[1])];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openPipe(path: string): OutputPipe {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reader: new Socket({ fd, readable: true, writable: false }), writer: openSync(path, constants.O_WRONLY) };
}

/** Closes our copies of the ends that were handed over, so that the readers come to an end with the program. */
export function closeWriters(pipes: readonly OutputPipe[]): void {
  for (const { writer } of pipes) closeSync(writer);
}
