/** A pattern for one name. Written out instead of as a regular expression, which a hostile one (`*a*a*a*b`) would stall. */
export function globTest(pattern: string): (name: string) => boolean {
  const wanted = pattern.match(/\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  return (name) => {
    if (name.startsWith('.') && !pattern.startsWith('.')) return false;
    // The places in the pattern that the name may have led to so far.
    let places = new Set(skipStars(wanted, [0]));
    for (const character of name) {
      const next: number[] = [];
      for (const at of places) {
        const part = wanted[at];
        if (part === '*') next.push(at);
        else if (part !== undefined && fitsOne(part, character)) next.push(at + 1);
      }
      places = new Set(skipStars(wanted, next));
    }
    return places.has(wanted.length);
  };
}

/** A star may also stand for nothing. */
function skipStars(wanted: readonly string[], places: readonly number[]): number[] {
  return places.flatMap((at) => {
    const reached = [at];
    for (let next = at; wanted[next] === '*'; next++) reached.push(next + 1);
    return reached;
  });
}

function fitsOne(part: string, character: string): boolean {
  if (part === '?') return true;
  if (part.length < 3) return part === character;
  const negated = part[1] === '!' || part[1] === '^';
  const set = part.slice(negated ? 2 : 1, -1);
  let inside = false;
  for (let at = 0; at < set.length; at++) {
    const from = set[at] as string;
    const range = set[at + 1] === '-' && at + 2 < set.length;
    const to = range ? (set[at + 2] as string) : from;
    if (range) at += 2;
    if (character >= from && character <= to) inside = true;
  }
  return inside !== negated;
}
