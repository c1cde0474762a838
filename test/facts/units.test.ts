import { describe, expect, test } from 'vitest';
import { readUnits } from '../../src/facts/units.ts';
import type { OsFacts } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { recorded } from './recorded.ts';

async function stateOf(tree: PhonyTree, units: readonly string[], init: OsFacts['init'] = 'systemd', present = true) {
  return (await readUnits(recorded(tree), init)).state({ units }, present);
}

const unit = '[Service]\nExecStart=/usr/sbin/sshd\n';
const etc = '/etc/systemd/system';
const lib = '/lib/systemd/system';

describe('systemd', () => {
  test('a link in a wants folder starts a unit that is there', async () => {
    const tree = {
      [`${lib}/ssh.service`]: unit,
      [`${etc}/multi-user.target.wants/ssh.service`]: { link: `${lib}/ssh.service` },
    };
    expect(await stateOf(tree, ['ssh.service'])).toMatchObject({
      name: 'ssh.service',
      installed: true,
      enabled: true,
      masked: false,
      at: `${lib}/ssh.service`,
    });
  });

  test('so does one in a requires folder, and one that the distribution ships', async () => {
    const tree = {
      '/usr/lib/systemd/system/a.service': unit,
      '/usr/lib/systemd/system/b.service': unit,
      [`${etc}/x.target.requires/a.service`]: { link: '/usr/lib/systemd/system/a.service' },
      '/usr/lib/systemd/system/sysinit.target.wants/b.service': { link: '../b.service' },
      '/lib': { link: 'usr/lib' },
    } as const;
    expect(await stateOf(tree, ['a.service'])).toMatchObject({ enabled: true });
    expect(await stateOf(tree, ['b.service'])).toMatchObject({
      enabled: true,
      at: '/usr/lib/systemd/system/b.service',
    });
  });

  test('without a link it is installed and does not start', async () => {
    expect(await stateOf({ [`${lib}/ssh.service`]: unit }, ['ssh.service'])).toMatchObject({
      installed: true,
      enabled: false,
    });
  });

  test('the link that a removed package leaves behind starts nothing', async () => {
    const tree = { [`${etc}/multi-user.target.wants/waagent.service`]: { link: `${lib}/waagent.service` } };
    expect(await stateOf(tree, ['waagent.service'])).toEqual({
      name: 'waagent.service',
      installed: false,
      enabled: false,
      masked: false,
      at: undefined,
    });
  });

  test.each([
    ['a link to /dev/null', { link: '/dev/null' }],
    ['an empty file', ''],
  ])('%s masks a unit; the unit file under it is still named', async (_, mask) => {
    const tree = {
      [`${etc}/ssh.service`]: mask,
      [`${lib}/ssh.service`]: unit,
      [`${etc}/multi-user.target.wants/ssh.service`]: { link: `${lib}/ssh.service` },
    };
    expect(await stateOf(tree, ['ssh.service'])).toMatchObject({
      name: 'ssh.service',
      installed: true,
      enabled: false,
      masked: true,
      at: `${lib}/ssh.service`,
    });
  });

  test('a unit of the administrator goes before an empty one of the distribution', async () => {
    const tree = {
      [`${etc}/a.service`]: unit,
      [`${lib}/a.service`]: '',
      [`${etc}/x.target.wants/a.service`]: { link: '../a.service' },
    };
    expect(await stateOf(tree, ['a.service'])).toMatchObject({ installed: true, enabled: true, masked: false });
  });

  test('a wants link to /dev/null takes away the one that the distribution ships', async () => {
    const tree = {
      [`${lib}/a.service`]: unit,
      [`${lib}/x.target.wants/a.service`]: { link: '../a.service' },
      [`${etc}/x.target.wants/a.service`]: { link: '/dev/null' },
    };
    expect(await stateOf(tree, ['a.service'])).toMatchObject({ installed: true, enabled: false });
  });

  test('of several names the one that starts speaks', async () => {
    const tree = {
      [`${lib}/ssh.service`]: unit,
      [`${lib}/ssh.socket`]: unit,
      [`${etc}/sockets.target.wants/ssh.socket`]: { link: `${lib}/ssh.socket` },
    };
    expect(await stateOf(tree, ['ssh.service', 'ssh.socket'])).toMatchObject({ name: 'ssh.socket', enabled: true });
    expect(await stateOf({ [`${lib}/b.service`]: unit }, ['a.service', 'b.service'])).toMatchObject({
      name: 'b.service',
      installed: true,
    });
    expect(await stateOf({}, ['a.service', 'b.service'])).toMatchObject({ name: 'a.service', installed: false });
  });

  test('an init script without a unit is one that systemd makes', async () => {
    const tree = {
      '/etc/init.d/networking': '#!/bin/sh\n',
      '/etc/rcS.d/S12networking': { link: '../init.d/networking' },
    };
    expect(await stateOf(tree, ['networking.service'])).toEqual({
      name: 'networking.service',
      installed: true,
      enabled: true,
      masked: false,
      at: undefined,
    });
  });

  test('an init script beside a unit says nothing', async () => {
    const tree = {
      [`${lib}/ssh.service`]: unit,
      '/etc/init.d/ssh': '#!/bin/sh\n',
      '/etc/rc2.d/S01ssh': { link: '../init.d/ssh' },
    };
    expect(await stateOf(tree, ['ssh.service'])).toMatchObject({ enabled: false, at: `${lib}/ssh.service` });
  });

  test('what is left of a service whose program is gone starts nothing', async () => {
    const tree = {
      [`${lib}/a.service`]: unit,
      [`${etc}/x.target.wants/a.service`]: { link: `${lib}/a.service` },
    };
    expect(await stateOf(tree, ['a.service'], 'systemd', false)).toMatchObject({ installed: false, enabled: false });
  });

  test('units of a kind that start', async () => {
    const files = recorded({
      [`${etc}/dev-sda5.swap`]: '[Swap]\nWhat=/dev/sda5\n',
      [`${etc}/dev-sdb1.swap`]: '[Swap]\nWhat=/dev/sdb1\n',
      [`${etc}/swap.target.wants/dev-sda5.swap`]: { link: '../dev-sda5.swap' },
      [`${etc}/swap.target.wants/gone.swap`]: { link: '../gone.swap' },
    });
    const units = await readUnits(files, 'systemd');
    expect((await units.enabled('.swap')).map((one) => one.name)).toEqual(['dev-sda5.swap']);
  });
});

describe('other init systems', () => {
  const script = '#!/bin/sh\n';

  test('an S link of a run level starts an init script; a K link does not', async () => {
    const tree = { '/etc/init.d/waagent': script, '/etc/rc3.d/S99waagent': { link: '../init.d/waagent' } };
    expect(await stateOf(tree, ['waagent.service'], 'sysv')).toMatchObject({
      name: 'waagent',
      installed: true,
      enabled: true,
      masked: false,
      at: '/etc/init.d/waagent',
    });
    const stopped = { '/etc/init.d/waagent': script, '/etc/rc3.d/K99waagent': { link: '../init.d/waagent' } };
    expect(await stateOf(stopped, ['waagent.service'], 'sysv')).toMatchObject({ installed: true, enabled: false });
  });

  test('on sysv a unit file starts nothing', async () => {
    const tree = {
      [`${lib}/ssh.service`]: unit,
      [`${etc}/x.target.wants/ssh.service`]: { link: `${lib}/ssh.service` },
      '/etc/init.d/ssh': script,
    };
    expect(await stateOf(tree, ['ssh.service'], 'sysv')).toMatchObject({ name: 'ssh', enabled: false });
  });

  test('the run levels of RHEL and of old SUSE', async () => {
    expect(
      await stateOf(
        { '/etc/rc.d/init.d/network': script, '/etc/rc.d/rc3.d/S10network': '' },
        ['network.service'],
        'sysv',
      ),
    ).toMatchObject({ enabled: true, at: '/etc/rc.d/init.d/network' });
    expect(
      await stateOf({ '/etc/init.d/network': script, '/etc/init.d/rc5.d/S05network': '' }, ['network.service'], 'sysv'),
    ).toMatchObject({ enabled: true });
  });

  test('OpenRC starts what is in a run level', async () => {
    const tree = { '/etc/init.d/sshd': script, '/etc/runlevels/default/sshd': { link: '/etc/init.d/sshd' } };
    expect(await stateOf(tree, ['sshd.service'], 'openrc')).toMatchObject({ name: 'sshd', enabled: true });
    expect(await stateOf({ '/etc/init.d/sshd': script }, ['sshd.service'], 'openrc')).toMatchObject({ enabled: false });
  });

  test('an upstart job starts by itself, unless it is made manual', async () => {
    const job = { '/etc/init/ssh.conf': 'description "x"\nstart on runlevel [2345]\n' };
    expect(await stateOf(job, ['ssh.service'], 'upstart')).toMatchObject({ enabled: true, at: '/etc/init/ssh.conf' });
    const manual = { ...job, '/etc/init/ssh.override': 'manual\n' };
    expect(await stateOf(manual, ['ssh.service'], 'upstart')).toMatchObject({ installed: true, enabled: false });
  });
});

describe('what switches a unit', () => {
  const install = (text: string) => `${unit}\n[Install]\n${text}`;

  test('its [Install] section: targets, aliases, units that come along', async () => {
    const tree = {
      [`${lib}/ssh.service`]: install(
        'WantedBy=multi-user.target\nAlias=sshd.service\nAlias=sshd.socket\nAlso=ssh.socket\n',
      ),
      [`${lib}/ssh.socket`]: install('WantedBy=sockets.target\nAlso=ssh.service\n'),
      [`${lib}/boot.service`]: install('WantedBy=x.target\nWantedBy=\nRequiredBy=boot.target\n'),
    };
    expect((await stateOf(tree, ['ssh.service'])).toEnable).toEqual({
      make: [
        { path: `${etc}/multi-user.target.wants/ssh.service`, to: `${lib}/ssh.service` },
        { path: `${etc}/sshd.service`, to: `${lib}/ssh.service` },
        { path: `${etc}/sockets.target.wants/ssh.socket`, to: `${lib}/ssh.socket` },
      ],
      drop: [],
    });
    expect((await stateOf(tree, ['boot.service'])).toEnable?.make).toEqual([
      { path: `${etc}/boot.target.requires/boot.service`, to: `${lib}/boot.service` },
    ]);
  });

  test('a drop-in counts, and without any section it is hung into multi-user.target', async () => {
    const tree = {
      [`${lib}/a.service`]: unit,
      [`${lib}/b.service`]: unit,
      [`${etc}/b.service.d/10.conf`]: '[Install]\nWantedBy=b.target\n',
    };
    expect((await stateOf(tree, ['a.service'])).toEnable?.make.map(({ path }) => path)).toEqual([
      `${etc}/multi-user.target.wants/a.service`,
    ]);
    expect((await stateOf(tree, ['b.service'])).toEnable?.make.map(({ path }) => path)).toEqual([
      `${etc}/b.target.wants/b.service`,
    ]);
  });

  test('an alias never takes the place of a unit of the administrator', async () => {
    const tree = {
      [`${lib}/ssh.service`]: install('WantedBy=multi-user.target\nAlias=sshd.service\n'),
      [`${etc}/sshd.service`]: unit,
    };
    expect((await stateOf(tree, ['ssh.service'])).toEnable?.make).toHaveLength(1);
  });

  test('all links that pull it in go; what the distribution ships is taken away by a link to /dev/null', async () => {
    const tree = {
      [`${lib}/a.service`]: install('WantedBy=multi-user.target\n'),
      [`${etc}/multi-user.target.wants/a.service`]: { link: `${lib}/a.service` },
      [`${etc}/other.target.requires/a.service`]: { link: `${lib}/a.service` },
      [`${lib}/sysinit.target.wants/a.service`]: { link: '../a.service' },
    } as const;
    expect((await stateOf(tree, ['a.service'])).toDisable).toEqual({
      make: [{ path: `${etc}/sysinit.target.wants/a.service`, to: '/dev/null' }],
      drop: [`${etc}/multi-user.target.wants/a.service`, `${etc}/other.target.requires/a.service`],
    });
  });

  test('a mask in /etc goes first; one that the distribution ships stays', async () => {
    const masked = { [`${lib}/a.service`]: unit, [`${etc}/a.service`]: { link: '/dev/null' } };
    expect((await stateOf(masked, ['a.service'])).toEnable?.drop).toEqual([`${etc}/a.service`]);
    const shipped = { '/usr/lib/systemd/system/a.service': { link: '/dev/null' }, [`${lib}/a.service`]: unit };
    expect((await stateOf(shipped, ['a.service'])).toEnable).toBeUndefined();
  });

  const script = '#!/bin/bash\n# network  Bring up/down networking\n#\n# chkconfig: 2345 10 90\n';

  test('the header of an init script, in the run levels that are there', async () => {
    const tree = {
      '/etc/init.d/network': script,
      '/etc/rc.d/rc3.d/K90network': { link: '../init.d/network' },
      '/etc/rc.d/rc6.d/K90network': { link: '../init.d/network' },
    } as const;
    const { toEnable, toDisable } = await stateOf(tree, ['network.service'], 'upstart');
    expect(toEnable?.drop).toEqual(['/etc/rc.d/rc3.d/K90network']);
    expect(toEnable?.make).toEqual([
      ...['2', '3', '4', '5'].map((level) => ({ path: `/etc/rc.d/rc${level}.d/S10network`, to: '../init.d/network' })),
      ...['0', '1'].map((level) => ({ path: `/etc/rc.d/rc${level}.d/K90network`, to: '../init.d/network' })),
    ]);
    expect(toDisable?.drop).toEqual([]);
    expect(toDisable?.make.map(({ path }) => path)).not.toContain('/etc/rc.d/rc3.d/K90network');
  });

  test('a script that starts has its S links taken away', async () => {
    const tree = {
      '/etc/init.d/NetworkManager': '#!/bin/sh\n# chkconfig: - 23 84\n',
      '/etc/rc3.d/S23NetworkManager': { link: '../init.d/NetworkManager' },
    } as const;
    const { toDisable } = await stateOf(tree, ['NetworkManager.service'], 'sysv');
    expect(toDisable?.drop).toEqual(['/etc/rc3.d/S23NetworkManager']);
    expect(toDisable?.make.map(({ path }) => path)).toContain('/etc/rc3.d/K84NetworkManager');
  });

  test('no links where insserv keeps the order, and none for a script without a header', async () => {
    const levels = { '/etc/rc3.d/S01other': '' };
    const depend = { '/etc/init.d/network': script, '/etc/init.d/.depend.start': 'TARGETS = x\n', ...levels };
    expect((await stateOf(depend, ['network.service'], 'sysv')).toEnable).toBeUndefined();
    const bare = { '/etc/init.d/network': '#!/bin/sh\n', ...levels };
    expect((await stateOf(bare, ['network.service'], 'sysv')).toEnable).toBeUndefined();
  });

  test('OpenRC: an entry in the default run level', async () => {
    const tree = {
      '/etc/init.d/sshd': '#!/sbin/openrc-run\n',
      '/etc/runlevels/boot/sshd': { link: '/etc/init.d/sshd' },
    };
    const { toEnable, toDisable } = await stateOf(tree, ['sshd.service'], 'openrc');
    expect(toEnable).toEqual({ make: [{ path: '/etc/runlevels/default/sshd', to: '/etc/init.d/sshd' }], drop: [] });
    expect(toDisable).toEqual({ make: [], drop: ['/etc/runlevels/boot/sshd'] });
  });
});
