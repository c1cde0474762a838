import { expect, test } from 'vitest';
import { compressionOf, describeStranger } from '../../src/formats/compression.ts';
import { compress, compressorNames } from '../lib/compressors.ts';

test.each(compressorNames)('%s is known by its first bytes', (name) => {
  expect(compressionOf(compress(name, Buffer.from('some text\n')))).toBe(name);
});

test.each([
  ['070707', 'old portable format'],
  ['MZ\x90\0', 'PE file'],
  ['hsqs', 'squashfs'],
  ['\x04"M\x18', 'newer frame format'],
  ['\x5e*M\x18', 'skippable frame'],
  ['\x7fELF', 'ELF'],
  ['hello!', '68656c6c6f21'],
  ['', 'nothing'],
])('%j is not, and a person is told what it is', (head, says) => {
  const bytes = Buffer.from(head, 'latin1');
  expect(compressionOf(bytes)).toBeUndefined();
  expect(describeStranger(bytes)).toContain(says);
});
