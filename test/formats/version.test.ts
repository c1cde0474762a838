import { expect, test } from 'vitest';
import { compareNumbers, compareVersions, kernelVersion, versionNumbers } from '../../src/formats/version.ts';

test.each([
  ['2.2.53.1', '2.2.53.1', 0],
  ['2.7.3.0-4.1', '2.2.53.1', 1],
  ['2.2.41', '2.2.53.1', -1],
  ['2.10', '2.9', 1],
  ['1:2.2', '2.2.0', 0],
  ['2.2.45+git1', '2.2.45', 0],
  ['v3.1', '3.0.9', 1],
  ['unknown', '0.0.1', -1],
  ['unknown', '', 0],
])('compareVersions(%j, %j)', (a, b, sign) => {
  expect(compareVersions(a, b)).toBe(sign);
  expect(compareVersions(b, a)).toBe(0 - sign);
});

test('versionNumbers is empty for what is no version', () => {
  expect(versionNumbers('2.7.3.0-4.1')).toEqual([2, 7, 3, 0]);
  expect(versionNumbers('git-abc')).toEqual([]);
});

test.each([
  ['2.6.32-504.el6.x86_64', [2, 6, 32, 504]],
  ['3.10.0-957.21.3.el7.x86_64', [3, 10, 0, 957, 21, 3]],
  ['6.1.0-32-amd64', [6, 1, 0, 32]],
  ['5.15.0-1064-azure', [5, 15, 0, 1064]],
  ['5.14.21-150500.55.7-default', [5, 14, 21, 150500, 55, 7]],
  ['2.6.39-400.215.10.el6uek.x86_64', [2, 6, 39, 400, 215, 10]],
  ['6.5-rc3', [6, 5, 0]],
  ['4.4', [4, 4, 0]],
  ['2.6.32.71', [2, 6, 32]],
  ['linux-lts', []],
])('kernelVersion(%j)', (release, numbers) => expect(kernelVersion(release)).toEqual(numbers));

test('kernels compare by their numbers', () => {
  expect(compareNumbers(kernelVersion('2.6.32-431.el6'), [2, 6, 32, 504])).toBe(-1);
  expect(compareNumbers(kernelVersion('2.6.37'), [2, 6, 37])).toBe(0);
  expect(compareNumbers([], [0])).toBe(-1);
});
