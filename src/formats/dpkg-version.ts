/** The order of a character in the parts that are no digits (deb-version(7)): `~`, the end, letters, the others. */
function orderOf(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = orderOf(a[at]) - orderOf(b[at]);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function compareDigits(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (one.length !== other.length) return one.length < other.length ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Text and digits by turns, text first. */
function comparePart(a: string, b: string): number {
  const [ones, others] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let at = 0; at < Math.max(ones.length, others.length); at++) {
    const [one, other] = [ones[at] ?? '', others[at] ?? ''];
    const result = at % 2 === 0 ? compareText(one, other) : compareDigits(one, other);
    if (result !== 0) return result;
  }
  return 0;
}

function partsOf(version: string): [epoch: string, upstream: string, revision: string] {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0 ? [epoch, rest, ''] : [epoch, rest.slice(0, dash), rest.slice(dash + 1)];
}

/** Compares two Debian versions as dpkg does (deb-version(7)): negative, 0 or positive. */
export function compareDpkgVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  return compareDigits(one[0], other[0]) || comparePart(one[1], other[1]) || comparePart(one[2], other[2]);
}
