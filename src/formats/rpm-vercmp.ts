/** One run of digits, or of letters, or one of the signs that mean something. */
const pieces = /\d+|[A-Za-z]+|~|\^/g;

/**
 * Compares two versions (or two releases) by rpm's rules (its rpmvercmp): runs of digits as numbers, runs of letters as text,
 * a number is higher than letters, what goes on is higher; `~` is lower than the end, `^` higher than the end and lower than
 * anything else. Negative, 0 or positive.
 */
export function rpmvercmp(a: string, b: string): number {
  const [ones, others] = [a.match(pieces) ?? [], b.match(pieces) ?? []];
  for (let at = 0; ; at++) {
    const [one, other] = [ones[at], others[at]];
    if (one === other) {
      if (one === undefined) return 0;
      continue;
    }
    if (one === '~' || other === '~') return one === '~' ? -1 : 1;
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === '^' || other === '^') return one === '^' ? -1 : 1;
    const result = comparePiece(one, other);
    if (result !== 0) return result;
  }
}

function comparePiece(one: string, other: string): number {
  const [numeric, otherNumeric] = [/^\d/.test(one), /^\d/.test(other)];
  if (numeric !== otherNumeric) return numeric ? 1 : -1;
  if (!numeric) return one < other ? -1 : one > other ? 1 : 0;
  const [left, right] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `[epoch:]version[-release]` in its parts. */
function partsOf(full: string): [epoch: string, version: string, release: string] {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(full) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0 ? [epoch, rest, ''] : [epoch, rest.slice(0, dash), rest.slice(dash + 1)];
}

/** Compares two full rpm versions; where one has no release, the releases do not count. */
export function compareRpmVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  const result = rpmvercmp(one[0], other[0]) || rpmvercmp(one[1], other[1]);
  return result !== 0 || one[2] === '' || other[2] === '' ? result : rpmvercmp(one[2], other[2]);
}
