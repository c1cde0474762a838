import { PrepError } from '../errors.ts';
import type { Check, Examined, Facts, Looked, Policy, Severity, Verdict } from '../model.ts';
import { atLeast, graver } from './answer.ts';
import { checks } from './index.ts';

/** A check whose answer the user has decided to live with. Those that have expired are left out by the caller. */
export interface Waiver {
  readonly id: string;
  readonly reason: string;
}

/** Which checks are asked, by id. */
export interface Choice {
  /** Only these; undefined: all. */
  readonly only?: readonly string[];
  /** Not these. */
  readonly skip?: readonly string[];
  readonly waive?: readonly Waiver[];
}

/**
 * Asks every check, in report order; those not asked are listed as skipped. A rule that breaks does not hide the others:
 * it is an unknown of the gravest kind. Throws PrepError `usage` for an id that does not exist.
 */
export function examine(
  facts: Facts,
  policy: Policy,
  choice: Choice = {},
  rules: readonly Check[] = checks,
): readonly Examined[] {
  const { only, skip = [], waive = [] } = choice;
  const known = new Set(rules.map((check) => check.id));
  for (const id of [...(only ?? []), ...skip, ...waive.map((waiver) => waiver.id)])
    if (!known.has(id)) throw new PrepError('usage', `there is no check "${id}"`, 'prep-guest check names them all');
  return rules.map((check): Examined => {
    if (skip.includes(check.id)) return { check, status: 'skipped', looked: undefined, skippedBy: '--skip' };
    if (only !== undefined && !only.includes(check.id))
      return { check, status: 'skipped', looked: undefined, skippedBy: '--only' };
    const looked = ask(check, facts, policy);
    const waiver = waive.find((one) => one.id === check.id);
    const waivable = looked.is === 'fail' || looked.is === 'unknown';
    if (waiver !== undefined && waivable) return { check, status: 'waived', looked, waiver: waiver.reason };
    return { check, status: looked.is, looked };
  });
}

function ask(check: Check, facts: Facts, policy: Policy): Looked {
  try {
    return check.look(facts, policy);
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { is: 'unknown', why: `internal error, please report it: ${why}`, severity: 'must' };
  }
}

/** How much an answer weighs: the gravest of its findings, or what an unknown says of itself. */
export function severityOf({ check, looked }: Examined): Severity {
  if (looked?.is === 'unknown') return looked.severity ?? check.severity;
  if (looked?.is !== 'fail') return check.severity;
  return looked.findings.map((finding) => finding.severity ?? check.severity).reduce(graver, 'info');
}

/** Nothing but what is as it should be on a machine in use, and goes at the seal. */
export function isLeftToSeal({ status, looked }: Examined): boolean {
  return status === 'fail' && looked?.is === 'fail' && looked.findings.every((finding) => finding.atSeal === true);
}

/**
 * What may be said of the guest. A `must` that failed: not ready. One that could not be judged, or that --only left out:
 * unknown. What the user skipped or waived by name is his decision and does not count.
 */
export function verdictOf(examined: readonly Examined[]): Verdict {
  const musts = examined.filter((one) => severityOf(one) === 'must');
  if (musts.some((one) => one.status === 'fail')) return 'not-ready';
  if (musts.some((one) => one.status === 'unknown' || one.skippedBy === '--only')) return 'unknown';
  return 'ready';
}

/** Whether something that was asked failed, or stayed unknown, at this severity or above: the exit code of --fail-on. */
export function failsAt(examined: readonly Examined[], severity: Severity): boolean {
  return examined.some(
    (one) =>
      (one.status === 'fail' || one.status === 'unknown') && !isLeftToSeal(one) && atLeast(severityOf(one), severity),
  );
}
