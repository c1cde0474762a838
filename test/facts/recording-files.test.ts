import { expect, test } from 'vitest';
import { recordFiles } from '../../src/facts/recording-files.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import { makeGuest } from '../lib/phony-guest.ts';
import { recorded } from './recorded.ts';

test('keeps the text of configuration under its own name and where it really lies', async () => {
  const files = recorded({ '/etc/default/grub.real': 'A=1\n', '/etc/default/grub': { link: 'grub.real' } });
  expect(await files.text('/etc/default/grub')).toEqual({ is: 'there', value: 'A=1\n' });
  const { texts, links } = files.seen();
  expect(texts).toEqual({ '/etc/default/grub': 'A=1\n', '/etc/default/grub.real': 'A=1\n' });
  expect(links).toEqual({ '/etc/default/grub': '/etc/default/grub.real' });
});

test('keeps bytes that are no UTF-8 as they are', async () => {
  const files = recorded({ '/etc/issue': Uint8Array.of(0x4b, 0xf6, 0x6c, 0x6e, 0x0a) });
  await files.text('/etc/issue');
  expect(files.seen().texts['/etc/issue']).toBe('K\u00f6ln\n');
});

test('hands on neither secrets nor lists that programs write', async () => {
  const secret = { '/etc/shadow': 'root:$6$x:1::::::\n', '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' } as const;
  const lists = {
    '/var/lib/dpkg/status': 'x\n',
    '/lib/modules/6.1/modules.dep': 'x:\n',
    '/boot/config-6.1': 'y\n',
  } as const;
  const files = recorded({ ...secret, ...lists, '/etc/gshadow': 'x\n', '/etc/shadow-': 'x\n' });
  for (const path of [...Object.keys(secret), ...Object.keys(lists), '/etc/gshadow', '/etc/shadow-'])
    expect((await files.text(path as '/')).is).toBe('there');
  expect(files.seen().texts).toEqual({});
});

test('a secret reached by another name is not handed on either', async () => {
  const files = recorded({ '/etc/shadow': 'root:$6$x:1::::::\n', '/etc/default/grub': { link: '../shadow' } });
  await files.text('/etc/default/grub');
  expect(files.seen().texts).toEqual({});
});

test('a text of more than 1 MiB is read and not kept', async () => {
  const files = recorded({ '/etc/large': `${'#'.repeat(1024 * 1024)}\n` });
  expect((await files.text('/etc/large')).is).toBe('there');
  expect(files.seen().texts).toEqual({});
});

test('remembers why something could not be read', async () => {
  const files = recorded({ '/etc/fstab': { fifo: true }, '/etc/loop': { link: 'loop' } });
  expect((await files.text('/etc/fstab')).is).toBe('unreadable');
  expect((await files.text('/etc/loop')).is).toBe('unreadable');
  expect((await files.text('/etc/absent')).is).toBe('absent');
  expect(files.seen().unreadable).toEqual({
    '/etc/fstab': expect.stringContaining('FIFO'),
    '/etc/loop': expect.stringContaining('ELOOP'),
  });
});

test('a part that was not understood is said, and does not hide why the whole was not', async () => {
  const files = recorded({ '/etc/a': { fifo: true }, '/etc/b': '?' });
  await files.text('/etc/a');
  files.doubt('/etc/a', 'line 1');
  files.doubt('/etc/b', 'line 1');
  expect(files.seen().unreadable).toEqual({ '/etc/a': expect.stringContaining('FIFO'), '/etc/b': 'line 1' });
});

test.each([['with a /dev/null', { '/dev/null': { fifo: true } }] as const, ['without one', {}] as const])(
  'a link to /dev/null is an empty file in a root %s',
  async (_, dev) => {
    const files = recorded({ ...dev, '/etc/modprobe.d/x.conf': { link: '/dev/null' } });
    expect(await files.text('/etc/modprobe.d/x.conf')).toEqual({ is: 'there', value: '' });
    const { texts, unreadable, links } = files.seen();
    expect({ texts, unreadable }).toEqual({ texts: {}, unreadable: {} });
    expect(links['/etc/modprobe.d/x.conf']).toBe('/dev/null');
  },
);

test('asks the guest once for each thing, also when asked at once', async () => {
  const guest = createReadOnlyGuest(makeGuest({ '/etc/fstab': 'x\n' }), 'offline');
  const asked: string[] = [];
  const files = recordFiles({
    ...guest,
    text: (path) => {
      asked.push(path);
      return guest.text(path);
    },
    names: (path) => {
      asked.push(path);
      return guest.names(path);
    },
  });
  const texts = await Promise.all([files.text('/etc/fstab'), files.text('/etc/fstab')]);
  expect(texts[0]).toEqual(texts[1]);
  await Promise.all([files.names('/etc'), files.names('/etc'), files.text('/etc/fstab')]);
  expect(asked.toSorted()).toEqual(['/etc', '/etc/fstab']);
});

test('offers nothing that writes or starts programs', () => {
  const files = recorded({}) as unknown as Record<string, unknown>;
  for (const name of ['write', 'remove', 'link', 'rename', 'run', 'append', 'copy', 'folder', 'lock'])
    expect(files[name]).toBeUndefined();
});
