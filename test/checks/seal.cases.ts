import type { Facts, GuestPath, TraceName } from '../../src/model.ts';
import { type Bendable, confSettings, nth, withCloudInit } from '../lib/facts.ts';
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

const lease: GuestPath = '/var/lib/dhcp/dhclient.eth0.leases';
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
  'machine-id-reset': casesOf('machine-id', '/etc/machine-id', 'should', true),
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
};
