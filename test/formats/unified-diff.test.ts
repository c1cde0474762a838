import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/formats/unified-diff.ts';

test('as diff -u prints it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n';
  const after = 'a\nb\nC\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n';
  expect(unifiedDiff('/etc/x', before, after)).toBe(
    '--- /etc/x\n+++ /etc/x\n@@ -1,6 +1,6 @@\n a\n b\n-c\n+C\n d\n e\n f\n@@ -11,3 +11,4 @@\n k\n l\n m\n+n\n',
  );
});
test('new, gone, equal, and without a last line end', () => {
  expect(unifiedDiff('/x', null, 'a\n')).toBe('--- /dev/null\n+++ /x\n@@ -0,0 +1 @@\n+a\n');
  expect(unifiedDiff('/x', 'a\n', null)).toBe('--- /x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n');
  expect(unifiedDiff('/x', 'a', 'a')).toBe('');
  expect(unifiedDiff('/x', 'a', 'b\n')).toBe('--- /x\n+++ /x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n');
});
test('a line end that changes is a change', () => {
  expect(unifiedDiff('/x', 'a\r\n', 'a\n')).toBe('--- /x\n+++ /x\n@@ -1 +1 @@\n-a\r\n+a\n');
});

/** Applies a diff as patch(1) does, checking every line and number it names. */
function patch(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const out: string[] = [];
  let at = 0;
  const lines = diff.match(/[^\n]*\n/g)?.slice(2) ?? [];
  for (const [index, line] of lines.entries()) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/.exec(line);
    const whole = lines[index + 1]?.startsWith('\\') ? line.slice(1, -1) : line.slice(1);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      while (at < start) out.push(old[at++] as string);
      expect(out.length).toBe(Number(head[3]) - (head[4] === '0' ? 0 : 1));
    } else if (line.startsWith('+')) out.push(whole);
    else if (!line.startsWith('\\')) {
      expect(old[at++]).toBe(whole);
      if (line.startsWith(' ')) out.push(whole);
    }
  }
  return [...out, ...old.slice(at)].join('');
}

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', '\n', '-\n', '@@\n', 'z'))
  .map((lines) => lines.join(''));
test('applied to the one it gives the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = unifiedDiff('/x', before, after);
      expect(patch(before, diff)).toBe(after);
    }),
    { numRuns: 500 },
  );
});
test('files with nothing in common, and thousands of lines', () => {
  const many = (word: string) => Array.from({ length: 5000 }, (_, at) => `${word}${at}\n`).join('');
  expect(patch(many('a'), unifiedDiff('/x', many('a'), many('b')))).toBe(many('b'));
});
