import { expect, test } from 'vitest';
import { parseFstab } from '../../src/formats/fstab.ts';

test('fields, escapes, options, and the line as it stands', () => {
  const text = [
    '# /etc/fstab: static file system information.',
    'UUID=0a1b / ext4 errors=remount-ro 0 1',
    '',
    '\t# indented comment',
    '  /dev/sda5\tnone swap\tsw 0 0  ',
    'LABEL=a\\040b /mnt/c\\011d\\134e vfat rw,context="u:o:t:s0:c1,c2",nofail',
    'tmpfs /tmp',
    '',
  ].join('\n');
  expect(parseFstab(text)).toEqual([
    {
      source: 'UUID=0a1b',
      target: '/',
      type: 'ext4',
      options: ['errors=remount-ro'],
      line: 2,
      text: 'UUID=0a1b / ext4 errors=remount-ro 0 1',
    },
    {
      source: '/dev/sda5',
      target: 'none',
      type: 'swap',
      options: ['sw'],
      line: 5,
      text: '  /dev/sda5\tnone swap\tsw 0 0  ',
    },
    {
      source: 'LABEL=a b',
      target: '/mnt/c\td\\e',
      type: 'vfat',
      options: ['rw', 'context="u:o:t:s0:c1,c2"', 'nofail'],
      line: 6,
      text: 'LABEL=a\\040b /mnt/c\\011d\\134e vfat rw,context="u:o:t:s0:c1,c2",nofail',
    },
    { source: 'tmpfs', target: '/tmp', type: '', options: [], line: 7, text: 'tmpfs /tmp' },
  ]);
});

test('CR LF is no part of a field', () => {
  expect(parseFstab('/dev/sda1 / ext4\r\n')[0]).toMatchObject({ type: 'ext4', text: '/dev/sda1 / ext4' });
});

test('hostile input is read in one pass', () => {
  const n = 1_000_000;
  expect(parseFstab(' '.repeat(n))).toEqual([]);
  expect(parseFstab(`a b c ${'"'.repeat(n + 1)}`)).toHaveLength(1);
  expect(parseFstab('a\n'.repeat(n / 10))).toHaveLength(n / 10);
});
