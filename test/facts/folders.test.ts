import { expect, test } from 'vitest';
import { dropIns, firstThere, glob } from '../../src/facts/folders.ts';
import { globTest } from '../../src/formats/glob.ts';
import { recorded } from './recorded.ts';

test.each([
  ['*.conf', 'a.conf', true],
  ['*.conf', '.a.conf', false],
  ['.*.conf', '.a.conf', true],
  ['*.conf', 'a.conf.bak', false],
  ['*', '', true],
  ['a*b*c', 'aXXbYYc', true],
  ['a*b*c', 'aXXbYY', false],
  ['??-x', '50-x', true],
  ['??-x', '5-x', false],
  ['[0-9]*', '50-x', true],
  ['[!0-9]*', '50-x', false],
  ['[^0-9]*', 'x', true],
  ['[abc-]x', '-x', true],
  ['[]x]', ']', true],
  ['a.c', 'abc', false],
  ['(x)+', '(x)+', true],
])('%s and the name %s', (pattern, name, fits) => {
  expect(globTest(pattern)(name)).toBe(fits);
});

test('a pattern made to be slow is not', () => {
  expect(globTest(`${'*a'.repeat(50)}b`)('a'.repeat(2000))).toBe(false);
});

test('finds files by pattern, in folders by pattern, links followed', async () => {
  const files = recorded({
    '/etc/net/b.conf': '',
    '/etc/net/a.conf': '',
    '/etc/net/.hidden.conf': '',
    '/etc/other/c.conf': '',
    '/etc/linked': { link: '/etc/other' },
  });
  expect(await glob(files, '/etc/net/*.conf')).toEqual(['/etc/net/a.conf', '/etc/net/b.conf']);
  expect(await glob(files, '/etc/*/*.conf')).toEqual([
    '/etc/linked/c.conf',
    '/etc/net/a.conf',
    '/etc/net/b.conf',
    '/etc/other/c.conf',
  ]);
  expect(await glob(files, '/etc/net/a.conf')).toEqual(['/etc/net/a.conf']);
  expect(await glob(files, '/etc/absent/*')).toEqual([]);
});

test('a name in a more important folder hides the same name, and all are sorted by name', async () => {
  const files = recorded({
    '/etc/x.d/20-b.conf': '',
    '/usr/lib/x.d/20-b.conf': '',
    '/usr/lib/x.d/10-a.conf': '',
    '/usr/lib/x.d/readme': '',
  });
  const fits = (name: string) => name.endsWith('.conf');
  expect(await dropIns(files, ['/etc/x.d', '/run/x.d', '/usr/lib/x.d'], fits)).toEqual([
    '/usr/lib/x.d/10-a.conf',
    '/etc/x.d/20-b.conf',
  ]);
});

test('a link that leads nowhere is not there', async () => {
  const files = recorded({ '/bin/a': { link: '/gone' }, '/bin/b': { link: 'c' }, '/bin/c': '' });
  expect(await firstThere(files, ['/bin/a', '/bin/b', '/bin/c'])).toBe('/bin/b');
  expect(await firstThere(files, ['/bin/a'])).toBeUndefined();
});
