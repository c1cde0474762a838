import { readPasswd } from '../formats/passwd.ts';
import { compareVersions } from '../formats/version.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Facts, GuestPath } from '../model.ts';
import { isOn, pathOf } from '../facts/agent-settings.ts';
import { type Effect, filesAt, pathsIn, type Seen, seenGone } from './effect.ts';
import { resolvConf } from './resolv-conf.ts';

/**
 * What `waagent -force -deprovision` does, from its own source (azurelinuxagent/pa/deprovision, 2.2.45 to 2.15): the same
 * on every distribution but for the host name's file, resolv.conf and machine-id.
 */
export function agentEffects(facts: Facts, options: { removeUser: boolean }): Effect[] {
  const effects = [leases, hostName(facts), state(facts), logAndHistory, resolvConf(facts)];
  if (isOn(facts, 'Provisioning.RegenerateSshHostKeyPair')) effects.unshift(hostKeys(facts));
  if (isOn(facts, 'Provisioning.DeleteRootPassword')) effects.push(rootPassword(facts));
  if (options.removeUser) effects.push(provisionedUser);
  return effects;
}

async function textOf(files: GuestFiles, path: GuestPath): Promise<string> {
  const text = await files.text(path);
  if (text.is === 'unreadable') throw new Error(`${path} cannot be read: ${text.why}`);
  return text.is === 'there' ? text.value : '';
}

export async function hostKeysIn(files: GuestFiles, folder: GuestPath): Promise<GuestPath[]> {
  return filesAt(files, await pathsIn(files, folder, /^ssh_host_.*key/));
}

function hostKeys(facts: Facts): Effect {
  const folder = pathOf(facts, 'OS.SshDir');
  const { provisioner } = facts.agent;
  const who = provisioner === 'cloud-init' || provisioner === 'both' ? 'cloud-init' : 'the agent';
  return {
    id: 'ssh-host-keys',
    by: 'agent',
    what: `the SSH host keys in ${folder} are gone; ${who} makes new ones when it provisions`,
    look: async (files) => seenGone(await hostKeysIn(files, folder)),
  };
}

const leases: Effect = {
  id: 'dhcp-leases',
  by: 'agent',
  what: 'DHCP leases are gone (/var/lib/dhcp, /var/lib/dhclient, /var/lib/dhcpcd)',
  look: async (files) => {
    const left: GuestPath[] = [];
    for (const folder of ['/var/lib/dhclient', '/var/lib/dhcpcd', '/var/lib/dhcp'] as const) {
      left.push(...(await pathsIn(files, folder)));
    }
    left.push(...(await pathsIn(files, '/var/lib/NetworkManager', /^dhclient-.*\.lease$/)));
    return seenGone(left);
  },
};

/** Where the agent writes the host name (azurelinuxagent/common/osutil); hostnamectl writes /etc/hostname. */
function hostNameFile({ os: { distro } }: Facts): { path: GuestPath; key?: string } {
  const before = (version: string) => distro.version !== '' && compareVersions(distro.version, version) < 0;
  if (distro.family === 'suse' && before(distro.id.startsWith('opensuse') ? '13.2' : '12'))
    return { path: '/etc/HOSTNAME' };
  if ((distro.family === 'rhel' || distro.family === 'oracle') && before('7')) {
    return { path: '/etc/sysconfig/network', key: 'HOSTNAME' };
  }
  return { path: '/etc/hostname' };
}

const genericName = 'localhost.localdomain';

function hostName(facts: Facts): Effect {
  const { path, key } = hostNameFile(facts);
  return {
    id: 'host-name',
    by: 'agent',
    what: `the host name is ${genericName} (${path})`,
    look: async (files) => {
      const text = await textOf(files, path);
      const lines = text.split('\n').map((line) => line.trim());
      const name =
        key === undefined ? lines[0] : lines.findLast((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
      return { done: name === genericName, says: name ? `${path} says ${name}` : `${path} holds no name` };
    },
  };
}

function rootPassword(facts: Facts): Effect {
  const path = pathOf(facts, 'OS.PasswordPath');
  return {
    id: 'root-password',
    by: 'agent',
    what: `root has no password that lets anyone in (${path})`,
    look: async (files): Promise<Seen> => {
      const lines = (await textOf(files, path)).split('\n').filter((line) => line.startsWith('root:'));
      // The agent's own wording; a root line of any other form was not written by it.
      const done = lines.length === 1 && lines[0] === 'root:*LOCK*:14600::::::';
      return { done, says: done ? 'locked' : `${path} has ${lines.length} line(s) for root, not the agent's` };
    },
  };
}

function state(facts: Facts): Effect {
  const folders = [pathOf(facts, 'Lib.Dir'), pathOf(facts, 'Extension.LogDir')];
  return {
    id: 'agent-state',
    by: 'agent',
    what: `the agent's state is gone (${folders.join(', ')})`,
    look: async (files) => {
      const left: GuestPath[] = [];
      for (const folder of folders) left.push(...(await pathsIn(files, folder)));
      return seenGone(left);
    },
  };
}

const logAndHistory: Effect = {
  id: 'agent-log',
  by: 'agent',
  what: "the agent's log and root's shell history are gone",
  look: async (files) => seenGone(await filesAt(files, ['/var/log/waagent.log', '/root/.bash_history'])),
};

const provisionedUser: Effect = {
  id: 'provisioned-user',
  by: 'agent',
  what: 'the account that provisioning made is gone, with its home',
  look: async (files, before) => {
    const user = before.provisionedUser;
    if (user === null) return { done: true, says: 'no ovf-env.xml names one: the agent skips this' };
    const stays = readPasswd(await textOf(files, '/etc/passwd')).some((account) => account.name === user);
    return { done: !stays, says: stays ? `${user} is still there` : `${user} is gone` };
  },
};
