import type { Facts, Finding, GuestPath, Looked, Policy, TraceName } from '../model.ts';
import { leftAlone } from './answer.ts';

/** A finding before it is known whether the guest is still in use. */
type Trace = Pick<Finding, 'about' | 'says' | 'evidence'>;

/**
 * What every machine in use has, and an image should not: before the seal that is as it should be, and weighs nothing; in
 * an image that has been sealed it is a fault of the gravity that the check has.
 */
export function atSeal(facts: Facts, trace: Trace): Finding {
  if (facts.sealed === undefined)
    return { ...trace, severity: 'info', wants: [], advice: 'the seal mends it', atSeal: true };
  return {
    ...trace,
    says: `${trace.says}, although the guest was ${facts.sealed.says}`,
    evidence: [...trace.evidence, ...facts.sealed.evidence],
    wants: [],
    advice: 'it was used since, or not all was done: `prep-guest seal` does it again',
  };
}

/** `1 lease`, `3 leases`. */
export function countOf(paths: readonly unknown[], noun: string): string {
  return `${paths.length} ${noun}${paths.length === 1 ? '' : 's'}`;
}

export interface TraceRule {
  readonly traces: readonly TraceName[];
  /** What was found, in words. */
  readonly says: (paths: readonly GuestPath[]) => string;
  /** What holds when nothing was. */
  readonly clean: string;
  /** The article of 2018 does not ask for it. */
  readonly newer?: true;
}

/** Judges traces of use that the seal removes. */
export function lookForTraces(facts: Facts, policy: Policy, rule: TraceRule): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  if (rule.newer && policy.profile === 'seed-2018')
    return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const paths: GuestPath[] = [];
  for (const name of rule.traces) {
    const found = facts.traces[name];
    // Before the seal, which looks again, what cannot be seen weighs no more than what is there.
    const milder = facts.sealed === undefined ? { severity: 'info' as const } : {};
    if (found.is === 'unreadable') return { is: 'unknown', why: found.why, ...milder };
    if (found.is === 'there') paths.push(...found.value);
  }
  if (paths.length === 0) return { is: 'pass', says: rule.clean };
  const about = paths.length === 1 && paths[0] !== undefined ? paths[0] : countOf(paths, 'path');
  return {
    is: 'fail',
    findings: [atSeal(facts, { about, says: rule.says(paths), evidence: paths.map((path) => ({ path })) })],
  };
}
