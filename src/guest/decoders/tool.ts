import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ByteReader } from '../../model.ts';
import { cleanEnvironment } from '../host-programs.ts';

/** What a tool is to unpack: the data that begins at `from`. */
export interface Task {
  readonly program: string;
  readonly args: readonly string[];
  readonly source: ByteReader;
  readonly from: number;
  /** Where the data ends. May take a while; what it throws, `runTool` throws. */
  findEnd(): number;
  /** Gets each chunk of output, valid during the call only; false stops the tool. */
  take(chunk: Uint8Array): boolean;
  readonly signal?: AbortSignal | undefined;
  /** A tool that puts out nothing for this long is given up; milliseconds. */
  readonly patience: number;
}

/** `failed`: it did not take all of its input and end with 0, whatever it may have put out before. */
export type Ran = { is: 'done' } | { is: 'stopped' } | { is: 'failed'; why: string };

const feedBytes = 131_072;
const outBytes = 262_144;

/**
 * A file descriptor of its own that stands at `from`, for a program to read on to the end of the file by itself, which
 * spares both of us a copy. Undefined where getting there would be the greater part of the work (Node cannot seek, only
 * read), and where the file cannot be opened again.
 */
function openAt({ source, from }: Task): number | undefined {
  if (source.fd === undefined || from > source.size - from) return undefined;
  let fd: number;
  try {
    fd = openSync(`/proc/self/fd/${source.fd}`, 'r');
  } catch {
    return undefined; // no /proc, or no leave: it will be fed
  }
  try {
    const buffer = Buffer.allocUnsafe(feedBytes);
    for (let at = 0; at < from; ) {
      const got = readSync(fd, buffer, 0, Math.min(buffer.length, from - at), null);
      if (got === 0) throw new Error('the file became shorter while it was read');
      at += got;
    }
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function spawnTool({ program, args }: Task, stdin: number | 'pipe'): ChildProcess {
  return spawn(program, args, { cwd: '/', env: cleanEnvironment(), stdio: [stdin, 'pipe', 'ignore'] });
}

/**
 * Starts the program on the file itself, and looks for the end of its data while it starts. Where that is not the end of
 * the file, another one is started instead, which will be fed.
 */
function start(task: Task): { readonly child: ChildProcess; readonly feedTo: number | undefined } {
  const fd = openAt(task);
  if (fd === undefined) {
    const feedTo = task.findEnd();
    return { child: spawnTool(task, 'pipe'), feedTo };
  }
  const child = spawnTool(task, fd);
  closeSync(fd);
  child.on('error', () => {}); // it could not be started: whoever waits for its exit will hear of it
  let end: number | undefined;
  try {
    end = task.findEnd();
    if (end === task.source.size) return { child, feedTo: undefined };
  } finally {
    if (end !== task.source.size) {
      child.kill('SIGKILL');
      child.stdout?.destroy();
    }
  }
  return { child: spawnTool(task, 'pipe'), feedTo: end };
}

/** Gives a program its input piece by piece from one buffer; stops where the program has closed its end. */
function feed({ stdin }: ChildProcess, { source, from }: Task, end: number, fail: (error: unknown) => void): void {
  if (!stdin) return;
  const buffer = Buffer.allocUnsafeSlow(Math.min(feedBytes, end - from));
  let offset = from;
  const next = (): void => {
    try {
      const got = offset < end ? source.readAt(buffer.subarray(0, Math.min(buffer.length, end - offset)), offset) : 0;
      offset += got;
      if (got === 0) stdin.end();
      else stdin.write(buffer.subarray(0, got), (error) => error ?? next());
    } catch (error) {
      fail(error);
    }
  };
  stdin.on('error', () => {}); // EPIPE: the program has ended, and its exit code tells how
  next();
}

/**
 * Reads a program's output through one buffer. Node's own stream would allocate a new one for each read, at twice the
 * memory and half as long again; `onread` is documented, the handle is not, and where there is none its stream has to do.
 */
function readOutput(child: ChildProcess, take: (chunk: Uint8Array) => boolean): Readable | null {
  const handle = (child.stdout as { _handle?: unknown } | null)?._handle;
  if (!handle) return child.stdout?.on('data', take) ?? null;
  const onread = {
    buffer: Buffer.allocUnsafeSlow(outBytes),
    callback: (count: number, bytes: Uint8Array) => take(bytes.subarray(0, count)),
  };
  const options = { handle, readable: true, writable: false, onread };
  return new Socket(options as ConstructorParameters<typeof Socket>[0]).resume();
}

/** Runs a decompressor. It is gone when this returns, however it ends. What reading the source or `take` throws, this throws. */
export async function runTool(task: Task): Promise<Ran> {
  const { child, feedTo } = start(task);
  let stopped = false;
  let thrown: { error: unknown } | undefined;
  const stop = (): void => {
    stopped = true;
    child.kill('SIGKILL');
  };
  const fail = (error: unknown): void => {
    thrown ??= { error };
    stop();
  };
  task.signal?.addEventListener('abort', stop);
  const exit = new Promise<string>((done) => {
    child.on('error', (error) => done(error.message));
    child.on('exit', (code, signal) => done(signal ?? String(code)));
  });
  let silent = false;
  const output = readOutput(child, (chunk) => {
    idle.refresh();
    try {
      if (!stopped && !task.take(chunk)) stop();
    } catch (error) {
      fail(error);
    }
    return !stopped;
  });
  const idle = setTimeout(() => {
    silent = true;
    child.kill('SIGKILL');
    output?.destroy(); // somebody else may hold the other end
  }, task.patience);
  try {
    const closed = new Promise<void>((done) => output?.on('error', fail).on('close', done));
    if (feedTo !== undefined) feed(child, task, feedTo, fail);
    const code = await exit;
    if (!stopped && child.pid !== undefined) await closed; // what is left in the pipe
    if (thrown) throw thrown.error;
    if (stopped) return { is: 'stopped' };
    if (silent) return { is: 'failed', why: `${task.program} gave nothing for ${task.patience / 1000} s` };
    return code === '0' ? { is: 'done' } : { is: 'failed', why: `${task.program} ended with ${code}` };
  } finally {
    clearTimeout(idle);
    task.signal?.removeEventListener('abort', stop);
    output?.destroy();
    child.stdin?.destroy();
  }
}
