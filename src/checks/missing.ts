import { distroOf } from '../families/distro/index.ts';
import type { Facts, Finding, Severity } from '../model.ts';
import { installByHand } from './by-hand.ts';
import { remedy } from './fixable.ts';

/** Folders of programs that could not be listed: what lies there is not known. */
export const programFolders = /^\/(?:usr\/(?:local\/)?)?s?bin$/;

export function hasProgram({ software }: Facts, name: string): boolean {
  return software.programs[name] !== undefined;
}

/** The package that brings a program here. */
export function packageOf(facts: Facts, program: string): string {
  return distroOf(facts.os.distro.family)?.packages.programs[program] ?? program;
}

/** A finding that a package mends which is not installed. */
export function lacksPackage(
  facts: Facts,
  name: string,
  found: { readonly about: string; readonly says: string; readonly severity?: Severity },
): Finding {
  return {
    ...found,
    evidence: [],
    ...remedy(facts, [{ kind: 'package', name, is: 'installed' }], installByHand(facts, name)),
  };
}
