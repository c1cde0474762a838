import type { Unpacker } from '../../formats/initrd.ts';
import type { Guest, GuestFiles, RunResult } from '../../guest/guest.ts';
import { codeInText } from '../../guest/guest-error.ts';
import type { Will } from '../../journal/entry.ts';
import type { Touch } from '../../journal/originals.ts';
import type { Argv, GuestPath, Progress } from '../../model.ts';
import { inMebibytes } from '../space.ts';

/** What every deed has at hand. */
export interface Workplace {
  readonly guest: Guest;
  readonly unpacker: Unpacker;
  readonly run: string;
  /** A new place in the run's folder for one original. */
  readonly place: () => GuestPath;
  /** The initrds that get no NAME.bak beside them, for want of room: the old image is kept in the run's folder. */
  readonly keptElsewhere: ReadonlySet<GuestPath>;
  readonly progress: Progress;
  /** Ends a program that is running. Never handed to what undoes. */
  readonly signal: AbortSignal | undefined;
}

/** One step, made ready: nothing is touched before `perform`, and only what is named here is touched by it. */
export interface Deed {
  readonly touches: readonly Touch[];
  /** The folders on the way to what is touched are made where they are missing. */
  readonly makesFolders: boolean;
  /** Files beside, which must be gone after an undoing. */
  readonly leftovers: readonly GuestPath[];
  readonly undo?: Argv;
  readonly packages?: Will['packages'];
  /** Does it, then looks whether it is done. Throws a sentence when it is not. */
  perform(): Promise<void>;
}

/** 30 minutes: an initrd on a slow emulated machine takes ten. */
export const secondsForPrograms = 30 * 60;

/** Of what a failed program said: so many lines go into the journal. */
const keptLines = 100;

/** A program of the guest that failed. The message is one line; `said` is its output, line by line. */
export class ProgramError extends Error {
  readonly said: readonly string[];
  constructor(says: string, said: readonly string[]) {
    super(says);
    this.name = 'ProgramError';
    this.said = said;
  }
}

function linesOf({ stdout, stderr }: RunResult): string[] {
  const said = stderr.trim() === '' ? stdout : stderr;
  return said
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-keptLines);
}

/** The line that tells most: that of a full disk, which is often followed by its consequences; else the last one. */
export function lastWords(result: RunResult): string {
  const said = linesOf(result);
  return said.findLast((line) => codeInText(line) === 'ENOSPC') ?? said.at(-1) ?? '';
}

/** What is left on the file systems that hold these folders, each once: `/boot has 0.1 MiB free`. */
async function freeNow(folders: readonly GuestPath[], guest: GuestFiles): Promise<string> {
  const says = new Map<number, string>();
  for (const folder of folders) {
    const stat = await guest.stat(folder);
    if (stat.is !== 'there' || says.has(stat.value.device)) continue;
    const { bytes, inodes } = await guest.free(folder);
    says.set(stat.value.device, `${folder} has ${inMebibytes(bytes)}${inodes === 0 ? ' and no inodes' : ''} free`);
  }
  return [...says.values()].join(', ');
}

/**
 * Runs a program of the guest and throws a ProgramError when it does not end with 0. `fills`: folders that it fills.
 * `scratch`: where it lays out what it needs for a while.
 */
export async function runOrThrow(
  argv: Argv,
  { guest, progress, signal }: Workplace,
  fills: readonly GuestPath[] = [],
  scratch?: GuestPath,
  more: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const env = scratch === undefined ? more : { ...more, TMPDIR: scratch };
  const limits = { seconds: secondsForPrograms, progress, env, ...(signal && { signal }) };
  const result = await guest.run(argv, limits);
  if (result.code === 0) return result;
  const how = result.timedOut
    ? `did not end within ${secondsForPrograms / 60} minutes`
    : result.code === undefined
      ? `was ended by ${result.signal}`
      : `ended with exit code ${result.code}`;
  const last = lastWords(result);
  const free = codeInText(last) === 'ENOSPC' ? await freeNow(fills, guest) : '';
  const says = `${argv[0]} ${how}${last === '' ? ' and said nothing' : `: ${last}`}${free === '' ? '' : ` (${free})`}`;
  throw new ProgramError(says, linesOf(result));
}
