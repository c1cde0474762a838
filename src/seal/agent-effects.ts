import { isOn, pathOf } from '../facts/agent-settings.ts';
import { traces } from '../facts/traces.ts';
import { sealHabitsOf } from '../families/distro/index.ts';
import { isRootLockedByAgent, readPasswd } from '../formats/passwd.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import type { Facts, GuestPath } from '../model.ts';

import { type Effect, type Seen, seenGone } from './effect.ts';
import { resolvConf } from './resolv-conf.ts';

/**
 * What `waagent -force -deprovision` does, from its own source (azurelinuxagent/pa/deprovision, 2.2.45 to 2.15): the same
 * on every distribution but for the host name's file, resolv.conf and machine-id.
 */
export function agentEffects(facts: Facts, options: { removeUser: boolean }): Effect[] {
  const effects = [leases(facts), hostName(facts), state(facts), logAndHistory(facts), resolvConf(facts)];
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

function hostKeys(facts: Facts): Effect {
  const folder = pathOf(facts, 'OS.SshDir');
  const { provisioner } = facts.agent;
  const who = provisioner === 'cloud-init' || provisioner === 'both' ? 'cloud-init' : 'the agent';
  return {
    id: 'ssh-host-keys',
    by: 'agent',
    what: `the SSH host keys in ${folder} are gone; ${who} makes new ones when it provisions`,
    look: async (files) => seenGone(await traces['host-keys'](files, facts)),
  };
}

function leases(facts: Facts): Effect {
  return {
    id: 'dhcp-leases',
    by: 'agent',
    what: 'DHCP leases are gone (/var/lib/dhcp, /var/lib/dhclient, /var/lib/dhcpcd)',
    look: async (files) => seenGone(await traces.leases(files, facts)),
  };
}

const genericName = 'localhost.localdomain';

function hostName(facts: Facts): Effect {
  const { path, key, asksBus } = sealHabitsOf(facts.os).hostName(facts.os);
  return {
    id: 'host-name',
    by: 'agent',
    what: `the host name is ${genericName} (${path})`,
    ...(asksBus === true && facts.where === 'offline' && { act: (guest: Guest) => writeHostName(guest, path) }),
    look: async (files) => {
      const text = await textOf(files, path);
      const lines = text.split('\n').map((line) => line.trim());
      const name =
        key === undefined ? lines[0] : lines.findLast((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
      return { done: name === genericName, says: name ? `${path} says ${name}` : `${path} holds no name` };
    },
  };
}

/** Beside a mounted root nobody answers hostnamectl: there the agent changes nothing, and goes on. */
async function writeHostName(guest: Guest, path: GuestPath): Promise<void> {
  const like = (await guest.stat(path)).is === 'absent' ? { mode: 0o644 } : undefined;
  await guest.write(path, Buffer.from(`${genericName}\n`), like);
}

function rootPassword(facts: Facts): Effect {
  const path = pathOf(facts, 'OS.PasswordPath');
  return {
    id: 'root-password',
    by: 'agent',
    what: `root has no password that lets anyone in (${path})`,
    look: async (files): Promise<Seen> => {
      // A root line of any other form was not written by it.
      const done = isRootLockedByAgent(await textOf(files, path));
      return { done, says: done ? 'locked' : `root's line in ${path} is not the agent's` };
    },
  };
}

function state(facts: Facts): Effect {
  const folders = [pathOf(facts, 'Lib.Dir'), pathOf(facts, 'Extension.LogDir')];
  return {
    id: 'agent-state',
    by: 'agent',
    what: `the agent's state is gone (${folders.join(', ')})`,
    look: async (files) => seenGone(await traces['agent-state'](files, facts)),
  };
}

function logAndHistory(facts: Facts): Effect {
  return {
    id: 'agent-log',
    by: 'agent',
    what: "the agent's log and root's shell history are gone",
    look: async (files) => seenGone(await traces['agent-log'](files, facts)),
  };
}

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
