import { access } from 'node:fs/promises';
import path from 'node:path';
import { type Ran, type RunOptions, run } from '../../scripts/guest/run.ts';

/** The built binary: what users get, on its own Node. */
export const binary = path.join(import.meta.dirname, '../../dist/prep-guest');

/** The parts of the JSON report that tests read. */
export interface Report {
  readonly verdict: string;
  readonly kernels: readonly { readonly version: string; readonly drivers: Readonly<Record<string, string>> }[];
  readonly boot: { readonly entries: readonly { readonly args: readonly string[]; readonly recovery: boolean }[] };
  /** Not in the reports of rollback and history. */
  readonly checks?: readonly {
    readonly id: string;
    readonly status: string;
    readonly severity: string;
    readonly says: string;
    readonly findings: readonly { readonly about: string; readonly says: string; readonly fix: string }[];
  }[];
  readonly run?: {
    readonly changed: number;
    readonly outcome: string;
    readonly sealed: boolean;
    readonly effects?: readonly { readonly what: string; readonly done: boolean; readonly says: string }[];
  };
}

export interface PrepGuestRun extends Ran {
  /** Undefined where the program ended before it had one. */
  readonly report: Report | undefined;
}

/** Runs the binary with `--format json`; `enter` are words that come before it. */
export async function prepGuest(
  args: readonly string[],
  options: RunOptions & { readonly enter?: readonly string[] } = {},
): Promise<PrepGuestRun> {
  await access(binary).catch(() => {
    throw new Error(`${binary} is not there: npm run build`);
  });
  const { enter = [], ...limits } = options;
  const argv = [...enter, binary, ...args, '--format', 'json'] as unknown as readonly [string, ...string[]];
  const ran = await run(argv, { seconds: 600, ...limits });
  return { ...ran, report: ran.stdout.trimStart().startsWith('{') ? (JSON.parse(ran.stdout) as Report) : undefined };
}

/** Ids of the checks that did not come out well, sorted. */
export function failing(report: Report | undefined): string[] {
  return (report?.checks ?? [])
    .filter((check) => check.status === 'fail')
    .map((check) => check.id)
    .sort();
}

/** What an assertion shows when an exit code is not the expected one. */
export function account(ran: PrepGuestRun): string {
  const musts = ran.report?.checks?.filter(
    (check) => check.severity === 'must' && !['pass', 'not-applicable'].includes(check.status),
  );
  const said =
    musts?.map((check) => `${check.status} ${check.id}: ${check.says}`).join('\n') ?? ran.stdout.slice(-3000);
  const missed = ran.report?.run?.effects?.filter((effect) => !effect.done).map((effect) => effect.says);
  return [`exit code ${ran.code}`, ran.report?.run?.outcome, said, ...(missed ?? []), ran.stderr.slice(-3000)].join(
    '\n',
  );
}
