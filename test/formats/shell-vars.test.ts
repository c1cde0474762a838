import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readShellFiles, readShellVars, setShellVar } from '../../src/formats/shell-vars.ts';

const sample = (name: string) => readFileSync(new URL(`../samples/${name}`, import.meta.url), 'latin1');
const value = (text: string, name = 'X') => readShellVars(text, '/f')[name]?.value;
const literal = (text: string, name = 'X') => readShellVars(text, '/f')[name]?.literal;

describe('reading', () => {
  const rows: [string, string][] = [
    ['X=a', 'a'],
    ['X="a b"', 'a b'],
    ["X='a $b'", 'a $b'],
    ['X="a"\'b c\'d', 'ab cd'],
    ['X="a \\"b\\" \\$c \\n"', 'a "b" $c \\n'],
    ['X=a\\ b', 'a b'],
    ['X="a \\\n b"', 'a  b'],
    ['X=a\\\nb', 'ab'],
    ['  export X=a # note', 'a'],
    ['X=a#b', 'a#b'],
    ['X=1\nX=2', '2'],
    ['X=1; X=2', '2'],
    [`A=q\nX="$A \${A}s"`, 'q qs'],
    ['X=a\nX+=" b"', 'a b'],
    ['X=', ''],
    ['A=1 X=2', '2'],
    ['cat <<EOF\nX=no\nEOF\nX=yes', 'yes'],
    ['echo "\nX=no"\nX=yes', 'yes'],
    ['X=a\r\n', 'a\r'],
    ['X="cost: $5"', 'cost: $5'],
    ['X="a $ b"', 'a $ b'],
  ];
  test.each(rows)('%j', (text, expected) => expect(value(text)).toBe(expected));
  test.each(rows.filter(([text]) => literal(text) && !text.includes('+=')))(
    '%j is what sh makes of it',
    (text, expected) => {
      const printed = execFileSync('/bin/sh', ['-c', `${text}\nprintf '<%s>' "$X"`], { encoding: 'latin1' });
      expect(printed.endsWith(`<${expected}>`)).toBe(true);
    },
  );

  test.each(['#X=1', 'X=1 make', 'echo X=1', '"X=1"', 'X =1', 'unset X', 'X=1\nunset X', '# \\\n#X=1'])(
    '%j sets nothing',
    (text) => {
      expect(value(text)).toBeUndefined();
    },
  );

  test.each([
    'X=$(uname -r)',
    'X=`lsb_release -i -s 2> /dev/null || echo Debian`',
    `X="\${Y:-z}"`,
    'X="$Y"',
    'if true; then X=1; fi',
    'if true\nthen\n  X=1\nfi',
    'case a in a) X=1 ;; esac',
    'f() {\n X=1\n}',
    'function f {\n X=1\n}',
    'test -e /x && X=1',
    'test -e /x &&\n X=1',
    'test -e /x || X=1',
    '( X=1 )',
    'X=1 | cat',
    'X=1\n. /etc/other',
    'X=(a b)',
    'for i in 1 2; do X=$i; done',
  ])('%j is not literal', (text) => expect(literal(text)).toBe(false));

  test.each([
    'X=1\nif true; then Y=1; fi',
    'if true; then X=1; fi\nX=2',
    '{ X=1; }\nX=2',
    '. /etc/os-release\nX=1',
    'X=1\n. /etc/os-release',
    'f() { :; }\nX=1',
  ])('%j is literal', (text) => expect(literal(text)).toBe(true));

  test('says where', () => {
    const text = '# head\nX="a"\n  X="b" # last\n';
    expect(readShellVars(text, '/etc/default/grub')['X']?.at).toEqual({
      path: '/etc/default/grub',
      line: 3,
      text: 'X="b" # last',
    });
  });

  test('names of JavaScript are only names', () => {
    expect(value('__proto__=a', '__proto__')).toBe('a');
    expect(value('X=a', 'constructor')).toBeUndefined();
  });

  test('one file after another: grub.d of a cloud image replaces, a self-reference extends', () => {
    const files = [
      { path: '/etc/default/grub', text: sample('grub-ubuntu') },
      { path: '/etc/default/grub.d/50-cloudimg-settings.cfg', text: sample('grub-50-cloudimg-settings.cfg') },
      { path: '/etc/default/grub.d/kdump-tools.cfg', text: sample('grub-kdump-tools.cfg') },
    ] as const;
    const settings = readShellFiles(files);
    expect(settings['GRUB_CMDLINE_LINUX_DEFAULT']).toMatchObject({
      value: 'console=tty1 console=ttyS0 crashkernel=512M-:192M',
      literal: true,
      at: { path: '/etc/default/grub.d/kdump-tools.cfg', line: 1 },
    });
    expect(settings['GRUB_DISTRIBUTOR']?.literal).toBe(false);
    expect(settings['GRUB_TIMEOUT']?.value).toBe('0');
    expect(readShellFiles([{ path: '/f', text: 'X="$X a"' }])['X']).toMatchObject({ value: ' a', literal: true });
  });
});

describe('setShellVar', () => {
  test.each([
    ['X="a b" # c\n', 'a', 'X="a" # c\n'],
    ["X='a b'\n", 'a c', "X='a c'\n"],
    ["X='a'\n", "it's", 'X="it\'s"\n'],
    ['X=a\n', 'a b', 'X="a b"\n'],
    ['X=most\nY=1\n', 'dep', 'X=dep\nY=1\n'],
    ['X=\n', 'a', 'X="a"\n'],
    ['X=""\n', 'a', 'X="a"\n'],
    ["X=''\n", 'a', "X='a'\n"],
    ['X="a"\n', 'a"$`\\', 'X="a\\"\\$\\`\\\\"\n'],
    ['X="1"\nX="2"\n', '3', 'X="1"\nX="3"\n'],
    ['# X="1"\n', '3', '# X="1"\nX="3"\n'],
    ['Y=1', '3', 'Y=1\nX="3"\n'],
    ['', '3', 'X="3"\n'],
    ['X="a \\\n  b c"\n', 'a   b d', 'X="a \\\n  b d"\n'],
    ['X="a"\'b\'c\n', 'aBc', 'X="a"\'B\'c\n'],
    ['X="a"\'b\'c\n', 'x', 'X="x"\n'],
    ['export X="a"\n', 'b', 'export X="b"\n'],
    ['A=1 X=2 B=3\n', '4', 'A=1 X=4 B=3\n'],
    ['A=q\nX="$A b"\n', 'q c', 'A=q\nX="$A c"\n'],
    ['X=$(uname)\n', 'a', 'X=a\n'],
    ['if true; then X=1; fi\n', '2', 'if true; then X=1; fi\nX="2"\n'],
    ['X=1\n. /etc/other\n', '1', 'X=1\n. /etc/other\nX="1"\n'],
    ['X="a"\nX+=" b"\n', 'a b c', 'X="a"\nX+=" b c"\n'],
    ['X="a"\nX+=" b"\n', 'c', 'X="a"\nX="c"\n'],
  ])('%j to %j', (text, wanted, expected) => {
    expect(setShellVar(text, 'X', wanted)).toBe(expected);
    expect(setShellVar(expected, 'X', wanted)).toBe(expected);
  });

  test('a reference to another file stays, whatever is edited around it', () => {
    const text = 'X="quiet $X splash crashkernel=auto"\n';
    expect(value(text)).toBe('quiet $X splash crashkernel=auto');
    expect(setShellVar(text, 'X', '$X crashkernel=auto')).toBe('X="$X crashkernel=auto"\n');
    expect(setShellVar(text, 'X', '$X a')).toBe('X="$X a"\n');
    expect(setShellVar('X="a $(b) c"\n', 'X', '$(b) d')).toBe('X="$(b) d"\n');
  });
  test('what += adds keeps the blank that parts it from an earlier file', () => {
    expect(setShellVar('X+=" quiet b"\n', 'X', 'b')).toBe('X+=" b"\n');
  });
  test('CR goes from the touched line only', () => {
    const text = '# one\r\nX="a"\r\nY="b"\r\n';
    expect(setShellVar(text, 'X', 'a')).toBe('# one\r\nX="a"\nY="b"\r\n');
    expect(setShellVar(text, 'X', 'c')).toBe('# one\r\nX="c"\nY="b"\r\n');
    expect(setShellVar('X="a \\\r\nb"\r\nY=1\r\n', 'X', 'a')).toBe('X="a"\nY=1\r\n');
  });
  test('null comments every assignment out', () => {
    expect(setShellVar('A=1\nX="1"\nexport X="a \\\n b" # c\nB=2\n', 'X', null)).toBe(
      'A=1\n# prep-guest: X="1"\n# prep-guest: export X="a \\\n# prep-guest:  b" # c\nB=2\n',
    );
    expect(setShellVar('A=1; X=2\nX=3 B=1\nif a; then\n X=1\nfi\n', 'X', null)).toBe(
      'A=1; :\nB=1\nif a; then\n :\nfi\n',
    );
    expect(setShellVar('X=1\r\nY=2\r\n', 'X', null)).toBe('# prep-guest: X=1\nY=2\r\n');
  });
  test('an unclosed quote is refused, not edited', () => {
    expect(() => setShellVar('Y="open\n', 'X', 'a')).toThrow(RangeError);
  });

  const part = fc.constantFrom(
    'a',
    'b',
    ' ',
    '"a b"',
    "'c d'",
    '\\ ',
    '$A',
    '$(x)',
    '"$A"',
    '"\\$"',
    '\\\n',
    "'",
    '"',
    '#',
    ';',
    '\n',
    'X=',
    'X+=',
    'A=1\n',
    '\r\n',
  );
  const script = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''));
  const wanted = fc.stringMatching(/^[ab $"'\\]{0,6}$/);
  test('what was set is read back, twice is once, other lines stay', () => {
    fc.assert(
      fc.property(script, wanted, (text, want) => {
        const before = `P="p"  # q\n${text}`;
        let once: string;
        try {
          once = setShellVar(before, 'X', want);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        const now = value(once) as string;
        // A blank that parts it from an earlier file may stay.
        expect(/X\+=/.test(text) ? [want, ` ${want}`] : [want]).toContain(now);
        expect(setShellVar(once, 'X', want)).toBe(once);
        expect(once.startsWith('P="p"  # q\n')).toBe(true);
        expect(value(setShellVar(before, 'X', null))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
  test('setting what it holds changes nothing', () => {
    fc.assert(
      fc.property(script, (text) => {
        const now = readShellVars(text, '/f')['X'];
        if (now?.literal && !now.value.includes('\r')) expect(setShellVar(text, 'X', now.value)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

test('hostile input is read in one pass', () => {
  const n = 300_000;
  expect(literal(`X=aa\n${'X="$X$X$X"\n'.repeat(60)}`)).toBe(false);
  for (const text of [
    '$('.repeat(n),
    '"\\"'.repeat(n),
    'X=1;'.repeat(n),
    '{ '.repeat(n),
    '`'.repeat(n + 1),
    '<<E\n'.repeat(n),
    'X="$X$X"\n'.repeat(30),
    "'".repeat(n + 1),
    'X+=a '.repeat(n),
  ]) {
    readShellVars(text, '/f');
    setShellVar(text.slice(0, 200_000), 'Z', null);
  }
});
