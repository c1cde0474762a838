import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendLine, commentLine, evidenceFinder, setLine, splitLines } from '../../src/formats/lines.ts';

const text = fc.stringMatching(/^(?:[ab]|\r|\n|\r\n){0,12}$/);

test('lines join back to the text', () => {
  fc.assert(
    fc.property(text, (any) => {
      const lines = splitLines(any);
      expect(lines.map((line) => line.text + line.end).join('')).toBe(any);
      for (const line of lines) expect(any.startsWith(line.text, line.start)).toBe(true);
    }),
  );
});

test('a lone CR is text', () =>
  expect(splitLines('a\rb\r\nc')).toMatchObject([
    { text: 'a\rb', end: '\r\n' },
    { text: 'c', end: '' },
  ]));

test('commentLine marks one line, keeps its line end, and is done once', () => {
  const before = 'a\r\n/dev/sda2 swap\r\nb';
  const after = 'a\r\n# prep-guest: /dev/sda2 swap\r\nb';
  expect(commentLine(before, 2, '/dev/sda2 swap')).toBe(after);
  expect(commentLine(after, 2, '/dev/sda2 swap')).toBe(after);
  expect(() => commentLine(before, 2, 'other')).toThrow(RangeError);
  expect(() => commentLine(before, 4, 'x')).toThrow(RangeError);
});

test('setLine touches no other line', () => {
  expect(setLine('a\nb\nc', 3, 'c', 'd')).toBe('a\nb\nd');
  expect(setLine('a\nb\nd', 3, 'c', 'd')).toBe('a\nb\nd');
});

test('appendLine ends an open last line first, with the line end of the file', () => {
  expect(appendLine('a\r\nb', 'c')).toBe('a\r\nb\r\nc\r\n');
  expect(appendLine('', 'c')).toBe('c\n');
});

test('evidenceFinder gives number and text', () => {
  const find = evidenceFinder('/x', 'one\n  two\r\nthree');
  expect([0, 3, 4, 7, 12].map(find)).toEqual([
    { path: '/x', line: 1, text: 'one' },
    { path: '/x', line: 1, text: 'one' },
    { path: '/x', line: 2, text: 'two' },
    { path: '/x', line: 2, text: 'two' },
    { path: '/x', line: 3, text: 'three' },
  ]);
});
