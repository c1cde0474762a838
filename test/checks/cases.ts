import { expect } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import type { Change, Facts, Looked, Policy, Severity } from '../../src/model.ts';
import { type Bendable, debianFacts, policy } from '../lib/facts.ts';

/** One guest, bent in one way, and what one check says of it. */
export interface Case {
  readonly guest: string;
  readonly bend?: (facts: Bendable<Facts>) => void;
  readonly policy?: Partial<Policy>;
  readonly is: Looked['is'];
  /** Somewhere in what is said. */
  readonly says?: RegExp;
  /** The gravest finding, or that of an unknown. */
  readonly severity?: Severity;
  /** All wants of all findings, in order, without repeats. */
  readonly wants?: readonly Change[];
  /** In the advice of a finding that wants nothing. */
  readonly advice?: RegExp;
}

export type Cases = Readonly<Record<string, readonly Case[]>>;

export function checkNamed(id: string) {
  const check = checks.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id}`);
  return check;
}

export function lookAt(id: string, one: Case): Looked {
  return checkNamed(id).look(debianFacts(one.bend), policy(one.policy));
}

export function saidOf(looked: Looked): string {
  if (looked.is === 'pass') return looked.says;
  if (looked.is !== 'fail') return looked.why;
  return looked.findings.map((finding) => finding.says).join('\n');
}

function wantsOf(looked: Looked): Change[] {
  if (looked.is !== 'fail') return [];
  const all = looked.findings.flatMap((finding) => finding.wants);
  return all.filter((want, at) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(want)) === at);
}

const order: readonly Severity[] = ['info', 'should', 'must'];

function gravest(id: string, looked: Looked): Severity | undefined {
  const { severity } = checkNamed(id);
  if (looked.is === 'unknown') return looked.severity ?? severity;
  if (looked.is !== 'fail') return undefined;
  const ranks = looked.findings.map((finding) => order.indexOf(finding.severity ?? severity));
  return order[Math.max(...ranks)];
}

/** Holds one case against the check. */
export function verify(id: string, one: Case): void {
  const looked = lookAt(id, one);
  expect(`${looked.is}: ${saidOf(looked)}`).toMatch(new RegExp(`^${one.is}: `));
  if (one.says) expect(saidOf(looked)).toMatch(one.says);
  if (one.severity) expect(gravest(id, looked)).toBe(one.severity);
  if (one.wants) expect(wantsOf(looked)).toEqual(one.wants);
  if (one.advice) {
    const advice = looked.is === 'fail' ? looked.findings.map((finding) => finding.advice ?? '').join('\n') : '';
    expect(advice).toMatch(one.advice);
  }
}
