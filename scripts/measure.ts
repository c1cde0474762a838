/** Costs of whole programs, for the benchmarks. */
import { spawnSync } from 'node:child_process';

/** One run of a program: seconds, and the peak of its largest process in MiB. */
export interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

export type Command = readonly [string, ...string[]];

/** Runs a command once under GNU time. Throws when it cannot be run, or ends otherwise than with 0 or 1 (findings). */
export function costOf([program, ...args]: Command): Cost {
  const run = spawnSync('time', ['-q', '-f', '%U %S %e %M', program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = run.stderr?.toString().trim().split('\n') ?? [];
  if (run.status === null || run.status > 1)
    throw new Error(`${program} ${args.join(' ')}: ${run.error?.message ?? said.join(' ')}`);
  const [user = 0, system = 0, wall = 0, peak = 0] = said.at(-1)?.split(' ').map(Number) ?? [];
  return { cpu: user + system, wall, peak: peak / 1024 };
}

/** Costs of all commands, run in turn, round by round; the first round is not counted. */
export function measure<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  runs: number,
): Record<Name, Cost[]> {
  const names = Object.keys(commands) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<Name, Cost[]>;
  for (let round = 0; round <= runs; round++) {
    for (const name of names) {
      const cost = costOf(commands[name]);
      if (round > 0) costs[name].push(cost);
    }
  }
  return costs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
