import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Text for the standard input; without it the input is empty. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After so many seconds the program is killed. Default 300. */
  readonly seconds?: number;
}

/** Runs a program and gives what came of it, whatever its exit code. A signal or the time limit is an error. */
export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: (options.seconds ?? 300) * 1000,
      killSignal: 'SIGKILL',
    });
    const kept = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (kept.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (kept.stderr += text));
    // A program that does not read its input closes it: EPIPE is no failure of the program.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? `${program} is not installed here` : error.message;
      reject(new Error(why, { cause: error }));
    });
    child.on('close', (code, signal) => {
      if (code !== null) resolve({ code, ...kept });
      else reject(new Error(`${argv.join(' ')}: ended by ${signal}\n${lastLines(kept.stderr)}`));
    });
  });
}

/** Runs a program that must end with exit code 0, and gives its output. */
export async function must(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const ran = await run(argv, options);
  if (ran.code === 0) return ran.stdout;
  const shown = argv.map((word) => (word.length > 200 ? `${word.slice(0, 200)} …` : word)).join(' ');
  throw new Error(`${shown}\nexit code ${ran.code}\n${lastLines(ran.stdout)}\n${lastLines(ran.stderr)}`);
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-25).join('\n');
}
