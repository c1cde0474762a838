import type { Evidence, Finding, Looked, Severity } from '../model.ts';

/** Something that could not be looked at: never content, and never the same as missing. */
export interface Doubt {
  readonly about: string;
  readonly why: string;
  /** When it weighs less than the check does. */
  readonly severity?: Severity;
  readonly evidence?: readonly Evidence[];
  /** What a person does about it; the default speaks of whatever could not be read. */
  readonly advice?: string;
}

const rank: Readonly<Record<Severity, number>> = { info: 0, should: 1, must: 2 };

/** The graver of two. */
export function graver(one: Severity, other: Severity): Severity {
  return rank[one] >= rank[other] ? one : other;
}

/** Whether `severity` weighs at least as much as `than`. */
export function atLeast(severity: Severity, than: Severity): boolean {
  return rank[severity] >= rank[than];
}

/**
 * The answer of a check that looked at several things. Content only when nothing was found and nothing stayed in doubt;
 * beside findings, doubts are listed as findings, so that mending the former does not hide the latter.
 */
export function judge(findings: readonly Finding[], doubts: readonly Doubt[], says: string): Looked {
  if (findings.length === 0 && doubts.length === 0) return { is: 'pass', says };
  if (findings.length > 0) return { is: 'fail', findings: [...findings, ...doubts.map(doubtAsFinding)] };
  const why = [...new Set(doubts.map((doubt) => `${doubt.about}: ${doubt.why}`))].join('; ');
  const severities = doubts.map((doubt) => doubt.severity);
  // One doubt of the check's own weight decides; only when all are milder the answer is.
  if (severities.includes(undefined)) return { is: 'unknown', why };
  return { is: 'unknown', why, severity: severities.reduce<Severity>((now, next) => graver(now, next ?? now), 'info') };
}

function doubtAsFinding({ about, why, severity, evidence, advice }: Doubt): Finding {
  return {
    about,
    says: `could not be judged: ${why}`,
    ...(severity ? { severity } : {}),
    evidence: evidence ?? [],
    wants: [],
    advice: advice ?? `find out why ${about} could not be read, and run the check again`,
  };
}

/** Not looked at because the agent that would obey the setting is left alone. */
export const leftAlone: Looked = {
  is: 'not-applicable',
  why: 'with --mode specialized this one machine moves as it is',
};
