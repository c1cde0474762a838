import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDpkgVersions } from '../../src/formats/dpkg-version.ts';
import { compareRpmVersions, rpmvercmp } from '../../src/formats/rpm-vercmp.ts';

describe('rpm versions', () => {
  // What `rpm --eval '%{lua: print(rpm.vercmp(a, b))}'` of rpm 4.18 says.
  it.each([
    ['1.0', '1.0', 0],
    ['1.0', '2.0', -1],
    ['2.0.1', '2.0', 1],
    ['2.0.1a', '2.0.1', 1],
    ['5.5p1', '5.5p2', -1],
    ['5.5p10', '5.5p1', 1],
    ['10xyz', '10.1xyz', -1],
    ['xyz10', 'xyz10.1', -1],
    ['xyz.4', '8', -1],
    ['6.0.rc1', '6.0', 1],
    ['10b2', '10a1', 1],
    ['1.0a', '1.0aa', -1],
    ['10.0001', '10.0039', -1],
    ['20101121', '20101122', -1],
    ['1.0', '1_0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.0~rc1~git', '1.0~rc1', -1],
    ['1.0^git1', '1.0', 1],
    ['1.0^git1', '1.01', -1],
    ['1.0^git1~pre', '1.0^git1', -1],
    ['00042', '42', 0],
    ['a', '1', -1],
  ])('%s and %s: %i', (a, b, result) => {
    expect(Math.sign(rpmvercmp(a, b))).toBe(result);
    expect(Math.sign(rpmvercmp(b, a))).toBe(0 - result);
  });

  it('with epoch and release', () => {
    expect(compareRpmVersions('1:1.0-1', '2.0-1')).toBeGreaterThan(0);
    expect(compareRpmVersions('3.10.0-957.21.3.el7', '3.10.0-957.el7')).toBeGreaterThan(0);
    expect(compareRpmVersions('2.2.53.1-1', '2.2.53.1')).toBe(0);
    expect(compareRpmVersions('0:1.0-1', '1.0-2')).toBeLessThan(0);
  });
});

describe('Debian versions', () => {
  // As `dpkg --compare-versions` says.
  it.each([
    ['1.0', '1.0', 0],
    ['1.0-1', '1.0-2', -1],
    ['1.0-1', '1.0-1+deb12u1', -1],
    ['1.0~rc1-1', '1.0-1', -1],
    ['1.0~~', '1.0~', -1],
    ['1:0.9', '2.0', 1],
    ['1.10', '1.9', 1],
    ['1.0a', '1.0+', -1],
    ['4.9.168-1+deb9u3', '4.9.168-1+deb9u2', 1],
    ['1.0', '1.0-0', 0],
    ['1.2.3', '1.2.3a', -1],
    ['1.002', '1.2', 0],
  ])('%s and %s: %i', (a, b, result) => {
    expect(Math.sign(compareDpkgVersions(a, b))).toBe(result);
    expect(Math.sign(compareDpkgVersions(b, a))).toBe(0 - result);
  });
});

describe.each([
  ['rpm', compareRpmVersions],
  ['dpkg', compareDpkgVersions],
])('any versions, by the rules of %s', (_, compare) => {
  const version = fc.string({ unit: fc.constantFrom(...'0129abz.~+-:'), maxLength: 12 });

  it('are ordered: back to front is the other way round, and what is lower than a lower one is lower', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
        expect(compare(a, a)).toBe(0);
        if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0);
      }),
    );
  });
});
