import { expect, test } from 'vitest';
import { readModprobe } from '../../src/formats/modprobe-conf.ts';

const blocks = (text: string) =>
  readModprobe(text, '/etc/modprobe.d/x.conf').map(({ module, how, at }) => [module, how, at.line]);

test.each([
  ['blacklist hv-vmbus', [['hv_vmbus', 'blacklist', 1]]],
  ['  blacklist\tudf  ', [['udf', 'blacklist', 1]]],
  ['install udf /bin/true', [['udf', 'install', 1]]],
  ['install vfat /usr/bin/false', [['vfat', 'install', 1]]],
  ['install vfat /bin/false > /dev/null 2>&1', [['vfat', 'install', 1]]],
  ['install vfat :', [['vfat', 'install', 1]]],
  ['install vfat exit 0', [['vfat', 'install', 1]]],
  ['install vfat /bin/echo no; /bin/true', [['vfat', 'install', 1]]],
  ['install udf /sbin/modprobe --ignore-install udf; /bin/true', []],
  ['install udf /usr/local/bin/load-udf', []],
  ['install udf', []],
  ['alias floppy off', [['floppy', 'alias-off', 1]]],
  ['alias eth0 e1000', []],
  ['# blacklist udf', []],
  ['#blacklist udf', []],
  ['options udf x=1\nsoftdep a pre: b\n\nblacklist a\r\n', [['a', 'blacklist', 4]]],
  [
    'blacklist \\\n  udf\nblacklist a',
    [
      ['udf', 'blacklist', 1],
      ['a', 'blacklist', 3],
    ],
  ],
  ['blacklist', []],
])('%j', (text, expected) => expect(blocks(text)).toEqual(expected));

test('evidence is the line', () => {
  expect(readModprobe('x\n install udf /bin/true\n', '/etc/modprobe.d/cis.conf')[0]?.at).toEqual({
    path: '/etc/modprobe.d/cis.conf',
    line: 2,
    text: 'install udf /bin/true',
  });
});

test('hostile input is read in one pass', () => {
  expect(blocks('\\\n'.repeat(300_000))).toEqual([]);
  expect(blocks(`install a ${';'.repeat(500_000)}`)).toHaveLength(1);
});
