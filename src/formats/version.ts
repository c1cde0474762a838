/** The numbers of a dotted version, without an epoch and without what a distribution adds: `1:2.7.3.0-4.1` gives 2, 7, 3, 0. Empty for what is no version. */
export function versionNumbers(version: string): number[] {
  const upstream = /^(?:\d+:)?v?(\d+(?:\.\d+)*)/i.exec(version.trim())?.[1];
  return upstream === undefined ? [] : upstream.split('.').map(Number);
}

/**
 * Compares two dotted versions by their upstream numbers: negative, 0 or positive; missing numbers count as 0. What is no
 * version at all is lower than every version: ask versionNumbers where that matters.
 */
export function compareVersions(a: string, b: string): number {
  return compareNumbers(versionNumbers(a), versionNumbers(b));
}

/** Compares two lists of numbers one by one; missing ones count as 0, but an empty list is lower than any other. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(a.length - b.length);
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/**
 * The numbers of a kernel release: major, minor, patch, then those of the build, so that RHEL's 2.6.32-504.el6.x86_64 gives
 * 2, 6, 32, 504. A release candidate gives no build. Empty for what is no kernel release.
 */
export function kernelVersion(release: string): number[] {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:\.\d+)*(?:-(\d+(?:\.\d+)*))?/.exec(release);
  if (found === null) return [];
  const [, major, minor, patch = '0', build] = found;
  return [major, minor, patch, ...(build?.split('.') ?? [])].map(Number);
}
