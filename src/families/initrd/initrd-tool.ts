import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, InitrdTool, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';

/** A program that builds initrds: how it is recognised, its lasting configuration, and the call that builds one image. */
export interface InitrdToolFamily<K extends InitrdTool['kind']> {
  readonly kind: K;
  detect(files: GuestFiles, os: OsFacts): Promise<Extract<InitrdTool, { kind: K }> | undefined>;
  /** Edits after which every later build holds these drivers; a string says why it cannot be configured. */
  config(drivers: readonly string[], found: Extract<InitrdTool, { kind: K }>, facts: Facts): readonly Edit[] | string;
  /** Builds the image of one kernel at `{out}`; never over the old one. */
  build(kernel: string, found: Extract<InitrdTool, { kind: K }>): Argv;
}
