import { describe, expect, test } from 'vitest';
import { readInterfaces } from '../../src/formats/ifupdown.ts';
import { type NetworkKind, readNetworkPins } from '../../src/formats/network-pins.ts';
import type { GuestPath } from '../../src/model.ts';

function read(kind: NetworkKind, text: string, path: GuestPath = '/f') {
  const { pins, profiles, unread } = readNetworkPins(kind, text, path);
  const dhcp = profiles.filter((one) => one.dhcp && one.idle === undefined).map(({ at }) => at);
  return {
    pins: pins.map(({ what, at }) => [what, at.line]),
    dhcp: dhcp.map(({ line }) => line),
    unread: unread.map(({ line }) => line),
  };
}
const clean = { pins: [], unread: [] };

describe('interfaces', () => {
  test('stanzas with their methods and options', () => {
    const text = `# comment
source /etc/network/interfaces.d/*

auto lo eth0
iface lo inet loopback
allow-hotplug ens3
iface ens3 inet static
    address 10.0.0.5/24
    gateway 10.0.0.1
    hwaddress ether 52:54:00:12:34:56
    up ip route add \\
      10.1.0.0/16 via 10.0.0.1
iface eth0 inet dhcp
iface eth0 inet6 auto
mapping eth1
    script /bin/x
`;
    expect(readInterfaces(text)).toMatchObject({
      started: ['lo', 'eth0', 'ens3'],
      sources: [{ pattern: '/etc/network/interfaces.d/*', folder: false, line: 2 }],
      stanzas: [
        { name: 'lo', family: 'inet', method: 'loopback', line: 5, options: [] },
        {
          name: 'ens3',
          method: 'static',
          line: 7,
          options: [
            { key: 'address', value: '10.0.0.5/24', line: 8 },
            { key: 'gateway' },
            { key: 'hwaddress' },
            { key: 'up', line: 11 },
          ],
        },
        { name: 'eth0', method: 'dhcp', line: 13 },
        { name: 'eth0', family: 'inet6', method: 'auto', line: 14, options: [] },
      ],
    });
    expect(read('interfaces', text)).toEqual({
      pins: [
        ['interface-name', 7],
        ['static-address', 8],
        ['mac', 10],
      ],
      dhcp: [13],
      unread: [],
    });
  });
  test('what an Azure image has is no pin', () => {
    expect(read('interfaces', 'auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n')).toEqual({
      ...clean,
      dhcp: [4],
    });
  });
});

describe('netplan', () => {
  test('an installer’s file with a hardware address (trap 14)', () => {
    const text = `network:
  version: 2
  ethernets:
    enp0s3:
      match:
        macaddress: "52:54:00:12:34:56"
      dhcp4: true
      set-name: enp0s3
    ens4:
      addresses: [10.0.0.5/24, "fd00::1/64"]
      nameservers:
        addresses: [10.0.0.1]
      dhcp4: no
    eth0:
      addresses:
      - 10.0.0.9/24:
          label: x
  bonds:
    bond0: {dhcp4: yes, macaddress: 00:11:22:33:44:55}
`;
    expect(read('netplan', text)).toEqual({
      pins: [
        ['mac', 6],
        ['interface-name', 9],
        ['static-address', 10],
        ['static-address', 10],
        ['static-address', 16],
        ['mac', 19],
      ],
      dhcp: [7],
      unread: [],
    });
  });
  test('what cloud-init writes on Azure', () => {
    const text =
      'network:\n    version: 2\n    ethernets:\n        eth0:\n            dhcp4: true\n            dhcp4-overrides:\n                route-metric: 100\n            match:\n                driver: hv_netvsc\n                name: eth0\n';
    expect(read('netplan', text)).toEqual({ ...clean, dhcp: [5] });
  });
  test('what is not read is said', () => {
    expect(read('netplan', 'network:\n  ethernets:\n    eth0: *common\n')).toEqual({ pins: [], dhcp: [], unread: [3] });
    expect(read('netplan', 'network: {ethernets: [\n')).toMatchObject({ unread: [expect.any(Number)] });
    expect(read('netplan', '')).toEqual({ ...clean, dhcp: [] });
  });
});

test.each([
  ['[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n', { ...clean, dhcp: [5] }],
  ['[Match]\nName=en*\n[Network]\nDHCP=ipv4\n', { ...clean, dhcp: [4] }],
  ['[Match]\nMACAddress=52:54:00:12:34:56\n[Network]\nDHCP=no\n', { pins: [['mac', 2]], dhcp: [], unread: [] }],
  [
    '[Match]\nName=ens3 ens4\n[Address]\nAddress=10.0.0.5/24\n[Address]\nAddress=10.0.0.6/24\n',
    {
      pins: [
        ['interface-name', 2],
        ['interface-name', 2],
        ['static-address', 4],
        ['static-address', 6],
      ],
      dhcp: [],
      unread: [],
    },
  ],
  ['[Match]\n#MACAddress=52:54:00:12:34:56\nName=eth0\n', { ...clean, dhcp: [] }],
  ['[Match]\nMACAddress=52:54:00:12:34:56\n[Link]\nName=lan0\n', { pins: [['mac', 2]], dhcp: [], unread: [] }],
])('networkd %j', (text, expected) => expect(read('networkd', text)).toEqual(expected));

test.each([
  ['[connection]\nid=eth0\ninterface-name=eth0\n[ipv4]\nmethod=auto\n', { ...clean, dhcp: [5] }],
  [
    '[connection]\ninterface-name=ens192\n[ethernet]\nmac-address=00:50:56:00:00:01\ncloned-mac-address=preserve\n[ipv4]\naddress1=10.0.0.5/24,10.0.0.1\nmethod=manual\n',
    {
      pins: [
        ['interface-name', 2],
        ['mac', 4],
        ['static-address', 7],
      ],
      dhcp: [],
      unread: [],
    },
  ],
  ['[ipv4]\naddress1=10.0.0.5/24\nmethod=auto\n', { ...clean, dhcp: [3] }],
  ['[connection]\ntype=loopback\ninterface-name=lo0\n', { ...clean, dhcp: [] }],
])('keyfile %j', (text, expected) => expect(read('keyfile', text)).toEqual(expected));

test.each([
  ['/etc/sysconfig/network-scripts/ifcfg-eth0', 'DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\n', { ...clean, dhcp: [3] }],
  [
    '/etc/sysconfig/network-scripts/ifcfg-ens33',
    'DEVICE="ens33"\nHWADDR=00:0c:29:00:00:01\nBOOTPROTO=none\nIPADDR=10.0.0.5\nIPADDR1=10.0.0.6\n',
    {
      pins: [
        ['interface-name', 1],
        ['mac', 2],
        ['static-address', 4],
        ['static-address', 5],
      ],
      dhcp: [],
      unread: [],
    },
  ],
  ['/etc/sysconfig/network/ifcfg-eth0', "BOOTPROTO='dhcp'\nSTARTMODE='auto'\nIPADDR=''\n", { ...clean, dhcp: [1] }],
  ['/etc/sysconfig/network-scripts/ifcfg-lo', 'DEVICE=lo\nIPADDR=127.0.0.1\n', { ...clean, dhcp: [] }],
  [
    '/etc/sysconfig/network-scripts/ifcfg-ens33',
    'BOOTPROTO=dhcp\n',
    { pins: [['interface-name', 1]], dhcp: [1], unread: [] },
  ],
] as const)('%s %j', (path, text, expected) => expect(read('ifcfg', text, path)).toEqual(expected));

test('a pin says what it is and where', () => {
  expect(
    readNetworkPins('networkd', '[Match]\n  MACAddress=52:54:00:12:34:56\r\n', '/etc/systemd/network/a.link').pins,
  ).toEqual([
    {
      what: 'mac',
      says: 'matches the hardware address 52:54:00:12:34:56',
      at: { path: '/etc/systemd/network/a.link', line: 2, text: 'MACAddress=52:54:00:12:34:56' },
    },
  ]);
});

test('hostile input comes to an end', () => {
  const n = 200_000;
  const kinds: NetworkKind[] = ['interfaces', 'netplan', 'networkd', 'keyfile', 'ifcfg'];
  for (const kind of kinds)
    for (const bad of [
      'iface a inet static\n'.repeat(n / 10),
      '\\\n'.repeat(n),
      '['.repeat(n),
      '='.repeat(n),
      ' '.repeat(n),
      '- a:\n'.repeat(n / 10),
      'X=1;'.repeat(n / 10),
    ])
      readNetworkPins(kind, bad, '/etc/ifcfg-x');
});
