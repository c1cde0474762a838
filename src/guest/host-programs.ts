import { type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { GuestPath } from '../model.ts';
import { codeInText, GuestError } from './guest-error.ts';

/** Programs of the machine we run on: what Node cannot do itself. Called by absolute path, never looked for in a guest. */

const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
const found = new Map<string, string | undefined>();

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // the answer to the question
  }
}

/** The absolute path of a program of this machine; undefined when it has none of that name. */
export function findHostProgram(name: string): string | undefined {
  if (!found.has(name)) found.set(name, folders.map((folder) => `${folder}/${name}`).find(isExecutable));
  return found.get(name);
}

/** The same, for a program we cannot do without. */
export function hostProgram(name: string, from: string): string {
  const path = findHostProgram(name);
  if (path === undefined) throw new GuestError('ENOENT', `/usr/bin/${name}`, `this machine has no ${name} (${from})`);
  return path;
}

/**
 * The environment of every program we start: this, and nothing of our own. A packed program would add PKG_EXECPATH to it;
 * a property that is already there and cannot be listed keeps it out.
 */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const environment = {
    LC_ALL: 'C',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    TERM: 'dumb',
    ...more,
  };
  return Object.defineProperty(environment, 'PKG_EXECPATH', { value: '', enumerable: false });
}

/**
 * An argument for a program. Our strings hold one byte per character, Node writes arguments as UTF-8; so bytes that are no
 * UTF-8 cannot be handed over, and are refused.
 */
export function toArgument(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  const text = buffer.toString();
  if (buffer.toString('latin1') === bytes && Buffer.from(text).equals(buffer)) return text;
  throw new GuestError('EILSEQ', '/', `${JSON.stringify(bytes)} cannot be handed to a program: it is not UTF-8`);
}

/**
 * Files and programs are created with this umask, whatever the user's is: a hardened root shell has 077. Each stands in a
 * process group of its own: a terminal sends Ctrl-C to ours, and a second one would end the cp that an undoing relies on.
 */
export function spawnPlainly(program: string, args: readonly string[], options: SpawnOptions) {
  const mask = process.umask(0o022);
  try {
    return spawn(program, args, { cwd: '/', detached: true, ...options });
  } finally {
    process.umask(mask);
  }
}

/**
 * Ended by this, a program has not begun: only in the instant before it has a process group of its own can a Ctrl-C on our
 * terminal reach it. It is called once more.
 */
export const bornInto = 'SIGINT';

export interface HostCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Open files that the program sees as 3, 4 … */
  readonly fds?: readonly number[];
  /** For the error: the guest path that it is about, and what is being done to it. */
  readonly path: GuestPath;
  readonly deed: string;
  /** Exit codes besides 0 that are an answer too. */
  readonly fine?: readonly number[];
}

/** Calls a program of this machine to its end. A failure throws, with the error number that its message names. */
export function callHost(call: HostCall): Promise<string> {
  const { program, args, fds = [], path, deed, fine = [] } = call;
  return new Promise((done, fail) => {
    const child = spawnPlainly(program, args, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe', ...fds] });
    const heard = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('latin1').on('data', (text: string) => {
      heard.stdout += text;
    });
    child.stderr?.setEncoding('latin1').on('data', (text: string) => {
      heard.stderr += text;
    });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (signal === bornInto) return done(callHost(call));
      const said = heard.stderr.trim().split('\n')[0] || `${program} ended with ${code}`;
      if (code === 0 || (code !== null && fine.includes(code))) done(heard.stdout);
      else fail(new GuestError(codeInText(said), path, `cannot ${deed} ${path}: ${said}`));
    });
  });
}
