import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Evidence, Facts, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';

type Found<K> = Extract<InitrdTool, { kind: K }>;

/** Something in a tool's configuration that spoils what is asked for elsewhere. */
export interface ToolFault {
  readonly says: string;
  readonly at: Evidence;
  /** What a person does about it. */
  readonly advice: string;
}

/** A program that builds initrds: how it is recognised, its lasting configuration, and the call that builds one image. */
export interface InitrdToolFamily<K extends InitrdTool['kind']> {
  readonly kind: K;
  detect(files: GuestFiles, os: OsFacts): Promise<Found<K> | undefined>;
  /** Why every later image holds the drivers of every disk and bus without being told; undefined where it has to be told. */
  generic(found: Found<K>): string | undefined;
  /** Whether adding drivers makes it generic, so that no more than the three of Microsoft's recipes need be named. */
  becomesGeneric?(found: Found<K>): boolean;
  /** Whether the lasting configuration puts this driver into the images of that kernel. */
  asksFor(driver: string, kernel: Kernel, found: Found<K>): boolean;
  /** Drivers that the configuration leaves out whatever else asks for them. */
  omits?(found: Found<K>): readonly { readonly name: string; readonly at: Evidence }[];
  /** Of these drivers, with what they need, those that would be left out also after our edits: a person must change that. */
  keptOut?(drivers: readonly string[], found: Found<K>, facts: Facts): readonly string[];
  /** Why no driver can be added by an edit; undefined where it can. */
  restricted?(found: Found<K>): string | undefined;
  /** Where the configuration that decides stands. */
  settings(found: Found<K>): readonly Evidence[];
  faults(found: Found<K>): readonly ToolFault[];
  /** Edits after which every later build holds these drivers; a string says why it cannot be configured. */
  config(drivers: readonly string[], found: Found<K>, facts: Facts): readonly Edit[] | string;
  /** Builds the image of one kernel at `{out}`, never over the old one; a string says why it cannot. */
  build(kernel: Kernel, found: Found<K>): Argv | string;
  /** How a person gets drivers into the initrd of one kernel, and into all later ones. */
  byHand(kernel: string, drivers: readonly string[], found: Found<K>): string;
}
