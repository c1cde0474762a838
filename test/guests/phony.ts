import type { Policy } from '../../src/model.ts';
import type { Program } from '../apply/applied-guest.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';

/** A made-up guest: the few files by which a distribution, its faults and their repair are known. */
export interface PhonyGuest {
  /** One sentence: which machine this is, and what is wrong with it. */
  readonly about: string;
  readonly tree: PhonyTree;
  readonly policy?: Partial<Policy>;
  /** Modules that its initrd tool puts in by itself, whatever it is told. */
  readonly comesAnyway?: readonly string[];
  /** Ids that must be among the findings: the reason for which this guest was made. */
  readonly shows: readonly string[];
  /** Nothing can be applied, and the plan says so. */
  readonly blocked?: RegExp;
  /** Musts that only a person can mend: they are left after an apply. All others must be gone. */
  readonly left?: readonly string[];
  /** Programs of the guest beyond those of programs.ts, by path. */
  readonly programs?: Readonly<Record<string, Program>>;
}
