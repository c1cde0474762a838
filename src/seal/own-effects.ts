import type { Guest, GuestFiles } from '../guest/guest.ts';
import { removeTree } from '../journal/run-folder.ts';
import type { Facts, GuestPath } from '../model.ts';
import { hostKeysIn } from './agent-effects.ts';
import { isOn, pathOf } from '../facts/agent-settings.ts';
import { type Effect, pathsIn, present, seenGone } from './effect.ts';

/** What the agent leaves in an image by design, and should not be in one. */
export function ownEffects(facts: Facts): Effect[] {
  const effects = [
    cloudInitState(facts),
    histories(facts),
    oldPasswords,
    machineId(facts),
    dbusMachineId,
    randomSeed,
    otherLeases,
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

/**
 * Who makes SSH host keys at the next start if the agent is told not to. Debian and Ubuntu make them when the package is
 * installed and never again, so without cloud-init the keys have to stay there.
 */
export function makesHostKeys(facts: Facts): string | undefined {
  if (facts.agent.provisioner === 'cloud-init' || facts.agent.provisioner === 'both') return 'cloud-init';
  const { family } = facts.os.distro;
  return family === 'debian' || family === 'ubuntu' || family === 'unknown' ? undefined : 'the SSH service';
}

function hostKeys(facts: Facts): Effect {
  const folder = pathOf(facts, 'OS.SshDir');
  const what = `the SSH host keys in ${folder} are gone; ${makesHostKeys(facts)} makes new ones at the next start`;
  return gone('ssh-host-keys', what, (files) => hostKeysIn(files, folder));
}

const cloudFolder: GuestPath = '/var/lib/cloud';

async function cloudTraces(files: GuestFiles): Promise<GuestPath[]> {
  return [...(await pathsIn(files, cloudFolder)), ...(await pathsIn(files, '/var/log', /^cloud-init(-output)?\.log/))];
}

/** cloud-init takes an instance that it remembers for provisioned. Its own clean runs the hooks in /etc/cloud/clean.d. */
function cloudInitState(facts: Facts): Effect {
  const effect = gone('cloud-init-state', `cloud-init remembers no instance (${cloudFolder}, its logs)`, cloudTraces);
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

/** passwd(1) and useradd(8) keep what the password file held before: there the hash of root's password would stay. */
const oldPasswords = gone('old-passwords', 'the backups of the password file are gone (/etc/shadow-)', (files) =>
  present(files, ['/etc/shadow-', '/etc/gshadow-']),
);

const machineIdFile: GuestPath = '/etc/machine-id';

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
      const empty = text.value === '' || text.value === 'uninitialized\n';
      return { done: systemd && empty, says: empty ? 'empty' : 'holds an id' };
    },
  };
}

async function resetMachineId(guest: Guest, systemd: boolean): Promise<void> {
  if (!systemd) return guest.remove(machineIdFile);
  const text = await guest.text(machineIdFile);
  if (text.is === 'there' && (text.value === '' || text.value === 'uninitialized\n')) return;
  await guest.write(machineIdFile, new Uint8Array(), text.is === 'absent' ? { mode: 0o444 } : undefined);
}

/** Usually a link to /etc/machine-id. A file of its own would be a second identity. */
const dbusMachineId = gone('dbus-machine-id', '/var/lib/dbus/machine-id is no file of its own', async (files) => {
  const path: GuestPath = '/var/lib/dbus/machine-id';
  const stat = await files.stat(path);
  return stat.is === 'there' && stat.value.type === 'file' ? [path] : [];
});

const randomSeed = gone('random-seed', 'saved random seeds are gone', (files) =>
  present(files, [
    '/var/lib/systemd/random-seed',
    '/var/lib/urandom/random-seed',
    '/var/lib/misc/random-seed',
    '/boot/efi/loader/random-seed',
    '/efi/loader/random-seed',
    '/boot/loader/random-seed',
  ]),
);

const otherLeases = gone('other-leases', 'leases that the agent does not know are gone', async (files) => [
  ...(await pathsIn(files, '/var/lib/NetworkManager', /^internal-.*\.lease$/)),
  ...(await pathsIn(files, '/var/lib/wicked', /^lease-/)),
]);
