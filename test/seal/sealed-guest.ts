import { existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest, RunLimits, RunResult } from '../../src/guest/guest.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import type { Argv, Facts, ShellSetting } from '../../src/model.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

export const program = '/usr/sbin/waagent';

/** What the seal asks of the facts; anything else is left out on purpose, and would throw when asked for. */
export interface GuestTraits {
  readonly distro?: Partial<Facts['os']['distro']>;
  readonly init?: Facts['os']['init'];
  readonly settings?: Readonly<Record<string, string>>;
  readonly cloudInit?: boolean;
  readonly provisioner?: Facts['agent']['provisioner'];
  readonly homes?: readonly string[];
  /** The SSH service makes host keys that are missing. */
  readonly makesKeys?: boolean;
  readonly selinux?: 'enforcing' | 'disabled';
}

export function factsOf(traits: GuestTraits = {}): Facts {
  const distro = { id: 'debian', like: [], version: '12', family: 'debian', pretty: 'Debian 12', ...traits.distro };
  const settings: Record<string, ShellSetting> = {};
  const given = {
    'Provisioning.RegenerateSshHostKeyPair': 'y',
    'Provisioning.DeleteRootPassword': 'y',
    ...traits.settings,
  };
  for (const [key, value] of Object.entries(given)) {
    settings[key] = { value, literal: true, at: { path: '/etc/waagent.conf' } };
  }
  const users = (traits.homes ?? ['/root', '/home/ada']).map((home) => ({
    name: home,
    uid: 0,
    home,
    shell: '/bin/sh',
  }));
  return {
    where: 'offline',
    os: { distro, init: traits.init ?? 'systemd' },
    agent: {
      waagent: { program, conf: '/etc/waagent.conf', settings: { is: 'there', value: settings } },
      cloudInit: { installed: traits.cloudInit ?? false },
      provisioner: traits.provisioner ?? 'waagent',
    },
    accounts: { users },
    system: {
      selinux: { mode: traits.selinux, at: traits.selinux && { path: '/etc/selinux/config' }, relabels: false },
    },
    ssh: { keyMakers: traits.makesKeys ? [{ path: '/usr/lib/systemd/system/sshd-keygen.target' }] : [] },
  } as unknown as Facts;
}

/** A Debian guest that has been used, with all that an image should not carry. */
export const usedGuest: PhonyTree = {
  '/etc/ssh/ssh_host_rsa_key': 'private',
  '/etc/ssh/ssh_host_rsa_key.pub': 'public',
  '/etc/ssh/sshd_config': 'Port 22\n',
  '/etc/hostname': 'build-machine\n',
  '/etc/shadow': 'root:$6$secret:19000::::::\nada:!:19000::::::\n',
  '/etc/shadow-': 'root:$6$older:19000::::::\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/bash\n',
  '/etc/machine-id': { content: '0123456789abcdef0123456789abcdef\n', mode: 0o444 },
  '/etc/resolv.conf': 'nameserver 192.0.2.1\n',
  '/var/lib/dbus/machine-id': 'fedcba9876543210fedcba9876543210\n',
  '/var/lib/dhcp/dhclient.eth0.leases': 'lease {}\n',
  '/var/lib/NetworkManager/internal-1-eth0.lease': 'ADDRESS=192.0.2.7\n',
  '/var/lib/waagent/Incarnation': '1',
  '/var/log/azure/extension/log': 'x',
  '/var/log/waagent.log': 'x',
  '/var/lib/cloud/instances/i-1/obj.pkl': 'x',
  '/var/lib/cloud/instance': { link: 'instances/i-1' },
  '/var/log/cloud-init.log': 'x',
  '/var/lib/systemd/random-seed': 'x',
  '/root/.bash_history': 'passwd\n',
  '/home/ada/.bash_history': 'curl\n',
  '/home/ada/.zsh_history': { link: '/dev/null' },
  '/home/ada/notes': 'kept',
};

/** Removes what the agent's own globs and loops remove, as a process in the guest would. */
const agentSteps: Readonly<Record<string, (root: string) => void>> = {
  'ssh-host-keys': (root) => {
    for (const path of globSync(join(root, 'etc/ssh/ssh_host_*key*'))) rmSync(path);
  },
  'dhcp-leases': (root) => clear(root, 'var/lib/dhclient', 'var/lib/dhcpcd', 'var/lib/dhcp'),
  'host-name': (root) => writeFileSync(join(root, 'etc/hostname'), 'localhost.localdomain'),
  'root-password': (root) => writeFileSync(join(root, 'etc/shadow'), 'root:*LOCK*:14600::::::\nada:!:19000::::::\n'),
  'agent-state': (root) => clear(root, 'var/lib/waagent', 'var/log/azure'),
  'agent-log': (root) => {
    for (const path of ['var/log/waagent.log', 'root/.bash_history']) {
      const at = join(root, path);
      if (existsSync(at) && statSync(at).isFile()) rmSync(at);
    }
  },
  // os.path.isfile follows the link: one that leads nowhere stays.
  'resolv-conf': (root) => {
    if (existsSync(join(root, 'etc/resolv.conf'))) rmSync(join(root, 'etc/resolv.conf'));
  },
};

function clear(root: string, ...folders: string[]): void {
  for (const folder of folders) {
    const at = join(root, folder);
    if (!existsSync(at) || !statSync(at).isDirectory()) continue;
    for (const name of readdirSync(at)) rmSync(join(at, name), { recursive: true });
  }
}

const ran: RunResult = {
  code: 0,
  signal: undefined,
  timedOut: false,
  stdout: '',
  stderr: '',
  cut: false,
  seconds: 0.1,
};

export interface Agent {
  /** Steps that this agent leaves out: an id of an effect. */
  readonly skips?: readonly string[];
  readonly version?: Partial<RunResult>;
  readonly result?: Partial<RunResult>;
  /** Done instead of the steps. */
  readonly does?: (root: string) => void;
}

/** A guest whose waagent is played here. A program that no test has spoken of fails the test. */
export function makeSealable(tree: PhonyTree = usedGuest, agent: Agent = {}) {
  const root = makeGuest({ [program]: { content: '#!/bin/sh\n', mode: 0o755 }, ...tree });
  const real = createRootedGuest(root, 'offline');
  const calls: string[] = [];
  const cards: (boolean | undefined)[] = [];
  const plainSteps = () => {
    for (const [id, act] of Object.entries(agentSteps)) if (!agent.skips?.includes(id)) act(root);
  };
  const run: Guest['run'] = async (argv: Argv, { card }: RunLimits) => {
    const line = argv.join(' ');
    cards.push(card);
    calls.push(line);
    if (line === `${program} --version`)
      return { ...ran, stdout: 'WALinuxAgent-2.7.3.0 running on debian 12\n', ...agent.version };
    if (line === '/usr/bin/cloud-init clean --logs --seed') {
      rmSync(join(root, 'var/lib/cloud'), { recursive: true });
      mkdirSync(join(root, 'var/lib/cloud'));
      return ran;
    }
    if (!/^\/usr\/sbin\/waagent -force -deprovision(\+user)?$/.test(line)) throw new Error(`unscripted: ${line}`);
    if (agent.does !== undefined) agent.does(root);
    else plainSteps();
    return { ...ran, ...agent.result };
  };
  return {
    root,
    calls,
    cards,
    plainSteps,
    guest: { ...real, run } satisfies Guest,
    at: (path: string) => join(root, path),
  };
}
