import { type ArgsChange, keyOf } from '../../formats/kernel-line.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootLoader, Change, Facts, GuestPath, OsFacts } from '../../model.ts';

/** One small edit of one file: the text in, the text out. `null` stands for a file that is not there. */
export interface Edit {
  readonly path: GuestPath;
  /** Of a file that is new; 0644 where nothing is said. */
  readonly mode?: number;
  change(text: string | null): string | null;
}

export type KernelArgs = Extract<Change, { kind: 'kernel-args' }>;

/** The change as it is made where nothing is added (but for `here`): an argument that is the only one of its key stands elsewhere. */
export function addedElsewhere(change: ArgsChange, here: readonly string[] = []): ArgsChange {
  const gone = change.have.filter((arg) => !here.includes(arg) && change.only?.includes(keyOf(arg)));
  return { ...change, have: [], lack: [...change.lack, ...gone.map((arg) => `${keyOf(arg)}=`)] };
}

/** A boot loader: how it is recognised, and where its kernel line is edited. */
export interface BootLoaderFamily<K extends BootLoader['kind']> {
  readonly kind: K;
  detect(files: GuestFiles, os: OsFacts): Promise<Extract<BootLoader, { kind: K }> | undefined>;
  /** Edits of every store that asks for the line and of the generated file, so that the next kernel update and the next
   *  boot agree. A string says why this guest's line cannot be edited. */
  kernelArgs(want: KernelArgs, found: Extract<BootLoader, { kind: K }>, facts: Facts): readonly Edit[] | string;
}
