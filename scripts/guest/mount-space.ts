import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { must, type Ran, type RunOptions, run } from './run.ts';

type Argv = readonly [string, ...string[]];

/** A private mount name space that lives as long as it is used. Nothing mounted in it is ever seen outside. */
export interface MountSpace {
  run(argv: Argv, options?: RunOptions): Promise<Ran>;
  must(argv: Argv, options?: RunOptions): Promise<string>;
  /** Words that enter it, before a program and its arguments. */
  readonly enter: Argv;
  /** How this process, which stands outside, opens a path of the name space. */
  seen(path: string): string;
}

/**
 * Makes a mount name space, hands it over, and ends it: with its last process every mount in it is gone, and a loop
 * device that `mount -o loop` made is free again. It also ends when this process dies, since its keeper reads our pipe.
 */
export async function withMountSpace<T>(use: (space: MountSpace) => Promise<T>): Promise<T> {
  const keeper = spawn('unshare', ['--mount', '--propagation', 'private', '--', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(keeper, 'exit');
  const [first] = await Promise.race([once(keeper.stdout, 'data'), ended]);
  if (String(first).trim() !== 'ready') throw new Error('unshare --mount failed: this needs root');
  const enter: Argv = ['nsenter', `--mount=/proc/${keeper.pid}/ns/mnt`, '--'];
  try {
    return await use({
      enter,
      run: (argv, options) => run([...enter, ...argv], options),
      must: (argv, options) => must([...enter, ...argv], options),
      seen: (path) => `/proc/${keeper.pid}/root${path}`,
    });
  } finally {
    keeper.stdin.end();
    await ended;
  }
}
