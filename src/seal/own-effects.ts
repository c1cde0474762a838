import { isOn, pathOf } from '../facts/agent-settings.ts';
import { isResetId, machineIdFile, pathsIn, present, traces } from '../facts/traces.ts';
import { sealHabitsOf } from '../families/distro/index.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { removeTree } from '../journal/run-folder.ts';
import type { Facts, GuestPath, TraceName } from '../model.ts';
import { type Effect, seenGone } from './effect.ts';

/** What the agent leaves in an image by design, and should not be in one. */
export function ownEffects(facts: Facts): Effect[] {
  const effects = [
    cloudInitState(facts),
    histories(facts),
    goneTrace(facts, 'old-passwords', 'the backups of the password file are gone (/etc/shadow-)'),
    machineId(facts),
    goneTrace(facts, 'dbus-machine-id', '/var/lib/dbus/machine-id is no file of its own'),
    goneTrace(facts, 'random-seeds', 'saved random seeds are gone', 'random-seed'),
    goneTrace(facts, 'other-leases', 'leases that the agent does not know are gone'),
  ];
  if (!isOn(facts, 'Provisioning.RegenerateSshHostKeyPair') && makesHostKeys(facts) !== undefined) {
    effects.unshift(hostKeys(facts));
  }
  return effects;
}

/** An effect that consists in paths being gone. */
function gone(id: string, what: string, find: (files: GuestFiles) => Promise<GuestPath[]>): Effect {
  return {
    id,
    by: 'prep-guest',
    what,
    act: async (guest) => {
      for (const path of await find(guest)) await removeTree(guest, path);
    },
    look: async (files) => seenGone(await find(files)),
  };
}

/** An effect that consists in the traces of that name being gone. */
function goneTrace(facts: Facts, trace: TraceName, what: string, id: string = trace): Effect {
  return gone(id, what, (files) => traces[trace](files, facts));
}

/**
 * Who makes SSH host keys at the next start if the agent is told not to. Debian and Ubuntu make them when the package is
 * installed and never again, so without cloud-init the keys have to stay there.
 */
export function makesHostKeys(facts: Facts): string | undefined {
  if (facts.agent.provisioner === 'cloud-init' || facts.agent.provisioner === 'both') return 'cloud-init';
  return sealHabitsOf(facts.os).makesHostKeys ? 'the SSH service' : undefined;
}

function hostKeys(facts: Facts): Effect {
  const folder = pathOf(facts, 'OS.SshDir');
  const what = `the SSH host keys in ${folder} are gone; ${makesHostKeys(facts)} makes new ones at the next start`;
  return goneTrace(facts, 'host-keys', what, 'ssh-host-keys');
}

/** cloud-init takes an instance that it remembers for provisioned. Its own clean runs the hooks in /etc/cloud/clean.d. */
function cloudInitState(facts: Facts): Effect {
  const what = 'cloud-init remembers no instance (/var/lib/cloud, its logs)';
  const effect = goneTrace(facts, 'cloud-init', what, 'cloud-init-state');
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

function histories(facts: Facts): Effect {
  return gone('shell-histories', 'shell histories of all accounts are gone', (files) => historyFiles(facts, files));
}

/**
 * Clones must not share an identity. With systemd the file stays and is empty, since it must exist where / is mounted
 * read-only at first; `uninitialized` would do, but makes systemd ask its first-boot questions. Elsewhere the file goes:
 * dbus makes a new one only then. The agent itself deletes it on Arch and Flatcar.
 */
function machineId(facts: Facts): Effect {
  const systemd = facts.os.init === 'systemd';
  return {
    id: 'machine-id',
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
