import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refuseUnended } from '../../src/apply/refusals.ts';
import { rollback } from '../../src/apply/rollback.ts';
import type { Guest } from '../../src/guest/guest.ts';
import { listRuns, lockState, openRun, runFiles, sealedFile } from '../../src/journal/run-folder.ts';
import type { GuestPath, Policy } from '../../src/model.ts';
import { promises } from '../../src/seal/promises.ts';
import { seal, stillSealed } from '../../src/seal/seal.ts';
import { type Agent, factsOf, makeSealable, program, usedGuest } from './sealed-guest.ts';

const policy: Policy = { profile: 'azure', targets: [], mode: 'generalized', allow: [] };
const options = { removeUser: false, version: '1.2.3', clock: () => new Date('2026-11-23T00:00:00Z') };
const missed = (outcome: Awaited<ReturnType<typeof seal>>) =>
  outcome.is === 'refused' ? outcome : outcome.effects.filter((effect) => !effect.done).map((effect) => effect.id);

describe('a used Debian guest', () => {
  test('is sealed: what the agent does and what it leaves is gone, what is not ours stays', async () => {
    const { guest, at, calls } = makeSealable();
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(missed(outcome)).toEqual([]);
    expect(outcome).toMatchObject({ is: 'sealed', notes: [] });
    expect(calls).toEqual([`${program} --version`, `${program} -force -deprovision`]);
    expect(readFileSync(at('/etc/hostname'), 'utf8')).toBe('localhost.localdomain');
    expect(readdirSync(at('/etc/ssh'))).toEqual(['sshd_config']);
    for (const gone of [
      '/home/ada/.bash_history',
      '/root/.bash_history',
      '/etc/shadow-',
      '/var/lib/dbus/machine-id',
      '/var/lib/systemd/random-seed',
      '/var/lib/NetworkManager/internal-1-eth0.lease',
      '/var/log/cloud-init.log',
      '/etc/resolv.conf',
    ]) {
      expect(existsSync(at(gone)), gone).toBe(false);
    }
    expect(readdirSync(at('/var/lib/cloud'))).toEqual([]);
    expect(readFileSync(at('/home/ada/notes'), 'utf8')).toBe('kept');
    expect(readlinkSync(at('/home/ada/.zsh_history'))).toBe('/dev/null');
  });

  test("root's history may be a link to /dev/null, which is not the agent's to remove", async () => {
    const { guest, at } = makeSealable({ ...usedGuest, '/root/.bash_history': { link: '/dev/null' } });
    expect(missed(await seal(guest, factsOf(), policy, options))).toEqual([]);
    expect(readlinkSync(at('/root/.bash_history'))).toBe('/dev/null');
  });

  test('machine-id stays, empty and 0444: systemd makes a new one without its first-boot questions', async () => {
    const { guest, at } = makeSealable();
    await seal(guest, factsOf(), policy, options);
    expect(lstatSync(at('/etc/machine-id'))).toMatchObject({ size: 0 });
    expect(lstatSync(at('/etc/machine-id')).mode & 0o7777).toBe(0o444);
  });

  test('without systemd machine-id goes', async () => {
    const { guest, at } = makeSealable();
    await seal(guest, factsOf({ init: 'sysv' }), policy, options);
    expect(existsSync(at('/etc/machine-id'))).toBe(false);
  });

  test('a second seal is content and changes nothing more', async () => {
    const { guest } = makeSealable();
    await seal(guest, factsOf(), policy, options);
    expect(await seal(guest, factsOf(), policy, options)).toMatchObject({ is: 'sealed' });
  });

  test('is seen to be sealed still, until somebody uses it', async () => {
    const { guest, at, calls } = makeSealable();
    expect(await stillSealed(guest, factsOf(), options)).toBeUndefined();
    await seal(guest, factsOf(), policy, options);
    const ran = calls.length;
    expect((await stillSealed(guest, factsOf(), options))?.every((effect) => effect.done)).toBe(true);
    expect(calls).toHaveLength(ran);
    writeFileSync(at('/etc/machine-id'), '0123456789abcdef0123456789abcdef\n');
    expect(await stillSealed(guest, factsOf(), options)).toBeUndefined();
  });

  test('cloud-init is told to forget before the agent runs', async () => {
    const { guest, calls } = makeSealable();
    const outcome = await seal(guest, factsOf({ cloudInit: true }), policy, options);
    expect(outcome.is).toBe('sealed');
    expect(calls.slice(1)).toEqual(['/usr/bin/cloud-init clean --logs --seed', `${program} -force -deprovision`]);
  });
});

describe('traps 1, 2, 57: the agent is judged by its effects', () => {
  test.each(['ssh-host-keys', 'dhcp-leases', 'host-name', 'root-password', 'agent-state', 'agent-log', 'resolv-conf'])(
    'exit code 0 without %s is a miss, and is not hidden by doing it ourselves',
    async (id) => {
      const { guest, root } = makeSealable(usedGuest, { skips: [id] });
      const outcome = await seal(guest, factsOf(), policy, options);
      expect(outcome.is).toBe('unsealed');
      // root's history is the agent's to remove and ours: the log stays missed.
      expect(missed(outcome)).toEqual([id]);
      expect(existsSync(join(root, sealedFile))).toBe(false);
    },
  );

  test('a crash halfway with exit code 0, as on RHEL 9 without ifcfg-eth0', async () => {
    const does: Agent['does'] = (root) => writeFileSync(join(root, 'etc/hostname'), 'localhost.localdomain');
    const { guest } = makeSealable(usedGuest, { does });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(missed(outcome)).toEqual([
      'ssh-host-keys',
      'dhcp-leases',
      'agent-state',
      'agent-log',
      'resolv-conf',
      'root-password',
    ]);
  });

  test('exit code 1 with every effect there is sealed, and told', async () => {
    const { guest } = makeSealable(usedGuest, { result: { code: 1, stderr: 'Traceback\n' } });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(outcome).toMatchObject({
      is: 'sealed',
      output: 'Traceback',
      notes: [expect.stringContaining('ended with 1')],
    });
  });

  test('[Errno 5] Input/output error is tolerated, as the article says', async () => {
    const stdout = 'WARNING! ...\n[Errno 5] Input/output error\n';
    const { guest } = makeSealable(usedGuest, { result: { stdout } });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(outcome).toMatchObject({ is: 'sealed', notes: [expect.stringContaining('harmless')] });
  });

  test('one that hangs is ended and told', async () => {
    const result = { code: undefined, signal: 'SIGTERM', timedOut: true };
    const { guest } = makeSealable(usedGuest, { does: () => {}, result });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(outcome).toMatchObject({ is: 'unsealed', notes: [expect.stringContaining('300 seconds')] });
  });

  test('after a miss the seal can be tried again', async () => {
    const agent = { skips: ['host-name'] };
    const { guest } = makeSealable(usedGuest, agent);
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('unsealed');
    agent.skips.pop();
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
  });
});

describe('trap 1: what the agent dies of where it is not there', () => {
  const rhel9 = { distro: { id: 'rhel', family: 'rhel', version: '9.4' } } as const;
  const ifcfg = 'etc/sysconfig/network-scripts/ifcfg-eth0';
  /** As the agent on RHEL: the file of the first card is read, changed and written, and only then comes the rest. */
  const redHatAgent = (root: string, rest: () => void) => {
    writeFileSync(join(root, 'etc/hostname'), 'localhost.localdomain');
    if (!existsSync(join(root, ifcfg))) return;
    const kept = readFileSync(join(root, ifcfg), 'utf8').split('\n').filter(Boolean);
    writeFileSync(join(root, ifcfg), `${[...kept, 'DHCP_HOSTNAME=localhost.localdomain'].join('\n')}\n`);
    rest();
  };

  test('is there while it runs, and gone afterwards with its folder', async () => {
    const seen: string[] = [];
    const all = makeSealable(usedGuest, {
      does: (root) =>
        redHatAgent(root, () => {
          seen.push(readFileSync(join(root, ifcfg), 'utf8'));
          all.plainSteps();
        }),
    });
    const outcome = await seal(all.guest, factsOf(rhel9), policy, options);
    expect(missed(outcome)).toEqual([]);
    expect(seen).toEqual([expect.stringMatching(/^# prep-guest: .*\nDHCP_HOSTNAME=localhost\.localdomain\n$/)]);
    expect(existsSync(all.at('/etc/sysconfig/network-scripts'))).toBe(false);
    expect(all.cards).toEqual([true, true]);
  });

  test('stays where the guest has it', async () => {
    const all = makeSealable(
      { ...usedGuest, [`/${ifcfg}`]: 'DEVICE=eth0\n' },
      {
        does: (root) => redHatAgent(root, () => all.plainSteps()),
      },
    );
    expect(missed(await seal(all.guest, factsOf(rhel9), policy, options))).toEqual([]);
    expect(readFileSync(all.at(`/${ifcfg}`), 'utf8')).toBe('DEVICE=eth0\nDHCP_HOSTNAME=localhost.localdomain\n');
  });

  test('of an attempt that was killed is taken away by the next', async () => {
    const all = makeSealable(usedGuest, { does: (root) => redHatAgent(root, () => all.plainSteps()) });
    const remove = (path: GuestPath) =>
      path === `/${ifcfg}` ? Promise.reject(new Error('killed')) : all.guest.remove(path);
    expect(missed(await seal({ ...all.guest, remove }, factsOf(rhel9), policy, options))).toContain('agent-needs');
    expect(existsSync(all.at(`/${ifcfg}`))).toBe(true);
    expect(missed(await seal(all.guest, factsOf(rhel9), policy, options))).toEqual([]);
    expect(existsSync(all.at(`/${ifcfg}`))).toBe(false);
  });

  test('on SUSE is another file, and the host name is ours to write where hostnamectl cannot be asked', async () => {
    const all = makeSealable(usedGuest, { skips: ['host-name'] });
    const facts = factsOf({ distro: { id: 'sles', family: 'suse', version: '15.5' } });
    expect(missed(await seal(all.guest, facts, policy, options))).toEqual([]);
    expect(readFileSync(all.at('/etc/hostname'), 'utf8')).toBe('localhost.localdomain\n');
    expect(existsSync(all.at('/etc/sysconfig'))).toBe(true);
    expect(existsSync(all.at('/etc/sysconfig/network'))).toBe(false);
    expect(all.cards).toEqual([false, false]);
  });
});

test.each([
  ['enforcing', true],
  ['disabled', false],
] as const)('trap 51: with SELinux %s files are labelled anew at the next start: %s', async (selinux, labelled) => {
  const { guest, at } = makeSealable();
  expect(missed(await seal(guest, factsOf({ selinux }), policy, options))).toEqual([]);
  expect(existsSync(at('/.autorelabel'))).toBe(labelled);
});

describe('trap 16: the forms of machine-id', () => {
  const id = '0123456789abcdef0123456789abcdef\n';

  test('a link to the file of dbus becomes an empty file, and the other goes', async () => {
    const { guest, at } = makeSealable({
      ...usedGuest,
      '/etc/machine-id': { link: '/var/lib/dbus/machine-id' },
      '/var/lib/dbus/machine-id': id,
    });
    expect(missed(await seal(guest, factsOf(), policy, options))).toEqual([]);
    expect(lstatSync(at('/etc/machine-id'))).toMatchObject({ size: 0 });
    expect(lstatSync(at('/etc/machine-id')).isFile()).toBe(true);
    expect(existsSync(at('/var/lib/dbus/machine-id'))).toBe(false);
  });

  test('uninitialized stays, since somebody has asked for the first-boot questions', async () => {
    const { guest, at } = makeSealable({ ...usedGuest, '/etc/machine-id': 'uninitialized\n' });
    expect(missed(await seal(guest, factsOf(), policy, options))).toEqual([]);
    expect(readFileSync(at('/etc/machine-id'), 'utf8')).toBe('uninitialized\n');
  });

  test('where the agent itself deletes it, as on Arch, there is an empty one again', async () => {
    const { '/etc/machine-id': _, ...without } = usedGuest;
    const { guest, at } = makeSealable(without);
    const facts = factsOf({ distro: { id: 'arch', family: 'arch', version: '' } });
    expect(missed(await seal(guest, facts, policy, options))).toEqual([]);
    expect(lstatSync(at('/etc/machine-id')).mode & 0o7777).toBe(0o444);
  });

  test('stays where its rule is skipped by name', async () => {
    const { guest, at } = makeSealable({ ...usedGuest, '/etc/machine-id': id });
    const skip = { ...options, skip: ['machine-id-reset'] };
    expect(promises(factsOf(), skip).map((one) => one.id)).not.toContain('machine-id');
    expect(missed(await seal(guest, factsOf(), policy, skip))).toEqual([]);
    expect(readFileSync(at('/etc/machine-id'), 'utf8')).toBe(id);
  });
});

test.each([
  '/var/lib/wicked/lease-eth0-dhcp-ipv4.xml',
  '/var/lib/wicked/duid.xml',
  '/var/lib/dhcpcd5/dhcpcd.leases',
  '/var/lib/random-seed',
  '/var/lib/misc/random-seed',
  '/var/lib/seedrng/seed.credit',
] as const)('%s is a trace that the agent does not know', async (path) => {
  const { guest, at } = makeSealable({ ...usedGuest, [path]: 'x' });
  expect(missed(await seal(guest, factsOf(), policy, options))).toEqual([]);
  expect(existsSync(at(path))).toBe(false);
});

describe('trap 6: the link of a service that makes resolv.conf', () => {
  const linked = (link: string, target = true) =>
    makeSealable({
      ...usedGuest,
      '/etc/resolv.conf': { link },
      ...(target && { '/run/systemd/resolve/stub-resolv.conf': 'nameserver 127.0.0.53\n' }),
    });

  test('is put back after the agent has removed it', async () => {
    const { guest, at } = linked('../run/systemd/resolve/stub-resolv.conf');
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
    expect(readlinkSync(at('/etc/resolv.conf'))).toBe('../run/systemd/resolve/stub-resolv.conf');
  });

  test('stays where it leads nowhere, as offline', async () => {
    const { guest, at } = linked('/run/NetworkManager/resolv.conf', false);
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
    expect(readlinkSync(at('/etc/resolv.conf'))).toBe('/run/NetworkManager/resolv.conf');
  });

  test('is remembered by a second attempt, after the first was killed between the agent and putting it back', async () => {
    const { guest, at } = linked('../run/systemd/resolve/stub-resolv.conf');
    const killed = { ...guest, link: () => Promise.reject(new Error('killed')) };
    expect(missed(await seal(killed, factsOf(), policy, options))).toEqual(['resolv-conf']);
    expect(existsSync(at('/etc/resolv.conf'))).toBe(false);
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
    expect(readlinkSync(at('/etc/resolv.conf'))).toBe('../run/systemd/resolve/stub-resolv.conf');
  });

  test('Ubuntu from 18.04 on keeps even a file', async () => {
    const { guest, at } = makeSealable(usedGuest, { skips: ['resolv-conf'] });
    const facts = factsOf({ distro: { id: 'ubuntu', family: 'ubuntu', version: '24.04' } });
    expect((await seal(guest, facts, policy, options)).is).toBe('sealed');
    expect(existsSync(at('/etc/resolv.conf'))).toBe(true);
  });
});

describe('trap 7: host keys when RegenerateSshHostKeyPair=n', () => {
  const settings = { 'Provisioning.RegenerateSshHostKeyPair': 'n' };
  const skips = ['ssh-host-keys'];

  test('on Debian without cloud-init they stay, with a warning before and after', async () => {
    const { guest, at } = makeSealable(usedGuest, { skips });
    const facts = factsOf({ settings });
    expect(promises(facts, options)).toContainEqual({
      id: 'ssh-host-keys',
      by: 'nobody',
      what: expect.stringContaining('stay'),
    });
    const outcome = await seal(guest, facts, policy, options);
    expect(outcome).toMatchObject({ is: 'sealed', notes: [expect.stringContaining('will have the same')] });
    expect(existsSync(at('/etc/ssh/ssh_host_rsa_key'))).toBe(true);
  });

  test.each([
    { who: 'cloud-init', traits: { settings, cloudInit: true, provisioner: 'cloud-init' } },
    { who: 'the SSH service', traits: { settings, makesKeys: true } },
  ] as const)('where $who makes new ones, we remove them', async ({ who, traits }) => {
    const { guest, at } = makeSealable(usedGuest, { skips });
    const outcome = await seal(guest, factsOf(traits), policy, options);
    expect(outcome.is).toBe('sealed');
    expect(JSON.stringify(outcome)).toContain(`${who} makes new ones`);
    expect(readdirSync(at('/etc/ssh'))).toEqual(['sshd_config']);
  });

  test('a value that the agent does not understand is its default, n', () => {
    const facts = factsOf({ settings: { 'Provisioning.RegenerateSshHostKeyPair': 'yes' } });
    expect(promises(facts, options).find((one) => one.id === 'ssh-host-keys')?.by).toBe('nobody');
  });

  test('folders are those of the configuration', async () => {
    const elsewhere = { 'OS.SshDir': '/usr/local/etc/ssh/', 'Lib.Dir': '/srv/agent', 'Extension.LogDir': 'None' };
    const { guest } = makeSealable({
      ...usedGuest,
      '/usr/local/etc/ssh/ssh_host_ed25519_key': 'k',
      '/srv/agent/x': 'x',
    });
    const outcome = await seal(guest, factsOf({ settings: elsewhere }), policy, options);
    expect(missed(outcome)).toEqual(['ssh-host-keys', 'agent-state']);
    expect(JSON.stringify(outcome)).toContain('/usr/local/etc/ssh/ssh_host_ed25519_key');
  });
});

describe('-deprovision+user', () => {
  const ovf = '<Environment><wa:UserName>ada</wa:UserName></Environment>';
  const withUser = { ...options, removeUser: true };

  test('an account that stays is a miss', async () => {
    const { guest, calls } = makeSealable({ ...usedGuest, '/var/lib/waagent/ovf-env.xml': ovf });
    const outcome = await seal(guest, factsOf(), policy, withUser);
    expect(calls.at(-1)).toBe(`${program} -force -deprovision+user`);
    expect(missed(outcome)).toEqual(['provisioned-user']);
    // The name is known to the next attempt although the agent has removed the file that held it.
    expect(missed(await seal(guest, factsOf(), policy, withUser))).toEqual(['provisioned-user']);
  });

  test('trap 5: rights that cloud-init gave to the account go with it, those of others stay', async () => {
    const { guest, at } = makeSealable({
      ...usedGuest,
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
      '/var/lib/waagent/ovf-env.xml': ovf,
      '/etc/sudoers.d/90-cloud-init-users': '# made by cloud-init\nada ALL=(ALL) NOPASSWD:ALL\nadam ALL=(ALL) ALL\n',
    });
    expect(missed(await seal(guest, factsOf(), policy, withUser))).toEqual([]);
    expect(readFileSync(at('/etc/sudoers.d/90-cloud-init-users'), 'utf8')).toBe(
      '# made by cloud-init\nadam ALL=(ALL) ALL\n',
    );
  });

  test('rights in a file that cannot be read are a miss, and a folder is none', async () => {
    const { guest } = makeSealable({
      ...usedGuest,
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
      '/var/lib/waagent/ovf-env.xml': ovf,
      '/etc/sudoers.d/kept': { folder: true },
      '/etc/sudoers.d/90-cloud-init-users': '#'.repeat(4 * 1024 * 1024 + 1),
    });
    expect(missed(await seal(guest, factsOf(), policy, withUser))).toEqual(['user-rights']);
  });

  test('without ovf-env.xml the agent skips it, and that is said', async () => {
    const { guest } = makeSealable();
    const outcome = await seal(guest, factsOf(), policy, withUser);
    expect(outcome.is).toBe('sealed');
    expect(JSON.stringify(outcome)).toContain('the agent skips this');
  });
});

describe('where the host name lies', () => {
  test.each([
    { distro: { id: 'sles', family: 'suse', version: '11.4' }, file: '/etc/HOSTNAME', text: 'localhost.localdomain' },
    {
      distro: { id: 'centos', family: 'rhel', version: '6.10' },
      file: '/etc/sysconfig/network',
      text: 'NETWORKING=yes\nHOSTNAME=localhost.localdomain\n',
    },
    { distro: { id: 'rhel', family: 'rhel', version: '9.3' }, file: '/etc/hostname', text: 'localhost.localdomain\n' },
  ] as const)('$distro.id $distro.version: $file', async ({ distro, file, text }) => {
    const { guest } = makeSealable(
      { ...usedGuest, [file]: text },
      { skips: file === '/etc/hostname' ? ['host-name'] : [] },
    );
    const outcome = await seal(guest, factsOf({ distro }), policy, options);
    expect(missed(outcome)).toEqual([]);
    expect(JSON.stringify(outcome)).toContain(`(${file})`);
  });
});

describe('refused, with nothing touched', () => {
  const notTouched = (root: string) => {
    expect(readFileSync(join(root, 'etc/hostname'), 'utf8')).toBe('build-machine\n');
    expect(existsSync(join(root, 'var/lib/cloud/instances/i-1/obj.pkl'))).toBe(true);
  };

  test('a specialized machine', async () => {
    const { guest, root, calls } = makeSealable();
    const outcome = await seal(guest, factsOf(), { ...policy, mode: 'specialized' }, options);
    expect(outcome).toMatchObject({ is: 'refused', why: expect.stringContaining('specialized') });
    expect(calls).toEqual([]);
    notTouched(root);
  });

  test('no agent, or an agent without its configuration, which would do nothing and end with 0', async () => {
    const { guest, root, calls } = makeSealable();
    const facts = factsOf();
    const { waagent } = facts.agent;
    const without = (change: object) => ({ ...facts, agent: { ...facts.agent, waagent: { ...waagent, ...change } } });
    expect(await seal(guest, without({ program: undefined }), policy, options)).toMatchObject({ is: 'refused' });
    expect(await seal(guest, without({ settings: { is: 'absent' } }), policy, options)).toMatchObject({
      is: 'refused',
      why: '/etc/waagent.conf is not there: waagent would do nothing',
    });
    expect(calls).toEqual([]);
    notTouched(root);
  });

  test.each([
    { what: 'exit code', version: { code: 127, stdout: '', stderr: 'No module named azurelinuxagent' } },
    { what: 'output', version: { stdout: 'usage: something else\n' } },
    { what: 'time', version: { code: undefined, signal: 'SIGTERM', timedOut: true } },
  ])('an agent that does not work, by its $what', async ({ version }) => {
    const { guest, root, calls } = makeSealable(usedGuest, { version });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(outcome).toMatchObject({ is: 'refused', why: expect.stringContaining('waagent does not work') });
    expect(calls).toEqual([`${program} --version`]);
    notTouched(root);
  });

  test('an unfinished run, and a lock that is held', async () => {
    const { guest, root } = makeSealable();
    const release = await lockState(guest);
    expect(await seal(guest, factsOf(), policy, options)).toMatchObject({ is: 'refused' });
    await release();
    const journal = await openRun(guest, 'r1', { schema: 1, digests: {}, steps: [], blockedBy: [] }, options.clock);
    await journal.write({ say: 'begin', doing: 'apply', version: '1' });
    const outcome = await seal(guest, factsOf(), policy, options);
    expect(outcome).toMatchObject({ is: 'refused', why: 'the run r1 did not end' });
    notTouched(root);
  });
});

describe('killed while the agent is at work', () => {
  class Killed extends Error {}

  /** A run that was done, and a seal after it that did not come to its end. */
  async function makeBegun() {
    const made = makeSealable();
    const journal = await openRun(
      made.guest,
      'r1',
      { schema: 1, digests: {}, steps: [], blockedBy: [] },
      options.clock,
    );
    await journal.write({ say: 'begin', doing: 'apply', version: '1' });
    await journal.write({ say: 'end', outcome: 'done' });
    let power = true;
    const off = () => Promise.reject(new Killed());
    const killed: Guest = {
      ...made.guest,
      run: async (argv, limits) => {
        if (argv.includes('-force')) power = false;
        return power ? made.guest.run(argv, limits) : off();
      },
      write: (...args) => (power ? made.guest.write(...args) : off()),
      remove: (...args) => (power ? made.guest.remove(...args) : off()),
    };
    expect((await seal(killed, factsOf(), policy, options)).is).toBe('unsealed');
    return made;
  }

  test('it is named until a seal has ended', async () => {
    const { guest } = await makeBegun();
    const named = { why: 'a seal was begun and did not end', hint: expect.stringContaining('prep-guest seal') };
    expect(await refuseUnended(guest)).toMatchObject(named);
    expect(await listRuns(guest)).toMatchObject([{ id: 'r1', state: 'sealing' }]);
    expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
    expect(await refuseUnended(guest)).toBeUndefined();
    expect(await listRuns(guest)).toMatchObject([{ id: 'r1', state: 'sealed' }]);
  });

  test('also where the guest had been sealed and used before', async () => {
    const { guest, at } = makeSealable();
    await seal(guest, factsOf(), policy, options);
    expect(await refuseUnended(guest)).toBeUndefined();
    writeFileSync(at('/etc/machine-id'), '0123456789abcdef0123456789abcdef\n');
    const remove: Guest['remove'] = (path) =>
      path === '/var/lib/systemd/random-seed' ? Promise.reject(new Killed()) : guest.remove(path);
    writeFileSync(at('/var/lib/systemd/random-seed'), 'x');
    expect((await seal({ ...guest, remove }, factsOf(), policy, options)).is).toBe('unsealed');
    expect(await refuseUnended(guest)).toMatchObject({ why: 'a seal was begun and did not end' });
  });

  test('a rollback would pass over what the agent has removed: refused, unless forced', async () => {
    const { guest } = await makeBegun();
    for (const id of [undefined, 'r1']) {
      expect(await rollback(guest, id, options)).toMatchObject({
        is: 'refused',
        why: expect.stringContaining('a seal was begun and did not end'),
        hint: expect.stringContaining('--force'),
      });
    }
    expect(await rollback(guest, undefined, { ...options, force: true })).toMatchObject({ is: 'undone', run: 'r1' });
  });
});

test('runs are sealed with it: originals and plans go, a short record stays', async () => {
  const { guest, root } = makeSealable();
  for (const id of ['r1', 'r2']) {
    const journal = await openRun(guest, id, { schema: 1, digests: {}, steps: [], blockedBy: [] }, options.clock);
    await journal.write({ say: 'begin', doing: 'apply', version: '1' });
    mkdirSync(join(root, runFiles(id).originals), { recursive: true });
    linkSync(join(root, 'etc/shadow'), join(root, runFiles(id).originals, '1'));
    await journal.write({ say: 'end', outcome: id === 'r1' ? 'undone' : 'done' });
  }
  // Killed before it began: no run, but its plan holds whole files.
  await openRun(guest, 'r3', { schema: 1, digests: {}, steps: [], blockedBy: [] }, options.clock);
  expect((await seal(guest, factsOf(), policy, options)).is).toBe('sealed');
  expect((await listRuns(guest)).map((run) => run.state)).toEqual(['undone', 'sealed']);
  expect(readdirSync(join(root, 'var/lib/prep-guest')).sort()).toEqual(['lock', 'runs', 'sealed.json']);
  for (const id of ['r1', 'r2']) expect(readdirSync(join(root, runFiles(id).folder))).toEqual(['journal.jsonl']);
  expect(readdirSync(join(root, runFiles('r3').folder))).toEqual([]);
  expect(JSON.parse(readFileSync(join(root, sealedFile), 'utf8'))).toMatchObject({
    version: '1.2.3',
    at: '2026-11-23T00:00:00.000Z',
  });
});
