import type { Facts, GuestPath, TraceName } from '../../src/model.ts';
import { type Bendable, confSettings, nth, withCloudInit, write } from '../lib/facts.ts';
import type { Case, Cases } from './cases.ts';

const trace =
  (name: TraceName, ...paths: GuestPath[]) =>
  (facts: Bendable<Facts>) => {
    facts.traces[name] = { is: 'there', value: paths };
  };

const both =
  (...bends: ((facts: Bendable<Facts>) => void)[]) =>
  (facts: Bendable<Facts>) => {
    for (const bend of bends) bend(facts);
  };

function sealed(facts: Bendable<Facts>): void {
  facts.sealed = { says: 'sealed by prep-guest at some time', evidence: [{ path: '/var/lib/prep-guest/sealed.json' }] };
}

/** What holds for every rule about a trace: nothing before the seal, its own gravity after it. */
function casesOf(name: TraceName, path: GuestPath, severity: NonNullable<Case['severity']>, newer = false): Case[] {
  const unreadable = (facts: Bendable<Facts>) => {
    facts.traces[name] = { is: 'unreadable', why: 'permission denied' };
  };
  return [
    { guest: 'that nobody has used', is: 'pass' },
    { guest: 'in use', bend: trace(name, path), is: 'fail', severity: 'info', wants: [], advice: /the seal mends it/ },
    {
      guest: 'that was sealed and used since',
      bend: both(trace(name, path), sealed),
      is: 'fail',
      severity,
      says: /although the guest was sealed by prep-guest/,
      advice: /prep-guest seal/,
    },
    { guest: 'that was sealed', bend: sealed, is: 'pass' },
    { guest: 'that moves as it is', bend: trace(name, path), policy: { mode: 'specialized' }, is: 'not-applicable' },
    ...(newer
      ? [
          {
            guest: 'of the article',
            bend: trace(name, path),
            policy: { profile: 'seed-2018' },
            is: 'not-applicable',
          } as const,
        ]
      : []),
    { guest: 'whose folder cannot be read', bend: unreadable, is: 'unknown', severity: 'info' },
    { guest: 'sealed, whose folder cannot be read', bend: both(unreadable, sealed), is: 'unknown', severity },
  ];
}

function root(password: Facts['accounts']['users'][number]['password']) {
  return (facts: Bendable<Facts>) => {
    nth(facts.accounts.users, 0).password = password;
  };
}

function onEntry(arg: string) {
  return (facts: Bendable<Facts>) => {
    if (facts.boot.kind !== 'unknown') nth(facts.boot.entries, 0).args.push(arg);
  };
}

const lease: GuestPath = '/var/lib/dhcp/dhclient.eth0.leases';
const resolv: GuestPath = '/etc/resolv.conf';
const key: GuestPath = '/etc/ssh/ssh_host_rsa_key';

export const seals: Cases = {
  'ssh-host-keys-removed': [
    ...casesOf('host-keys', key, 'must'),
    {
      guest: 'whose keys stay, since nobody would make new ones',
      bend: both(trace('host-keys', key), sealed, (f) => {
        f.agent.waagent.settings = {
          is: 'there',
          value: confSettings({ 'Provisioning.RegenerateSshHostKeyPair': 'n' }),
        };
      }),
      is: 'fail',
      severity: 'should',
      says: /which stay/,
      advice: /RegenerateSshHostKeyPair=y/,
    },
  ],
  'root-locked': [
    { guest: 'whose root is locked', is: 'pass' },
    {
      guest: 'deprovisioned',
      bend: (f) => {
        root('unknown')(f);
        f.accounts.rootLockedByAgent = true;
      },
      is: 'pass',
    },
    { guest: 'whose root has a password', bend: root('set'), is: 'fail', severity: 'info', wants: [] },
    { guest: 'sealed, whose root has a password', bend: both(root('set'), sealed), is: 'fail', severity: 'must' },
    { guest: 'without a line for root', bend: both(root('unknown'), sealed), is: 'unknown', severity: 'must' },
    { guest: 'that moves as it is', bend: root('set'), policy: { mode: 'specialized' }, is: 'not-applicable' },
  ],
  'machine-id-reset': [
    ...casesOf('machine-id', '/etc/machine-id', 'should', true),
    {
      guest: 'whose boot entry holds the id',
      bend: both(trace('machine-id', '/etc/machine-id'), onEntry(`systemd.machine_id=${'0f'.repeat(16)}`)),
      is: 'fail',
      severity: 'should',
      says: /every machine made from the image would have that id/,
      wants: [{ kind: 'kernel-args', have: [], lack: [`systemd.machine_id=${'0f'.repeat(16)}`] }],
    },
    { guest: 'whose firmware gives the id', bend: onEntry('systemd.machine_id=firmware'), is: 'pass' },
    {
      guest: 'whose boot entry holds the id, and that moves as it is',
      bend: onEntry(`systemd.machine_id=${'0f'.repeat(16)}`),
      policy: { mode: 'specialized' },
      is: 'not-applicable',
    },
  ],
  'random-seed': casesOf('random-seeds', '/var/lib/systemd/random-seed', 'info', true),
  'dhcp-leases-clean': [
    ...casesOf('leases', lease, 'should'),
    {
      guest: 'with leases of two kinds',
      bend: both(trace('leases', lease), trace('other-leases', '/var/lib/wicked/duid.xml')),
      is: 'fail',
      says: /2 files/,
    },
  ],
  'cloudinit-clean': [
    ...casesOf('cloud-init', '/var/lib/cloud/instance', 'should', true),
    {
      guest: 'sealed, which cloud-init will take for the old one',
      bend: both(withCloudInit, trace('cloud-init', '/var/lib/cloud/instance'), sealed),
      is: 'fail',
      severity: 'must',
    },
  ],
  'waagent-state-clean': casesOf('agent-state', '/var/lib/waagent/Incarnation', 'should'),
  'logs-clean': casesOf('agent-log', '/var/log/waagent.log', 'info'),
  'resolv-conf-removed': [
    { guest: 'without one', is: 'pass' },
    { guest: 'in use', bend: (f) => write(f, resolv, 'nameserver 192.0.2.1\n'), is: 'fail', severity: 'info' },
    {
      guest: 'that was sealed and used since',
      bend: both((f) => write(f, resolv, 'nameserver 192.0.2.1\n'), sealed),
      is: 'fail',
      severity: 'should',
      advice: /prep-guest seal/,
    },
    {
      guest: 'with the link of systemd-resolved',
      bend: (f) => {
        write(f, resolv, 'nameserver 127.0.0.53\n');
        f.links[resolv] = '/run/systemd/resolve/stub-resolv.conf';
      },
      is: 'pass',
      says: /stub-resolv/,
    },
    {
      guest: 'of Ubuntu, whose agent leaves it alone',
      bend: (f) => {
        write(f, resolv, 'nameserver 192.0.2.1\n');
        f.os.distro.family = 'ubuntu';
        f.os.distro.id = 'ubuntu';
        f.os.distro.version = '24.04';
      },
      is: 'not-applicable',
    },
    {
      guest: 'with one that cannot be read',
      bend: (f) => {
        f.unreadable[resolv] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
  'hostname-generic': [
    { guest: 'without a name', is: 'pass' },
    {
      guest: 'that is called localhost',
      bend: (f) => {
        write(f, '/etc/hostname', 'localhost.localdomain');
        write(f, '/etc/hosts', '127.0.0.1 localhost localhost.localdomain\n');
      },
      is: 'pass',
    },
    {
      guest: 'with a name, which has an address',
      bend: (f) => {
        write(f, '/etc/hostname', 'build7\n');
        write(f, '/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 build7.example build7 # mine\n');
      },
      is: 'fail',
      severity: 'info',
      says: /called build7\n.*name build7/,
      advice: /the seal mends it\n.*line 2 of \/etc\/hosts/,
    },
    {
      guest: 'of RHEL 6 with a name',
      bend: (f) => write(f, '/etc/sysconfig/network', 'NETWORKING=yes\nHOSTNAME="a.example"\n'),
      is: 'fail',
      says: /a\.example/,
    },
    {
      guest: 'with a file that cannot be read',
      bend: (f) => {
        f.unreadable['/etc/hostname'] = 'it is a FIFO';
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
};
