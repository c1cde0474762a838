import type { Change, Examined } from '../model.ts';

/** Why something is wanted: the check, what it is about, and what it said. */
export interface Reason {
  readonly check: string;
  readonly about: string;
  readonly says: string;
}

/** One wanted change with its reasons. */
export interface Wanted<C extends Change = Change> {
  readonly change: C;
  readonly why: readonly Reason[];
}

/** Every change that the failed checks want, in report order; the same change wanted twice is one with two reasons. */
export function collectWants(examined: readonly Examined[]): Wanted[] {
  const byContent = new Map<string, { change: Change; why: Reason[] }>();
  for (const { check, status, looked } of examined) {
    if (status !== 'fail' || looked?.is !== 'fail') continue;
    for (const finding of looked.findings) {
      const reason: Reason = { check: check.id, about: finding.about, says: finding.says };
      for (const change of finding.wants) {
        const key = JSON.stringify(change);
        const known = byContent.get(key);
        if (known === undefined) byContent.set(key, { change, why: [reason] });
        else known.why.push(reason);
      }
    }
  }
  return [...byContent.values()];
}

/** Those of one kind, typed as such. */
export function wantsOf<K extends Change['kind']>(
  wants: readonly Wanted[],
  kind: K,
): Wanted<Extract<Change, { kind: K }>>[] {
  return wants.filter((want): want is Wanted<Extract<Change, { kind: K }>> => want.change.kind === kind);
}

/** What one change is aimed at and what it asks of it; two that aim at the same and ask for different things contradict. */
function aim(change: Change): { at: string; ask: string } | undefined {
  switch (change.kind) {
    case 'setting':
      return { at: `${change.path} ${change.section ?? ''} ${change.key}`, ask: String(change.value) };
    case 'file':
      return { at: change.path, ask: JSON.stringify(change.is) };
    case 'unit':
      return { at: change.name, ask: change.state };
    case 'package':
      return { at: `package ${change.name}`, ask: change.is };
    case 'line':
      return { at: `${change.path}:${change.line}`, ask: change.to };
    case 'line-off':
      return { at: `${change.path}:${change.line}`, ask: 'commented out' };
    default:
      return undefined;
  }
}

function lacks(lack: readonly string[], arg: string): boolean {
  return lack.some((token) => token === arg || (token.endsWith('=') && arg.startsWith(token)));
}

/** Pairs of wants that cannot both come true: each a sentence that names both checks. */
export function contradictions(wants: readonly Wanted[]): { check: string; says: string }[] {
  const found: { check: string; says: string }[] = [];
  const say = (a: Wanted, b: Wanted, about: string) =>
    found.push({
      check: a.why[0]?.check ?? '',
      says: `${a.why[0]?.check ?? '?'} and ${b.why[0]?.check ?? '?'} want different things of ${about}`,
    });
  wants.forEach((a, index) => {
    for (const b of wants.slice(index + 1)) {
      const [left, right] = [aim(a.change), aim(b.change)];
      if (left !== undefined && right !== undefined && left.at === right.at && left.ask !== right.ask)
        say(a, b, left.at);
      if (a.change.kind !== 'kernel-args' || b.change.kind !== 'kernel-args') continue;
      const { change: one } = a as Wanted<typeof a.change>;
      for (const arg of one.have)
        if (lacks(b.change.lack, arg) && !b.change.have.includes(arg)) say(a, b, `the argument ${arg}`);
      for (const arg of b.change.have)
        if (lacks(one.lack, arg) && !one.have.includes(arg)) say(a, b, `the argument ${arg}`);
    }
  });
  return found;
}
