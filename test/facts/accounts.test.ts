import { describe, expect, test } from 'vitest';
import { scanAccounts } from '../../src/facts/accounts.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { recorded } from './recorded.ts';

const accounts = (tree: PhonyTree) => scanAccounts(recorded(tree));

describe('passwords', () => {
  test('by what /etc/shadow holds', async () => {
    const names = ['root', 'daemon', 'anyone', 'builder', 'both', 'gone'];
    const { users, shadow } = await accounts({
      '/etc/passwd': names.map((name, at) => `${name}:x:${at}:${at}::/home/${name}:/bin/bash\n`).join(''),
      '/etc/shadow':
        'root:$y$j9T$abc:19000:0:99999:7:::\ndaemon:*:1::::::\nanyone::1::::::\nbuilder:!:1::::::\nboth:!:1::::::\nboth:$6$x:1::::::\n',
    });
    expect(shadow).toEqual({ is: 'there', value: true });
    expect(users.map(({ name, password }) => [name, password])).toEqual([
      ['root', 'set'],
      ['daemon', 'locked'],
      ['anyone', 'none'],
      ['builder', 'locked'],
      ['both', 'locked'],
      ['gone', 'unknown'],
    ]);
    expect(users[3]).toEqual({
      name: 'builder',
      uid: 3,
      home: '/home/builder',
      shell: '/bin/bash',
      password: 'locked',
    });
  });

  test('that /etc/passwd itself holds go before it', async () => {
    const { users } = await accounts({
      '/etc/passwd': 'a:$6$x:1:1::/:/bin/sh\nb::2:2::/:/bin/sh\nc:*:3:3::/:/bin/sh\nd:x:4:4::/:/bin/sh\n',
      '/etc/shadow': 'a:!:1::::::\nb:!:1::::::\nc:$6$x:1::::::\nd:!:1::::::\n',
    });
    expect(users.map((user) => user.password)).toEqual(['set', 'none', 'locked', 'locked']);
  });

  test('are not known without /etc/shadow', async () => {
    const passwd = { '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n' };
    expect(await accounts(passwd)).toMatchObject({ shadow: { is: 'absent' }, users: [{ password: 'unknown' }] });
    expect(await accounts({ ...passwd, '/etc/shadow': { fifo: true } })).toMatchObject({
      shadow: { is: 'unreadable' },
      users: [{ password: 'unknown' }],
    });
  });

  test('of nobody are not the same as of accounts that cannot be told', async () => {
    const shadow = { '/etc/shadow': 'root:!:1::::::\n' };
    expect((await accounts(shadow)).shadow).toEqual({ is: 'unreadable', why: '/etc/passwd is missing' });
    expect((await accounts({ ...shadow, '/etc/passwd': { fifo: true } })).shadow).toMatchObject({ is: 'unreadable' });
  });

  test('never leave the scanner', async () => {
    const facts = await accounts({
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nb:$1$inpasswd:1:1::/:/bin/sh\n',
      '/etc/shadow': 'root:$6$inshadow:1::::::\n',
    });
    expect(JSON.stringify(facts)).not.toMatch(/inshadow|inpasswd/);
  });
});

describe('shell histories', () => {
  const paths = async (passwd: string, tree: PhonyTree) =>
    (await accounts({ '/etc/passwd': passwd, ...tree })).histories.map(({ path, bytes }) => `${path} ${bytes}`);

  test('of everyone with a shell, and of root whatever its shell is', async () => {
    const passwd =
      'root:x:0:0::/root:/usr/sbin/nologin\na:x:1:1::/home/a:/usr/bin/zsh\nb:x:2:2::/home/b:\nc:x:3:3::/home/c:/usr/sbin/nologin\n';
    expect(
      await paths(passwd, {
        '/root/.bash_history': 'passwd\n',
        '/home/a/.zsh_history': 'x\n',
        '/home/a/.sh_history': 'xy\n',
        '/home/a/.history': 'xyz\n',
        '/home/a/.bash_history': '',
        '/home/a/.bash_history.bak': 'x\n',
        '/home/a/bash_history': 'x\n',
        '/home/b/.ash_history': 'x\n',
        '/home/c/.bash_history': 'x\n',
      }),
    ).toEqual([
      '/root/.bash_history 7',
      '/home/a/.history 4',
      '/home/a/.sh_history 3',
      '/home/a/.zsh_history 2',
      '/home/b/.ash_history 2',
    ]);
  });

  test('of root also where /etc/passwd cannot be read', async () => {
    const { histories } = await accounts({ '/root/.bash_history': 'x\n' });
    expect(histories).toEqual([{ path: '/root/.bash_history', bytes: 2 }]);
  });

  test('in homes that are links, that lead nowhere, or that several share', async () => {
    const passwd =
      'a:x:1:1::/home/a:/bin/bash\nb:x:2:2::/data/b:/bin/bash\nc:x:3:3::/home/c:/bin/bash\nd:x:4:4::/none:/bin/bash\ne:x:5:5::relative:/bin/bash\n';
    expect(
      await paths(passwd, {
        '/data/b/.bash_history': 'x\n',
        '/home/a': { link: '/data/b' },
        '/home/c': { link: '/gone' },
      }),
    ).toEqual(['/data/b/.bash_history 2']);
  });

  test('in a home that cannot be looked into are in doubt', async () => {
    const files = recorded({ '/etc/passwd': 'a:x:1:1::/home/a:/bin/bash\n', '/home/a': 'a file\n' });
    expect((await scanAccounts(files)).histories).toEqual([]);
    expect(files.seen().unreadable['/home/a/.bash_history']).toMatch(/not a folder/);
  });

  test('that are links: to /dev/null none, to a file one', async () => {
    const passwd = 'a:x:1:1::/home/a:/bin/bash\n';
    expect(
      await paths(passwd, {
        '/home/a/.bash_history': { link: '/dev/null' },
        '/home/a/.zsh_history': { link: '/data/history' },
        '/home/a/.ksh_history': { fifo: true },
        '/data/history': 'x\n',
      }),
    ).toEqual(['/home/a/.zsh_history 2']);
  });
});
