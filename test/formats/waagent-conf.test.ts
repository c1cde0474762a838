import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWaagentConf, setWaagent } from '../../src/formats/waagent-conf.ts';

const values = (text: string) =>
  Object.fromEntries(
    Object.entries(readWaagentConf(text, '/etc/waagent.conf').settings).map(([key, { value }]) => [key, value]),
  );
const faults = (text: string) =>
  readWaagentConf(text, '/etc/waagent.conf').faults.map(({ key, says, at }) => [key, says, at.line]);

describe('reading as the agent does', () => {
  test.each([
    ['A=y', { A: 'y' }],
    ['  A = y ', { A: 'y' }],
    ['A="y"', { A: 'y' }],
    ['A=2048   ## NOTE: a comment', { A: '2048' }],
    ['A=1\nA=2', { A: '2' }],
    ['#A=1', {}],
    [' # A=1', {}],
    ['no equals sign', {}],
    ['A=None', {}],
    ['A=1\nA=None', {}],
    ['A=', { A: '' }],
    ['A=b=c', { A: 'b=c' }],
    ['A=auto\r\nB=y\r\n', { A: 'auto', B: 'y' }],
    ['A="y"\r\n', { A: 'y"' }],
    ['A=" y "', { A: 'y' }],
  ])('%j', (text, expected) => expect(values(text)).toEqual(expected));

  test('evidence is the line that wins', () => {
    expect(readWaagentConf('A=1\n\nA=2 # x\n', '/etc/waagent.conf').settings['A']).toEqual({
      value: '2',
      literal: true,
      at: { path: '/etc/waagent.conf', line: 3, text: 'A=2 # x' },
    });
  });

  test('says where it takes something else than what is written', () => {
    expect(faults('resourcedisk.format=y\n')).toEqual([
      ['resourcedisk.format', expect.stringContaining('ResourceDisk.Format only'), 1],
    ]);
    expect(faults('ResourceDisk.EnableSWAP=y\n')).toEqual([
      ['ResourceDisk.EnableSWAP', expect.stringContaining('ResourceDisk.EnableSwap only'), 1],
    ]);
    expect(faults('ResourceDisk.Format="y"\r\n')).toEqual([
      ['ResourceDisk.Format', expect.stringContaining('quote stays'), 1],
    ]);
    expect(faults('ResourceDisk.Format=yes\n')).toEqual([
      ['ResourceDisk.Format', expect.stringContaining('means the default'), 1],
    ]);
    expect(faults('ResourceDisk.SwapSizeMB=2GB\n')).toEqual([
      ['ResourceDisk.SwapSizeMB', expect.stringContaining('not a number'), 1],
    ]);
    expect(faults('A=1\nA=2\n')).toEqual([['A', expect.stringContaining('wins over line 1, which says 1'), 2]]);
  });
  test.each([
    'ResourceDisk.Format=N\n',
    'A=1\nA=1\n',
    ' # ResourceDisk.Format=maybe\n',
    'OS.OpensslPath=None\n',
    'ResourceDisk.Format=y\r\n',
    'Provisioning.Agent=auto # auto\n',
  ])('%j is fine', (text) => expect(faults(text)).toEqual([]));
});

describe('setWaagent', () => {
  test.each([
    ['A=1\nB=2\n', '3', 'A=3\nB=2\n'],
    ['A=1 # note\n', '1', 'A=1\n'],
    ['A=1\n', '1', 'A=1\n'],
    ['A=1\nB=1\nA=2\n', '3', '# prep-guest: A=1\nB=1\nA=3\n'],
    ['x\n# A=n\ny\n', '3', 'x\n# A=n\nA=3\ny\n'],
    ['#A=n\r\nB=1\r\n', '3', '#A=n\r\nA=3\r\nB=1\r\n'],
    ['# A=n', '3', '# A=n\nA=3'],
    ['B=1', '3', 'B=1\nA=3\n'],
    ['B=1\r\n', '3', 'B=1\r\nA=3\r\n'],
    ['', '3', 'A=3\n'],
    ['A = "1"\r\n', '3', 'A=3\r\n'],
    ['a=1\n', '3', 'a=1\nA=3\n'],
    ['A=1\nB=2\nA=3\n', null, '# prep-guest: A=1\nB=2\n# prep-guest: A=3\n'],
    ['B=2\n', null, 'B=2\n'],
    ['# prep-guest: A=1\nB=2\n', '3', '# prep-guest: A=1\nA=3\nB=2\n'],
  ])('%j, %j', (text, value, expected) => {
    expect(setWaagent(text, 'A', value)).toBe(expected);
    expect(setWaagent(expected, 'A', value)).toBe(expected);
  });

  const line = fc.constantFrom(
    'A=1',
    'A="2" # c',
    ' A = y',
    '# A=1',
    ' # A=1',
    'B=1',
    '#',
    '',
    'A',
    '"A"=3',
    'a=1',
    '# prep-guest: A=1',
  );
  const file = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
    .map((lines) => lines.map(([text, end]) => text + end).join(''));
  test('what was set is what the agent reads; other keys stay; twice is once', () => {
    fc.assert(
      fc.property(file, fc.constantFrom('y', '2048', '/mnt/resource'), fc.boolean(), (whole, value, cut) => {
        const text = cut ? whole.replace(/\r?\n$/, '') : whole;
        const once = setWaagent(text, 'A', value);
        expect(values(once)).toEqual({ ...values(text), A: value });
        expect(setWaagent(once, 'A', value)).toBe(once);
        const others = (all: string) => all.split(/\r?\n/).filter((one) => !/^(?:# prep-guest: )?\s*A\s*=/.test(one));
        expect(others(once).filter((one) => one !== '')).toEqual(others(text).filter((one) => one !== ''));
        expect(values(setWaagent(text, 'A', null))['A']).toBeUndefined();
      }),
    );
  });
});

test('hostile input is read in one pass', () => {
  const n = 500_000;
  for (const text of [`A=${' '.repeat(n)}x${' '.repeat(n)}y`, 'A=1\n'.repeat(n / 5), '"'.repeat(n)])
    setWaagent(text, 'A', readWaagentConf(text, '/f').settings['A']?.value ?? '1');
});
