import { expect, test } from 'vitest';
import { scanSsh } from '../../src/facts/ssh.ts';
import { readUnits } from '../../src/facts/units.ts';
import type { OsFacts } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { osFacts, recorded, withFamily } from './recorded.ts';

async function ssh(tree: PhonyTree, os: OsFacts = osFacts()) {
  const files = recorded(tree);
  return scanSsh(files, os, await readUnits(files, os.init));
}

const started = (unit: string): PhonyTree => ({
  [`/lib/systemd/system/${unit}`]: 'x',
  [`/etc/systemd/system/x.target.wants/${unit}`]: { link: `/lib/systemd/system/${unit}` },
});

test('a server with all that belongs to it', async () => {
  const facts = await ssh({
    ...started('ssh.service'),
    '/usr/sbin/sshd': 'x',
    '/etc/ssh/sshd_config': 'ClientAliveInterval 180\n',
    '/etc/ssh/ssh_host_ed25519_key': 'secret',
    '/etc/ssh/ssh_host_ed25519_key.pub': 'x',
    '/etc/ssh/ssh_config': 'x',
    '/etc/ssh/moduli': 'x',
  });
  expect(facts).toMatchObject({
    server: '/usr/sbin/sshd',
    config: '/etc/ssh/sshd_config',
    unit: { name: 'ssh.service', enabled: true },
    settings: { clientaliveinterval: { value: '180' } },
    hostKeys: ['/etc/ssh/ssh_host_ed25519_key', '/etc/ssh/ssh_host_ed25519_key.pub'],
  });
});

test('the unit by the name of the distribution; a socket that starts it counts', async () => {
  const server = { '/usr/sbin/sshd': 'x' };
  expect((await ssh({ ...server, ...started('sshd.service') }, withFamily('rhel'))).unit).toMatchObject({
    name: 'sshd.service',
    enabled: true,
  });
  expect(
    (await ssh({ ...server, '/lib/systemd/system/ssh.service': 'x', ...started('ssh.socket') })).unit,
  ).toMatchObject({
    name: 'ssh.socket',
    enabled: true,
  });
  expect(
    (await ssh({ ...server, '/etc/init.d/ssh': 'x', '/etc/rc2.d/S01ssh': '' }, osFacts({ init: 'sysv' }))).unit,
  ).toMatchObject({
    name: 'ssh',
    enabled: true,
  });
});

test('without the program nothing starts', async () => {
  expect(await ssh({ ...started('ssh.service'), '/etc/ssh/sshd_config': 'Port 22\n' })).toMatchObject({
    server: undefined,
    unit: { installed: false, enabled: false },
  });
});

test('the configuration of a distribution that keeps it below /usr', async () => {
  const usr = { '/usr/etc/ssh/sshd_config': 'Port 22\n' };
  expect((await ssh(usr)).config).toBe('/usr/etc/ssh/sshd_config');
  expect((await ssh({ ...usr, '/etc/ssh/sshd_config': 'Port 2222\n' })).settings['port']?.value).toBe('2222');
  expect((await ssh({})).config).toBeUndefined();
});

test('the first value wins, files that are included and their own included ones in their place', async () => {
  const { settings } = await ssh({
    '/etc/ssh/sshd_config':
      'Include /etc/ssh/sshd_config.d/*.conf\nClientAliveInterval 30\nPort 22\nMatch User x\nInclude never.conf\n',
    '/etc/ssh/sshd_config.d/20-b.conf': 'ClientAliveInterval 60\n',
    '/etc/ssh/sshd_config.d/10-a.conf': 'Include deep.conf\nClientAliveInterval 90\n',
    '/etc/ssh/sshd_config.d/.hidden.conf': 'Port 1\n',
    '/etc/ssh/deep.conf': 'ClientAliveInterval 180\nInclude deeper/*\n',
    '/etc/ssh/deeper/x': 'UsePAM yes\n',
    '/etc/ssh/never.conf': 'Banner none\n',
  });
  expect(Object.entries(settings).map(([key, { value, at }]) => [key, value, at.path])).toEqual([
    ['clientaliveinterval', '180', '/etc/ssh/deep.conf'],
    ['usepam', 'yes', '/etc/ssh/deeper/x'],
    ['port', '22', '/etc/ssh/sshd_config'],
  ]);
});

test('files that include each other come to an end', async () => {
  const { settings } = await ssh({
    '/etc/ssh/sshd_config': 'Include a.conf\n',
    '/etc/ssh/a.conf': 'Include b.conf\nPort 1\n',
    '/etc/ssh/b.conf': 'Include a.conf\nUsePAM no\n',
  });
  expect(settings).toMatchObject({ port: { value: '1' }, usepam: { value: 'no' } });
});
