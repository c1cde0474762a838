import { pathsIn } from '../facts/traces.ts';
import { sealHabitsOf } from '../families/distro/index.ts';
import { marker } from '../formats/lines.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { removeTree } from '../journal/run-folder.ts';
import type { Facts, GuestPath } from '../model.ts';
import { type Effect, seenGone } from './effect.ts';

const content = `${marker}only here while waagent deprovisions, which stops halfway without this file\n`;

function folderOf(path: GuestPath): GuestPath {
  return path.slice(0, path.lastIndexOf('/')) as GuestPath;
}

/** The names of the network cards that the agent may take for the first. */
async function cardsOf(files: GuestFiles): Promise<readonly string[]> {
  // The card that a program beside a mounted root is given.
  if (files.where === 'offline') return ['eth0'];
  return (await pathsIn(files, '/sys/class/net')).map((path) => path.slice(path.lastIndexOf('/') + 1));
}

async function neededPaths(files: GuestFiles, facts: Facts): Promise<GuestPath[]> {
  const cards = await cardsOf(files);
  return sealHabitsOf(facts.os)
    .agentNeeds(facts.os)
    .flatMap((path) =>
      path.includes('{card}') ? cards.map((card) => path.replace('{card}', card) as GuestPath) : [path],
    );
}

/** Those that were put there for the agent, by now or by an attempt that was killed. The agent keeps comments. */
async function stopgaps(files: GuestFiles, facts: Facts): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  for (const path of await neededPaths(files, facts)) {
    const text = await files.text(path);
    if (text.is === 'there' && text.value.startsWith(content)) found.push(path);
  }
  return found;
}

async function putStopgaps(guest: Guest, facts: Facts): Promise<void> {
  for (const path of await neededPaths(guest, facts)) {
    if ((await guest.stat(path)).is !== 'absent') continue;
    await guest.folder(folderOf(path), 0o755);
    await guest.write(path, Buffer.from(content), { mode: 0o644 });
  }
}

/**
 * On some families the agent writes the host name for DHCP into a file that newer releases no longer have, dies of it in
 * the middle and ends with 0 (Azure/WALinuxAgent#2593: keyfiles instead of ifcfg-eth0). It is given one for the time being.
 * undefined where it needs none.
 */
export function agentNeeds(facts: Facts): Effect | undefined {
  const paths = sealHabitsOf(facts.os).agentNeeds(facts.os);
  if (paths.length === 0) return undefined;
  const shown = paths.join(', ').replace('{card}', 'eth0');
  return {
    id: 'agent-needs',
    by: 'prep-guest',
    what: `what waagent cannot do without (${shown}) is there while it runs, and gone again where it was not`,
    prepare: (guest) => putStopgaps(guest, facts),
    act: async (guest) => {
      for (const path of await stopgaps(guest, facts)) {
        await removeTree(guest, path);
        const left = await guest.names(folderOf(path));
        if (left.is === 'there' && left.value.length === 0) await guest.remove(folderOf(path));
      }
    },
    look: async (files) => seenGone(await stopgaps(files, facts)),
  };
}
