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

/** A boot loader: how it is recognised, and where its kernel line is edited. */
export interface BootLoaderFamily<K extends BootLoader['kind']> {
  readonly kind: K;
  detect(files: GuestFiles, os: OsFacts): Promise<Extract<BootLoader, { kind: K }> | undefined>;
  /** Edits of every store that asks for the line and of the generated file, so that the next kernel update and the next
   *  boot agree. A string says why this guest's line cannot be edited. */
  kernelArgs(want: KernelArgs, found: Extract<BootLoader, { kind: K }>, facts: Facts): readonly Edit[] | string;
}
