import { describe, expect, test } from 'vitest';
import { scanAccounts } from '../../src/facts/accounts.ts';
import { scanSealed } from '../../src/facts/sealed.ts';
import { scanTraces } from '../../src/facts/traces.ts';
import type { Facts, Where } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { recorded } from './recorded.ts';

const agent = { waagent: { settings: { is: 'absent' } } } as Facts['agent'];

async function look(tree: PhonyTree, where: Where = 'offline') {
  const files = recorded(tree, where);
  const traces = await scanTraces(files, { agent, os: { init: 'systemd' } });
  const sealed = await scanSealed(files, await scanAccounts(files), traces);
  return { traces, sealed };
}

const byAgent = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
  '/etc/shadow': 'root:*LOCK*:14600::::::\ndaemon:*:1::::::\n',
};
const boot = { '/proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555\n' };
const record = (more: object = {}) => ({
  '/var/lib/prep-guest/sealed.json': JSON.stringify({ version: '1', at: '2026-11-23T00:00:00Z', ...more }),
});

describe('that a guest was sealed', () => {
  test('is told by the record', async () => {
    expect((await look(record())).sealed).toEqual({
      says: 'sealed by prep-guest at 2026-11-23T00:00:00Z',
      evidence: [{ path: '/var/lib/prep-guest/sealed.json' }],
    });
    expect((await look({ '/var/lib/prep-guest/sealed.json': 'not JSON' })).sealed?.says).toBe('sealed by prep-guest');
  });

  test('is told on a running machine only by a record of this very start', async () => {
    expect((await look({ ...boot, ...record() }, 'live')).sealed).toBeUndefined();
    expect((await look({ ...boot, ...record({ boot: 'another' }) }, 'live')).sealed).toBeUndefined();
    const same = record({ boot: '11111111-2222-3333-4444-555555555555' });
    expect((await look({ ...boot, ...same }, 'live')).sealed).toBeDefined();
  });

  test('by hand is told by two signs together, on a mounted root only', async () => {
    expect((await look(byAgent)).sealed?.says).toMatch(/^deprovisioned by hand/);
    expect((await look({ ...byAgent, '/etc/ssh/ssh_host_rsa_key': 'k' })).sealed).toBeUndefined();
    expect((await look(byAgent, 'live')).sealed).toBeUndefined();
    expect((await look({ ...byAgent, '/etc/shadow': 'root:*:1::::::\n' })).sealed).toBeUndefined();
  });
});

describe('traces', () => {
  test('are found where each system keeps them, and a fresh root has none', async () => {
    const { traces } = await look({
      '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
      '/var/lib/wicked/lease-eth0-dhcp-ipv4.xml': '<lease/>',
      '/var/lib/wicked/other.xml': '<x/>',
      '/var/lib/NetworkManager/internal-1-eth0.lease': 'x',
      '/var/lib/dhclient/dhclient-eth0.leases': 'x',
      '/var/lib/waagent/Incarnation': '1',
      '/var/log/cloud-init-output.log': 'x',
      '/boot/efi/loader/random-seed': 'x',
      '/etc/shadow-': 'x',
    });
    expect(traces).toEqual({
      'host-keys': { is: 'there', value: [] },
      leases: { is: 'there', value: ['/var/lib/dhclient/dhclient-eth0.leases'] },
      'other-leases': {
        is: 'there',
        value: ['/var/lib/NetworkManager/internal-1-eth0.lease', '/var/lib/wicked/lease-eth0-dhcp-ipv4.xml'],
      },
      'random-seeds': { is: 'there', value: ['/boot/efi/loader/random-seed'] },
      'cloud-init': { is: 'there', value: ['/var/log/cloud-init-output.log'] },
      'agent-state': { is: 'there', value: ['/var/lib/waagent/Incarnation'] },
      'agent-log': { is: 'there', value: [] },
      'machine-id': { is: 'there', value: ['/etc/machine-id'] },
      'dbus-machine-id': { is: 'there', value: [] },
      'old-passwords': { is: 'there', value: ['/etc/shadow-'] },
    });
    const none = (await look({ '/etc/machine-id': 'uninitialized\n' })).traces;
    expect(Object.values(none).map((read) => read.is === 'there' && read.value.length)).toEqual(Array(10).fill(0));
  });

  test('in a folder that is none are not known', async () => {
    expect((await look({ '/var/lib/dhcp': 'a file' })).traces.leases.is).toBe('unreadable');
  });
});
