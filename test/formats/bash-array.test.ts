import { expect, test } from 'vitest';
import { addToArray, findArrays } from '../../src/formats/bash-array.ts';
import { makeRandom } from '../lib/random.ts';

const words = (text: string) => findArrays(text, 'MODULES').map((one) => one.words.map((word) => word.text));

test.each([
  ['MODULES=()', []],
  ['MODULES=(ext4 "hv_vmbus" \'xfs\')', ['ext4', 'hv_vmbus', 'xfs']],
  ["MODULES=(\n  # don't forget (these)\n  ext4\n  hv_vmbus # bus\n)", ['ext4', 'hv_vmbus']],
  ['  MODULES=( a\tb )', ['a', 'b']],
  // Before arrays; mkinitcpio still takes it apart.
  ['MODULES="ext4 hv_vmbus"', ['ext4', 'hv_vmbus']],
  ["MODULES=''", []],
])('%j', (text, expected) => {
  expect(words(`${text}\n`)).toEqual([expected]);
});

test.each([
  ['a comment', '#MODULES=(a)\n'],
  ['another name', 'XMODULES=(a)\nMODULESX=(a)\n'],
  ['one that is never closed', 'MODULES=(a "b\n'],
  ['a bare word', 'MODULES=a\n'],
])('%s is not taken for one', (_, text) => {
  expect(words(text)).toEqual([]);
});

test('where a second one adds, that is said, and so is its line', () => {
  const found = findArrays('MODULES=(a)\nHOOKS=(base)\nMODULES+=(b)\n', 'MODULES');
  expect(found.map(({ append, line }) => ({ append, line }))).toEqual([
    { append: false, line: 1 },
    { append: true, line: 3 },
  ]);
});

test('what the shell would work out is not literal', () => {
  const found = findArrays('MODULES=($(ls) $x plain may_be_missing?)\n', 'MODULES');
  expect(found[0]?.words.map((word) => word.literal)).toEqual([false, false, true, true]);
});

test.each([
  ['MODULES=()\n', 'MODULES=(x y)\n'],
  ['MODULES=(a)\n', 'MODULES=(a x y)\n'],
  ['MODULES=( a )\n', 'MODULES=( a x y)\n'],
  ['MODULES=(\n  a # why\n)\n', 'MODULES=(\n  a # why\nx y\n)\n'],
  ['MODULES="a"\n', 'MODULES="a x y"\n'],
  ['MODULES=""\n', 'MODULES="x y"\n'],
  ['MODULES=(a)\nMODULES+=(b)\n', 'MODULES=(a)\nMODULES+=(b x y)\n'],
  ['# no array\nHOOKS=(base)', '# no array\nHOOKS=(base)\nMODULES=(x y)\n'],
  ['', 'MODULES=(x y)\n'],
])('two more in %j', (text, expected) => {
  expect(addToArray(text, 'MODULES', ['x', 'y'])).toBe(expected);
});

test('beside one that cannot be read nothing is added: it may hold what a new one would undo', () => {
  expect(() => addToArray('MODULES=($(f $(g)) a)\n', 'MODULES', ['x'])).toThrow(RangeError);
});

test('whatever stands there, the words that are added are read back and nothing else moves', () => {
  const random = makeRandom(11);
  const pieces = ['a', ' ', '\n', '# c\n', '"q"', "'s'", '\t', ' b-c ', '\r\n'];
  for (let round = 0; round < 500; round++) {
    const inside = Array.from({ length: random.below(8) }, () => random.pick(pieces)).join('');
    const text = `# head\nMODULES=(${inside})\nHOOKS=(base)\n`;
    const before = words(text)[0];
    if (before === undefined) continue;
    const after = addToArray(text, 'MODULES', ['x']);
    expect(words(after)[0]).toEqual([...before, 'x']);
    expect(after.startsWith('# head\n') && after.endsWith(')\nHOOKS=(base)\n')).toBe(true);
  }
});
