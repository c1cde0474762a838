import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex, Readable } from 'node:stream';
import type { Argv, Progress, Where } from '../model.ts';
import { encloseCommand } from './enclosure.ts';
import type { RunLimits, RunResult } from './guest.ts';
import { asGuestError, GuestError } from './guest-error.ts';
import { cleanEnvironment, spawnPlainly, toArgument } from './host-programs.ts';
import { closeWriters, openOutputPipes } from './output-pipe.ts';
import { type Root, resolve } from './resolve.ts';

const keptByDefault = 1024 * 1024;
/** From SIGTERM to SIGKILL, and from there until we give up on a process that the kernel does not let go of. */
const graceMs = 5_000;
/** A daemon that a program leaves behind may hold its output open for ever. */
const drainMs = 1_000;
const longestLine = 4096;

type Ending = 'SIGTERM' | 'SIGKILL';

/** A program that was started, and how it is ended. */
interface Started {
  readonly child: ChildProcess;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: (by: Ending) => void;
}

/** Keeps the first `keep` bytes of a stream, one character per byte, and reports its lines. */
function collect(stream: Readable, keep: number, progress: Progress | undefined) {
  const chunks: Buffer[] = [];
  let kept = 0;
  let cut = false;
  let line = '';
  stream.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, keep - kept);
    if (part.length > 0) chunks.push(part);
    kept += part.length;
    cut ||= part.length < chunk.length;
    if (progress === undefined) return;
    const lines = (line + chunk.toString('latin1')).split(/[\r\n]+/);
    line = (lines.pop() ?? '').slice(-longestLine);
    const last = lines.findLast((text) => text.trim() !== '');
    if (last !== undefined) progress(last.trim());
  });
  // What could not be read is missing from the output; that the stream closes is all the same.
  stream.on('error', () => {
    cut = true;
  });
  const closed = new Promise((done) => stream.once('close', done));
  return { closed, text: () => Buffer.concat(chunks).toString('latin1'), isCut: () => cut };
}

/** Signals a whole process group. That it is gone already is what we want. */
function signalGroup(child: ChildProcess, by: Ending): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, by);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a program when its time is up or when it is told to: SIGTERM, a while later SIGKILL, then `giveUp`. */
function limit(started: Started, limits: RunLimits, giveUp: (error: Error) => void) {
  const state = { ended: undefined as Ending | undefined, timedOut: false };
  const stop = () => {
    if (state.ended !== undefined) return;
    clearTimeout(timer); // else the time limit, half an hour for an initrd, keeps the whole process from ending
    state.ended = 'SIGTERM';
    started.end('SIGTERM');
    timer = setTimeout(kill, graceMs);
  };
  const kill = () => {
    state.ended = 'SIGKILL';
    started.end('SIGKILL');
    timer = setTimeout(() => giveUp(new Error('it does not end, not even by SIGKILL')), graceMs);
  };
  const timeUp = () => {
    state.timedOut = true;
    stop();
  };
  let timer = setTimeout(timeUp, limits.seconds * 1000);
  limits.signal?.addEventListener('abort', stop, { once: true });
  const release = () => {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', stop);
  };
  return { state, release };
}

/** Waits until a program has ended and its output is read. */
async function follow(started: Started, limits: RunLimits): Promise<RunResult> {
  const { child, stdout, stderr } = started;
  const began = performance.now();
  const keep = limits.keep ?? keptByDefault;
  const [said, complained] = [collect(stdout, keep, limits.progress), collect(stderr, keep, limits.progress)];
  let giveUp: (error: Error) => void = () => {};
  const stuck = new Promise<never>((_, fail) => {
    giveUp = fail;
  });
  const { state, release } = limit(started, limits, giveUp);
  try {
    const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const [code, signal] = await Promise.race([exit, stuck]);
    if (state.ended !== undefined) started.end('SIGKILL'); // those of its group that outlived it
    const late = setTimeout(() => [stdout, stderr].forEach((stream) => void stream.destroy()), drainMs);
    await Promise.all([said.closed, complained.closed]);
    clearTimeout(late);
    return {
      code: state.ended === undefined ? (code ?? undefined) : undefined,
      signal: state.ended ?? signal ?? undefined,
      timedOut: state.timedOut,
      stdout: said.text(),
      stderr: complained.text(),
      cut: said.isCut() || complained.isCut(),
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    release();
    stdout.destroy();
    stderr.destroy();
  }
}

interface Prepared {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whether the program gets a connection to us as descriptor 3. */
  readonly control: boolean;
}

/** Starts a program in a process group of its own, with closed standard input. */
async function start({ program, args, env, control }: Prepared) {
  const pipes = await openOutputPipes();
  const [stdout, stderr] = pipes.map(({ reader }) => reader) as [Readable, Readable];
  try {
    const outputs = pipes.map(({ writer }) => writer);
    const stdio = ['ignore' as const, ...outputs, ...(control ? ['pipe' as const] : [])];
    const child = spawnPlainly(program, args, { env, stdio });
    return { child, stdout, stderr };
  } finally {
    closeWriters(pipes);
  }
}

/** As is. What leaves the process group (a daemon) is out of reach. */
async function runLive(argv: Argv, limits: RunLimits): Promise<RunResult> {
  const [program = '', ...args] = argv.map(toArgument);
  const started = await start({ program, args, env: cleanEnvironment(limits.env), control: false });
  return follow({ ...started, end: (by) => signalGroup(started.child, by) }, limits);
}

/** Enclosed. A child that ends before it said `ready` has not run the program: that is an error of ours to report. */
async function runOffline(root: Root, argv: Argv, limits: RunLimits): Promise<RunResult> {
  const command = await encloseCommand(root, argv, limits.env ?? {}, limits.card);
  const started = await start({ ...command, env: cleanEnvironment(), control: true });
  const control = started.child.stdio[3] as Duplex;
  let ready = false;
  control.on('data', () => {
    ready = true;
  });
  control.on('error', () => {}); // EPIPE, ECONNRESET: the namespace is gone, which its exit tells
  const end = (by: Ending) => {
    if (by === 'SIGTERM') return void control.write('TERM\n');
    control.destroy();
    signalGroup(started.child, 'SIGKILL');
  };
  const result = await follow({ ...started, end }, limits);
  control.destroy();
  if (ready || result.signal !== undefined) return result;
  const why = result.stderr.trim() || `unshare ended with ${result.code}`;
  throw new GuestError('ENCLOSURE', argv[0], `no program of this guest can be run enclosed: ${why}`);
}

/** Throws where the guest has no such program. */
function expectProgram(root: Root, argv: Argv): void {
  const [program] = argv;
  const found = resolve(root, program, 'follow');
  const stat = found.is === 'there' ? found.value.stat : undefined;
  if (stat === undefined) throw new GuestError('ENOENT', program, `the guest has no ${program}`);
  if (stat.isFile() && (stat.mode & 0o111) !== 0) return;
  throw new GuestError('EACCES', program, `${program} is there, but is not a program`);
}

/** Runs a program of the guest: see `Guest.run`. */
export async function runProgram(root: Root, where: Where, argv: Argv, limits: RunLimits): Promise<RunResult> {
  limits.signal?.throwIfAborted();
  try {
    if ((where === 'live') !== (root.host === '')) {
      throw new GuestError(
        'EINVAL',
        argv[0],
        `a guest at ${root.host} is not the running machine: ${argv[0]} is not run`,
      );
    }
    expectProgram(root, argv);
    return await (where === 'live' ? runLive(argv, limits) : runOffline(root, argv, limits));
  } catch (error) {
    throw asGuestError(error, 'run', argv[0]);
  }
}
