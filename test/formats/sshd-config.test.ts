import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSshInterval, readSshd, readSshdFiles, setSshd } from '../../src/formats/sshd-config.ts';

const main = '/etc/ssh/sshd_config';
const values = (text: string, include: Parameters<typeof readSshdFiles>[2] = () => []) =>
  Object.fromEntries(Object.entries(readSshdFiles(main, text, include)).map(([key, { value }]) => [key, value]));

describe('reading', () => {
  test.each([
    ['ClientAliveInterval 180', { clientaliveinterval: '180' }],
    ['  clientaliveINTERVAL\t180  # note', { clientaliveinterval: '180' }],
    ['ClientAliveInterval=180', { clientaliveinterval: '180' }],
    ['ClientAliveInterval = 180', { clientaliveinterval: '180' }],
    ['Banner "/a b"', { banner: '/a b' }],
    ['AcceptEnv LANG LC_*', { acceptenv: 'LANG LC_*' }],
    ['#ClientAliveInterval 180', {}],
    ['Port 1\nPort 2', { port: '1' }],
    ['Match User a\n Port 1', {}],
    ['Match all\n Port 1', { port: '1' }],
    ['Port 1\nMatch all\n Port 2\n Port 3', { port: '2' }],
    ['Match User a\n Port 1\nMatch all\n Port 2', { port: '2' }],
    ['Port 1\r\nBanner none\r\n', { port: '1', banner: 'none' }],
  ])('%j', (text, expected) => expect(values(text)).toEqual(expected));

  test('a file included first wins, and one in a Match block does not count', () => {
    const files = (glob: string) =>
      glob === '/etc/ssh/sshd_config.d/*.conf'
        ? [
            { path: '/etc/ssh/sshd_config.d/10.conf' as const, text: 'Match User a\n X no\n' },
            { path: '/etc/ssh/sshd_config.d/50-cloudimg-settings.conf' as const, text: 'ClientAliveInterval 120\n' },
          ]
        : [];
    const text = 'Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 180\nX yes\nMatch User b\nInclude other\n';
    const settings = readSshdFiles(main, text, files);
    expect(settings['clientaliveinterval']).toEqual({
      value: '120',
      literal: true,
      at: { path: '/etc/ssh/sshd_config.d/50-cloudimg-settings.conf', line: 1, text: 'ClientAliveInterval 120' },
    });
    expect(settings['x']).toMatchObject({ value: 'yes', at: { path: main, line: 3 } });
  });

  test('files that include each other come to an end', () => {
    const text = 'Include a\nInclude b\nPort 1\n';
    expect(
      values(text, () => [
        { path: '/a', text },
        { path: '/b', text },
      ]),
    ).toEqual({ port: '1' });
  });
});

describe('setSshd', () => {
  test.each([
    ['X 1\nY 2\n', '3', 'X 3\nY 2\n'],
    ['  x=1 # note\n', '3', '  x=3 # note\n'],
    ['X\t"1"\r\n', '3', 'X\t3\r\n'],
    ['X 3\nX 4\n', '3', 'X 3\nX 4\n'],
    ['Y 1\n', '3', 'Y 1\nX 3\n'],
    ['#X 0\nY 1\n', '3', '#X 0\nX 3\nY 1\n'],
    ['Y 1\n\nMatch User a\n  X 9\n', '3', 'Y 1\n\nX 3\nMatch User a\n  X 9\n'],
    ['Match User a\r\n  X 9\r\n', '3', 'X 3\r\nMatch User a\r\n  X 9\r\n'],
    ['Y 1\nMatch User a\n#X 0\n', '3', 'Y 1\nX 3\nMatch User a\n#X 0\n'],
    ['Y 1', '3', 'Y 1\nX 3\n'],
    ['', '3', 'X 3\n'],
    ['X 1\nMatch all\n X 2\n', '3', 'X 1\nMatch all\n X 3\n'],
    ['X 1\nMatch User a\n X 2\n', null, '# prep-guest: X 1\nMatch User a\n X 2\n'],
    ['# X is good for you\nY 1\n', '3', '# X is good for you\nY 1\nX 3\n'],
  ])('%j, %j', (text, value, expected) => {
    expect(setSshd(text, 'X', value)).toBe(expected);
    expect(setSshd(expected, 'X', value)).toBe(expected);
  });

  const line = fc.constantFrom(
    'X 1',
    ' x = 2 # c',
    'X "3"',
    '#X 4',
    'Match User a',
    'Match all',
    'Y 1',
    '',
    '# X y',
    'X',
  );
  const file = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
    .map((lines) => lines.map(([text, end]) => text + end).join(''));
  test('what was set holds for everyone; the rest stays; twice is once', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = setSshd(text, 'X', '180');
        expect(values(once)).toEqual({ ...values(text), x: '180' });
        expect(setSshd(once, 'X', '180')).toBe(once);
        const matched = (all: string) =>
          readSshd(all)
            .filter((one) => one.block === 'some')
            .map((one) => one.text);
        expect(matched(once)).toEqual(matched(text));
        expect(values(setSshd(text, 'X', null))['x']).toBeUndefined();
      }),
    );
  });
});

test.each([
  ['180', 180],
  ['3m', 180],
  ['1h30m', 5400],
  ['1W', 604800],
  ['0', 0],
  ['', undefined],
  ['3x', undefined],
  ['-1', undefined],
  ['m', undefined],
])('parseSshInterval(%j)', (text, seconds) => expect(parseSshInterval(text)).toBe(seconds));

test('hostile input is read in one pass', () => {
  const n = 500_000;
  for (const text of [`X ${'"'.repeat(n + 1)}`, `X${' '.repeat(n)}y`, `X "${'\\'.repeat(n + 1)}`, '9'.repeat(n)]) {
    readSshd(text);
    setSshd(text, 'X', '1');
    parseSshInterval(text);
  }
});
