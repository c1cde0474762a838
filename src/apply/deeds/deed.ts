import type { Unpacker } from '../../formats/initrd.ts';
import type { Guest, RunResult } from '../../guest/guest.ts';
import type { Touch } from '../../journal/originals.ts';
import type { Argv, GuestPath, Progress } from '../../model.ts';

/** What every deed has at hand. */
export interface Workplace {
  readonly guest: Guest;
  readonly unpacker: Unpacker;
  readonly run: string;
  /** A new place in the run's folder for one original. */
  readonly place: () => GuestPath;
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
  /** Does it, then looks whether it is done. Throws a sentence when it is not. */
  perform(): Promise<void>;
}

/** 30 minutes: an initrd on a slow emulated machine takes ten. */
export const secondsForPrograms = 30 * 60;

/** What a program said last, for a sentence. */
export function tailOf({ stdout, stderr }: RunResult, lines = 5): string {
  const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-lines);
  return said.join('\n');
}

/** Runs a program of the guest and throws when it does not end with 0. */
export async function runOrThrow(argv: Argv, { guest, progress, signal }: Workplace): Promise<RunResult> {
  const limits = { seconds: secondsForPrograms, progress, ...(signal && { signal }) };
  const result = await guest.run(argv, limits);
  if (result.code === 0) return result;
  const how = result.timedOut
    ? `did not end within ${secondsForPrograms / 60} minutes`
    : result.code === undefined
      ? `was ended by ${result.signal}`
      : `ended with exit code ${result.code}`;
  const tail = tailOf(result);
  throw new Error(`${argv[0]} ${how}${tail === '' ? ' and said nothing' : `: ${tail}`}`);
}
