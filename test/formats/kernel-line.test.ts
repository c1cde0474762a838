import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editArgs, editLine, hasArg, keyOf, splitArgs, valueOf as valueOfArg } from '../../src/formats/kernel-line.ts';

const word = fc.stringMatching(/^[a-c](?:=(?:"[ x]{0,3}"|[x=,]{0,3}))?$/);
const line = fc
  .array(fc.tuple(fc.constantFrom(' ', '  ', '\t'), fc.oneof(word, fc.constant('--'))))
  .map((parts) => parts.map(([gap, arg]) => gap + arg).join(''));
const change = fc.record({
  have: fc.array(word, { maxLength: 3 }),
  lack: fc.array(fc.oneof(word, fc.constantFrom('a=', 'b=')), { maxLength: 3 }),
});

describe('splitArgs', () => {
  test('takes double quotes as the kernel does, and keeps them', () => {
    expect(splitArgs('  root=UUID=1-2  dyndbg="file a.c +p; x" "b c"=1\tquiet\n')).toEqual([
      'root=UUID=1-2',
      'dyndbg="file a.c +p; x"',
      '"b c"=1',
      'quiet',
    ]);
  });
  test('an unclosed quote takes the rest', () => expect(splitArgs('a="b c')).toEqual(['a="b c']));
  test('a backslash is a letter', () => expect(splitArgs('a=\\"b c')).toEqual(['a=\\"b c']));
});

test('keyOf and valueOf part at the first =', () => {
  expect(['root=UUID=1', 'quiet', 'a="x y"', '"a=x y"', 'b='].map((arg) => [keyOf(arg), valueOfArg(arg)])).toEqual([
    ['root', 'UUID=1'],
    ['quiet', undefined],
    ['a', 'x y'],
    ['a', 'x y'],
    ['b', ''],
  ]);
});

test('hasArg wants the exact token, and what follows -- is init’s', () => {
  expect(hasArg(['quiet'], 'quiet')).toBe(true);
  expect(hasArg(['systemd.show_status=quiet', 'noquiet'], 'quiet')).toBe(false);
  expect(hasArg(['ro', '--', 'quiet'], 'quiet')).toBe(false);
});

describe('editArgs', () => {
  test('keeps repeats and their order (trap 40)', () => {
    const args = ['console=tty1', 'ro', 'console=ttyS0'];
    expect(editArgs(args, { have: ['console=ttyS0'], lack: [] })).toEqual(args);
    expect(editArgs(args, { have: ['console=ttyS1'], lack: [] })).toEqual([...args, 'console=ttyS1']);
  });
  test('key= means every value, a bare word only itself', () => {
    expect(
      editArgs(['crashkernel=auto', 'crashkernel=1G', 'crashkernel'], { have: [], lack: ['crashkernel='] }),
    ).toEqual(['crashkernel']);
    expect(editArgs(['crashkernel=auto', 'crashkernel=1G'], { have: [], lack: ['crashkernel=auto'] })).toEqual([
      'crashkernel=1G',
    ]);
    expect(editArgs(['splash=silent', 'splash'], { have: [], lack: ['splash'] })).toEqual(['splash=silent']);
  });
  test('in both lists: moves to the end', () => {
    const both = { have: ['console=ttyS0'], lack: ['console=ttyS0'] };
    expect(editArgs(['console=ttyS0', 'console=tty1'], both)).toEqual(['console=tty1', 'console=ttyS0']);
  });
  test('swaps in place, in the order given', () => {
    const swap = [{ from: 'root=/dev/sda1', to: 'root=UUID=1' }];
    expect(editArgs(['a', 'root=/dev/sda1', 'b'], { have: [], lack: [], swap })).toEqual(['a', 'root=UUID=1', 'b']);
  });
  test('what init gets stays, and additions go before it', () => {
    expect(editArgs(['quiet', '--', 'quiet', 'single'], { have: ['a'], lack: ['quiet'] })).toEqual([
      'a',
      '--',
      'quiet',
      'single',
    ]);
  });
  test('refuses what is not one argument', () => {
    expect(() => editArgs([], { have: ['a b'], lack: [] })).toThrow(RangeError);
    expect(() => editArgs([], { have: [''], lack: [] })).toThrow(RangeError);
  });
});

describe('editLine', () => {
  test('keeps the blanks between what stays', () => {
    expect(editLine('ro  quiet splash   a', { have: ['b'], lack: ['quiet'] })).toBe('ro splash   a b');
    expect(editLine('quiet  ro ', { have: [], lack: ['quiet'] })).toBe('ro ');
    expect(editLine('', { have: ['a', 'b'], lack: [] })).toBe('a b');
    expect(editLine('ro  -- x', { have: ['a'], lack: [] })).toBe('ro a  -- x');
    expect(editLine('-- x', { have: ['a'], lack: [] })).toBe('a -- x');
  });
  test('says the same as editArgs', () => {
    fc.assert(
      fc.property(line, change, (text, want) => {
        expect(splitArgs(editLine(text, want))).toEqual(editArgs(splitArgs(text), want));
      }),
    );
  });
  test('twice is once, and nothing to do is byte-equal', () => {
    fc.assert(
      fc.property(line, change, (text, want) => {
        const once = editLine(text, want);
        expect(editLine(once, want)).toBe(once);
        expect(editLine(text, { have: splitArgs(text).includes('--') ? [] : splitArgs(text), lack: [] })).toBe(text);
      }),
    );
  });
});
