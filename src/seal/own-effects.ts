import { needsRelabel, relabelFile } from '../checks/fixable.ts';
import { hostKeyMaker } from '../checks/host-keys.ts';
import { isOn, pathOf } from '../facts/agent-settings.ts';
import { filesAt, isResetId, machineIdFile, pathsIn, present, traces } from '../facts/traces.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { removeTree } from '../journal/run-folder.ts';
import type { Facts, GuestPath, TraceName } from '../model.ts';
import { agentNeeds } from './agent-needs.ts';
import { type Effect, seenGone } from './effect.ts';

/** What the agent leaves in an image by design, and should not be in one. */
export function ownEffects(facts: Facts, options: { removeUser: boolean }): Effect[] {
  const goneTrace = (trace: TraceName, rule: string, what: string, id: string = trace) =>
    gone({ id, rule, what }, (files) => traces[trace](files, facts));
  const effects = [
    cloudInitState(
      facts,
      goneTrace(
        'cloud-init',
        'cloudinit-clean',
        'cloud-init remembers no instance (/var/lib/cloud, its logs)',
        'cloud-init-state',
      ),
    ),
    gone(
      { id: 'shell-histories', rule: 'shell-history-clean', what: 'shell histories of all accounts are gone' },
      (files) => historyFiles(facts, files),
    ),
    goneTrace('old-passwords', 'users-no-passwords', 'the backups of the password file are gone (/etc/shadow-)'),
    machineId(facts),
    goneTrace('dbus-machine-id', 'machine-id-reset', '/var/lib/dbus/machine-id is no file of its own'),
    goneTrace('random-seeds', 'random-seed', 'saved random seeds are gone', 'random-seed'),
    goneTrace('other-leases', 'dhcp-leases-clean', 'leases that the agent does not know are gone'),
  ];
  const maker = hostKeyMaker(facts);
  if (!isOn(facts, 'Provisioning.RegenerateSshHostKeyPair') && maker !== undefined) {
    const what = `the SSH host keys in ${pathOf(facts, 'OS.SshDir')} are gone; ${maker} makes new ones at the next start`;
    effects.unshift(goneTrace('host-keys', 'ssh-host-keys-removed', what, 'ssh-host-keys'));
  }
  const needs = agentNeeds(facts);
  if (needs !== undefined) effects.push(needs);
  if (options.removeUser) effects.push(userRights);
  if (needsRelabel(facts)) effects.push(relabel);
  return effects;
}

const relabel: Effect = {
  id: 'selinux-labels',
  rule: 'selinux-labels',
  by: 'prep-guest',
  what: `all files are labelled anew at the next start (${relabelFile}): the agent wrote some beside a mounted root`,
  act: (guest) => guest.write(relabelFile, new Uint8Array(), { mode: 0o644 }),
  look: async (files) => {
    const done = (await files.stat(relabelFile)).is === 'there';
    return { done, says: done ? 'there' : `${relabelFile} is not there` };
  },
};

/** An effect that consists in paths being gone. */
function gone(
  named: Pick<Effect, 'id' | 'what'> & { readonly rule: string },
  find: (files: GuestFiles) => Promise<GuestPath[]>,
): Effect {
  return {
    ...named,
    by: 'prep-guest',
    act: async (guest) => {
      for (const path of await find(guest)) await removeTree(guest, path);
    },
    look: async (files) => seenGone(await find(files)),
  };
}

/** cloud-init takes an instance that it remembers for provisioned. Its own clean runs the hooks in /etc/cloud/clean.d. */
function cloudInitState(facts: Facts, effect: Effect): Effect {
  if (!facts.agent.cloudInit.installed) return effect;
  return {
    ...effect,
    prepare: async (guest) => {
      // How it ends does not matter: what it leaves is removed after it, and looked for.
      await guest.run(['/usr/bin/cloud-init', 'clean', '--logs', '--seed'], { seconds: 120 });
    },
  };
}

const historyName = /^\.(\w+_)?history$|^\.(lesshst|viminfo)$/;

/** History files with something in them. A link (to /dev/null, say) holds nothing. */
async function historyFiles(facts: Facts, files: GuestFiles): Promise<GuestPath[]> {
  const homes = new Set<GuestPath>(['/root']);
  for (const { home } of facts.accounts.users) {
    // Some service accounts call / their home.
    if (home.startsWith('/') && home !== '/') homes.add(home as GuestPath);
  }
  const found: GuestPath[] = [];
  for (const home of homes) {
    const real = await files.real(home);
    const stat = real.is === 'there' ? await files.stat(real.value) : real;
    if (stat.is !== 'there' || stat.value.type !== 'folder') continue;
    const inHome = await pathsIn(files, home, historyName);
    for (const path of [...inHome, ...(await present(files, [`${home}/.local/share/fish/fish_history`]))]) {
      const file = await files.stat(path);
      if (file.is === 'there' && file.value.type === 'file' && file.value.bytes > 0) found.push(path);
    }
  }
  return found;
}

const rightsFolder: GuestPath = '/etc/sudoers.d';

/** Files in sudoers.d with a line that gives rights to the account that provisioning made. */
async function rightsOf(files: GuestFiles, user: string): Promise<{ path: GuestPath; kept: string }[]> {
  const found: { path: GuestPath; kept: string }[] = [];
  for (const path of await filesAt(files, await pathsIn(files, rightsFolder))) {
    const text = await files.text(path);
    if (text.is === 'unreadable') throw new Error(`${path} cannot be read: ${text.why}`);
    if (text.is === 'absent') continue;
    const lines = text.value.split(/(?<=\n)/);
    const kept = lines.filter((line) => line.split(/[\s,=]/, 1)[0] !== user).join('');
    if (kept !== text.value) found.push({ path, kept });
  }
  return found;
}

/** cloud-init's rights outlive the account, and are those of whoever gets the name next (Azure/WALinuxAgent#1945). */
const userRights: Effect = {
  id: 'user-rights',
  by: 'prep-guest',
  what: 'no line in /etc/sudoers.d gives rights to the account that provisioning made',
  act: async (guest, { provisionedUser }) => {
    if (provisionedUser === null) return;
    for (const { path, kept } of await rightsOf(guest, provisionedUser))
      await guest.write(path, Buffer.from(kept, 'latin1'));
  },
  look: async (files, { provisionedUser }) =>
    provisionedUser === null
      ? { done: true, says: 'no account is known that provisioning made' }
      : seenGone((await rightsOf(files, provisionedUser)).map(({ path }) => path)),
};

/**
 * Clones must not share an identity. With systemd the file stays and is empty, since it must exist where / is mounted
 * read-only at first; `uninitialized` would do, but makes systemd ask its first-boot questions. Elsewhere the file goes:
 * dbus makes a new one only then. The agent itself deletes it on Arch and Flatcar.
 */
function machineId(facts: Facts): Effect {
  const systemd = facts.os.init === 'systemd';
  return {
    id: 'machine-id',
    rule: 'machine-id-reset',
    by: 'prep-guest',
    what: systemd ? `${machineIdFile} is empty: each clone makes its own` : `${machineIdFile} is gone`,
    act: (guest) => resetMachineId(guest, systemd),
    look: async (files) => {
      const text = await files.text(machineIdFile);
      if (text.is === 'unreadable') throw new Error(`${machineIdFile} cannot be read: ${text.why}`);
      if (text.is === 'absent') return { done: !systemd, says: 'gone' };
      const empty = isResetId(text.value);
      return { done: systemd && empty, says: empty ? 'empty' : 'holds an id' };
    },
  };
}

async function resetMachineId(guest: Guest, systemd: boolean): Promise<void> {
  if (!systemd) return guest.remove(machineIdFile);
  const stat = await guest.stat(machineIdFile);
  // The file that a link leads to (/var/lib/dbus/machine-id on some) goes on its own account.
  if (stat.is === 'there' && stat.value.type === 'link') await guest.remove(machineIdFile);
  else {
    const text = await guest.text(machineIdFile);
    if (text.is === 'there' && isResetId(text.value)) return;
    if (text.is === 'there') return guest.write(machineIdFile, new Uint8Array());
  }
  await guest.write(machineIdFile, new Uint8Array(), { mode: 0o444 });
}
