import { describe, expect, test } from 'vitest';
import { scanNetwork } from '../../src/facts/network.ts';
import { readUnits } from '../../src/facts/units.ts';
import type { OsFacts } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { osFacts, recorded } from './recorded.ts';

async function network(tree: PhonyTree, os: OsFacts = osFacts()) {
  const files = recorded(tree);
  const facts = await scanNetwork(files, os, await readUnits(files, os.init));
  const dhcp = facts.profiles.filter((one) => one.dhcp && one.idle === undefined).map(({ at }) => at);
  return { ...facts, dhcp, unreadable: files.seen().unreadable };
}

function started(unit: string): PhonyTree {
  return {
    [`/lib/systemd/system/${unit}`]: '[Service]\n',
    [`/etc/systemd/system/multi-user.target.wants/${unit}`]: { link: `/lib/systemd/system/${unit}` },
  };
}

const withPackages = (value: Record<string, string>) => osFacts({ packages: { is: 'there', value } });

describe('services', () => {
  test('those that start at boot', async () => {
    const { services } = await network({
      ...started('networking.service'),
      '/lib/systemd/system/systemd-networkd.service': 'x',
    });
    const states = Object.entries(services).map(([name, { installed, enabled }]) => [name, installed, enabled]);
    expect(states).toEqual([
      ['networkmanager', false, false],
      ['networkd', true, false],
      ['ifupdown', true, true],
      ['wicked', false, false],
      ['network', false, false],
      ['netplan', false, false],
      ['dhcpcd', false, false],
    ]);
  });

  test('NetworkManager is there when dpkg says so, not when its files lie about', async () => {
    const tree = started('NetworkManager.service');
    expect((await network(tree, withPackages({ 'network-manager': '1.42' }))).services.networkmanager).toMatchObject({
      name: 'NetworkManager.service',
      installed: true,
      enabled: true,
    });
    expect((await network(tree, withPackages({ waagent: '2.7' }))).services.networkmanager).toMatchObject({
      installed: false,
      enabled: false,
    });
    const rpm = osFacts({ packages: { is: 'unreadable', why: 'the rpm database is not read' } });
    expect((await network(tree, rpm)).services.networkmanager).toMatchObject({ installed: true, enabled: true });
  });

  test('the init script that a removed ifupdown leaves behind starts nothing', async () => {
    const tree = {
      '/etc/init.d/networking': '#!/bin/sh\n',
      '/etc/rcS.d/S01networking': { link: '../init.d/networking' },
    } as const;
    expect((await network(tree, withPackages({ systemd: '252' }))).services.ifupdown).toMatchObject({
      installed: false,
      enabled: false,
    });
    expect((await network(tree, withPackages({ ifupdown: '0.8' }))).services.ifupdown).toMatchObject({
      installed: true,
      enabled: true,
    });
  });

  test('netplan starts networkd where it has something to say and no other renderer', async () => {
    const tree = {
      '/usr/lib/systemd/system-generators/netplan': 'x',
      '/usr/lib/systemd/system/systemd-networkd.service': 'x',
      '/lib': { link: 'usr/lib' },
    } as const;
    const yaml = 'network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n';
    expect((await network(tree)).services).toMatchObject({
      netplan: { installed: true, enabled: false },
      networkd: { enabled: false },
    });
    const { services, dhcp } = await network({ ...tree, '/etc/netplan/50-cloud-init.yaml': yaml });
    expect(services).toMatchObject({ netplan: { enabled: true }, networkd: { installed: true, enabled: true } });
    expect(dhcp).toEqual([{ path: '/etc/netplan/50-cloud-init.yaml', line: 5, text: 'dhcp4: true' }]);
    const manager = yaml.replace('version: 2', 'renderer: NetworkManager');
    expect((await network({ ...tree, '/etc/netplan/a.yaml': manager })).services.networkd.enabled).toBe(false);
    const masked = {
      ...tree,
      '/etc/netplan/a.yaml': yaml,
      '/etc/systemd/system/systemd-networkd.service': { link: '/dev/null' },
    };
    expect((await network(masked)).services.networkd).toMatchObject({ enabled: false, masked: true });
  });
});

describe('configuration', () => {
  test('interfaces and what they source, once each', async () => {
    const { pins, dhcp } = await network({
      ...started('networking.service'),
      '/etc/network/interfaces':
        'source /etc/network/interfaces.d/*\nsource-directory more.d\nsource interfaces\nauto lo\niface lo inet loopback\n',
      '/etc/network/interfaces.d/eth0': 'auto eth0\niface eth0 inet dhcp\n',
      '/etc/network/more.d/ens3': 'iface ens3 inet static\n  address 192.0.2.15/24\n  hwaddress 52:54:00:12:34:56\n',
      '/etc/network/more.d/left.bak': 'iface eth9 inet static\n  address 192.0.2.16/24\n',
    });
    expect(dhcp).toEqual([{ path: '/etc/network/interfaces.d/eth0', line: 2, text: 'iface eth0 inet dhcp' }]);
    expect(pins.map(({ what, at }) => [what, at.path, at.line])).toEqual([
      ['interface-name', '/etc/network/more.d/ens3', 1],
      ['static-address', '/etc/network/more.d/ens3', 2],
      ['mac', '/etc/network/more.d/ens3', 3],
    ]);
  });

  test('DHCP of a stanza that nothing brings up is none, wherever the line stands that would', async () => {
    const dhcp = async (interfaces: string, other = '') =>
      (
        await network({
          ...started('networking.service'),
          '/etc/network/interfaces': `source /etc/network/interfaces.d/*\n${interfaces}`,
          '/etc/network/interfaces.d/more': other,
        })
      ).dhcp.map((at) => at.path);
    const stanza = 'iface eth0 inet dhcp\n';
    expect(await dhcp(stanza)).toEqual([]);
    expect(await dhcp(`allow-ovs eth0\n${stanza}`)).toEqual([]);
    expect(await dhcp('auto eth0\niface eth0 inet6 dhcp\n')).toEqual([]);
    expect(await dhcp(stanza, 'auto eth1\n')).toEqual([]);
    expect(await dhcp(stanza, 'auto eth0\n')).toEqual(['/etc/network/interfaces']);
    expect(await dhcp('allow-hotplug eth0\n', stanza)).toEqual(['/etc/network/interfaces.d/more']);
    expect(await dhcp('auto eth0=home\niface home inet dhcp\n')).toEqual(['/etc/network/interfaces']);
    expect(await dhcp(`auto /eth*\n${stanza}`)).toEqual(['/etc/network/interfaces']);
  });

  test('DHCP of a connection that does not start at boot is none', async () => {
    const { dhcp } = await network({
      ...started('NetworkManager.service'),
      '/etc/NetworkManager/system-connections/a.nmconnection': '[connection]\nautoconnect=false\n[ipv4]\nmethod=auto\n',
      '/etc/sysconfig/network-scripts/ifcfg-eth0': 'BOOTPROTO=dhcp\nONBOOT=no\n',
      '/etc/sysconfig/network/ifcfg-eth0': "BOOTPROTO='dhcp'\nSTARTMODE='off'\n",
    });
    expect(dhcp).toEqual([]);
  });

  test('counts only where its service is there', async () => {
    const tree = {
      '/etc/network/interfaces': 'iface ens3 inet static\n  address 192.0.2.15\n',
      '/etc/netplan/a.yaml': 'network:\n  ethernets:\n    ens3:\n      addresses: [192.0.2.15/24]\n',
      '/etc/NetworkManager/system-connections/a.nmconnection': '[ipv4]\nmethod=manual\naddress1=192.0.2.15/24\n',
      '/etc/systemd/network/a.network': '[Network]\nAddress=192.0.2.15/24\n',
    };
    expect((await network(tree)).pins).toEqual([]);
    const services = {
      ...started('networking.service'),
      ...started('NetworkManager.service'),
      ...started('systemd-networkd.service'),
    };
    const all = await network({ ...tree, ...services, '/usr/sbin/netplan': 'x' });
    expect(new Set(all.pins.map(({ at }) => at.path))).toEqual(new Set(Object.keys(tree)));
  });

  test('of RHEL and SUSE, without copies', async () => {
    const static_ = 'DEVICE=eth0\nBOOTPROTO=none\nIPADDR=192.0.2.15\n';
    const { pins, dhcp } = await network({
      '/etc/sysconfig/network-scripts/ifcfg-eth0': 'DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n',
      '/etc/sysconfig/network-scripts/ifcfg-eth0.bak': static_,
      '/etc/sysconfig/network-scripts/ifcfg-lo': 'DEVICE=lo\nIPADDR=127.0.0.1\n',
      '/etc/sysconfig/network/ifcfg-eth0': static_,
      '/etc/sysconfig/network/ifcfg.template': static_,
    });
    expect(dhcp.map((at) => at.path)).toEqual(['/etc/sysconfig/network-scripts/ifcfg-eth0']);
    expect(pins.map(({ what, at }) => [what, at.path])).toEqual([
      ['static-address', '/etc/sysconfig/network/ifcfg-eth0'],
    ]);
  });

  test('of RHEL, where /etc/sysconfig/network is a file', async () => {
    const { unreadable } = await network({ '/etc/sysconfig/network': 'NETWORKING=yes\n' });
    expect(unreadable).toEqual({});
  });

  test('of wicked in its own XML is not read, which is said', async () => {
    const xml = { '/etc/wicked/ifconfig/eth0.xml': '<interface/>\n' };
    expect((await network({ ...started('wicked.service'), ...xml })).unreadable).toEqual({
      '/etc/wicked/ifconfig/eth0.xml': "wicked's own XML is not read",
    });
    expect((await network(xml)).unreadable).toEqual({});
  });

  test('of networkd that is switched off by a link to /dev/null says nothing and is not unreadable', async () => {
    const { pins, unreadable } = await network({
      ...started('systemd-networkd.service'),
      '/etc/systemd/network/99-default.link': { link: '/dev/null' },
    });
    expect([pins, unreadable]).toEqual([[], {}]);
  });

  test('what is not understood makes the file one that could not be read', async () => {
    const { unreadable } = await network({
      '/usr/sbin/netplan': 'x',
      '/etc/netplan/a.yaml': 'network:\n  ethernets: *anchor\n',
    });
    expect(Object.keys(unreadable)).toEqual(['/etc/netplan/a.yaml']);
  });
});

describe('udev rules that remember network cards', () => {
  test('rules and their generator, with the first line that does something', async () => {
    const { persistentRules } = await network({
      '/etc/udev/rules.d/70-persistent-net.rules': '# written by a program\n\nSUBSYSTEM=="net", NAME="eth0"\n',
      '/lib/udev/rules.d/75-persistent-net-generator.rules': '# only words\n',
      '/lib/udev/rules.d/80-net-setup-link.rules': 'SUBSYSTEM=="net"\n',
    });
    expect(persistentRules).toEqual([
      { path: '/etc/udev/rules.d/70-persistent-net.rules', line: 3, text: 'SUBSYSTEM=="net", NAME="eth0"' },
      { path: '/lib/udev/rules.d/75-persistent-net-generator.rules' },
    ]);
  });

  test.each([
    ['a link to /dev/null', { link: '/dev/null' }],
    ['an empty file', ''],
  ])('a generator switched off by %s is none', async (_, off) => {
    const { persistentRules } = await network({
      '/etc/udev/rules.d/75-persistent-net-generator.rules': off,
      '/lib/udev/rules.d/75-persistent-net-generator.rules': 'SUBSYSTEM=="net"\n',
    });
    expect(persistentRules).toEqual([]);
  });
});

describe('what NetworkManager does by itself', () => {
  const conf = '/etc/NetworkManager/NetworkManager.conf';
  const vendor = '/usr/lib/NetworkManager/conf.d';
  const own = '/etc/NetworkManager/conf.d';
  const idle = async (tree: PhonyTree) => {
    const { idleManager } = await network({ ...started('NetworkManager.service'), ...tree });
    return idleManager && `${idleManager.how} ${idleManager.at.path}:${idleManager.at.line}`;
  };
  const server = { [`${vendor}/00-server.conf`]: '[main]\nno-auto-default=*\n' };
  const ubuntu = {
    [`${vendor}/10-globally-managed-devices.conf`]: '[keyfile]\nunmanaged-devices=*,except:type:wifi\n',
  };

  test('connects every card that nobody configured', async () => {
    expect(await idle({})).toBe(undefined);
    expect(await idle({ [conf]: '[main]\nplugins=keyfile\n' })).toBe(undefined);
  });

  test('unless it is told not to', async () => {
    expect(await idle(server)).toBe(`no-auto-default ${vendor}/00-server.conf:2`);
    expect(await idle({ [conf]: '[main]\nno-auto-default=eth*\n' })).toBe(`no-auto-default ${conf}:2`);
    expect(await idle({ [conf]: '[main]\nno-auto-default=52:54:00:12:34:56;eth1,\n' })).toBe(undefined);
    expect(await idle({ [conf]: '[main]\nno-auto-default=*,except:interface-name:eth*\n' })).toBe(undefined);
    expect(await idle({ [conf]: '[device]\nno-auto-default=*\n' })).toBe(undefined);
  });

  test('by the last file that says so, without those that are hidden', async () => {
    expect(await idle({ ...server, [`${own}/00-server.conf`]: '' })).toBe(undefined);
    expect(await idle({ ...server, [conf]: '[main]\nno-auto-default=\n' })).toBe(undefined);
    expect(await idle({ ...server, [`${own}/a.conf`]: '[main]\nno-auto-default-=*\n' })).toBe(undefined);
    expect(await idle({ ...server, [`${own}/a.conf`]: '[main]\nno-auto-default+=eth1\n' })).toMatch(/a\.conf:2$/);
  });

  test('nor manages what Ubuntu leaves to networkd, but for netplan that has it do so', async () => {
    expect(await idle(ubuntu)).toMatch(/^unmanaged /);
    expect(await idle({ [conf]: '[keyfile]\nunmanaged-devices=interface-name:docker*\n' })).toBe(undefined);
    const netplan = { '/etc/netplan/a.yaml': 'network:\n  renderer: NetworkManager\n' };
    expect(await idle({ ...ubuntu, ...netplan, '/usr/sbin/netplan': 'x' })).toBe(undefined);
  });

  test('which counts only where it is there', async () => {
    expect((await network(server)).idleManager).toBe(undefined);
  });
});
