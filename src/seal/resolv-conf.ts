import { sealHabitsOf } from '../families/distro/index.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Facts, GuestPath } from '../model.ts';
import type { Before, Effect, Seen } from './effect.ts';

const path: GuestPath = '/etc/resolv.conf';

/** Made anew at every start by the service that the link belongs to: systemd-resolved, NetworkManager, resolvconf. */
function ofAService(link: string): boolean {
  return /^(\.\.)?\/run\//.test(link) || link === '/etc/resolvconf/run/resolv.conf';
}

async function linkOf(files: GuestFiles): Promise<string | null> {
  const target = await files.target(path);
  return target.is === 'there' ? target.value : null;
}

/** The link that stands there, or the one that an earlier attempt has seen before the agent took it. */
export async function resolvLinkBefore(files: GuestFiles, earlier: Before | undefined): Promise<string | null> {
  const stat = await files.stat(path);
  return stat.is === 'absent' ? (earlier?.resolvLink ?? null) : await linkOf(files);
}

/**
 * The agent deletes resolv.conf, also where it is the link of a service that makes only its target anew: the new machine
 * then has no DNS (Azure/WALinuxAgent#1151, #1878, flatcar/Flatcar#1265). Such a link is put back. From Ubuntu 18.04 on the
 * agent leaves the file alone.
 */
export function resolvConf(facts: Facts): Effect {
  const kept = sealHabitsOf(facts.os).keepsResolvConf(facts.os);
  return {
    id: 'resolv-conf',
    by: 'agent',
    what: kept ? `${path} stays as it is (Ubuntu)` : `${path} is gone, or the link of the service that makes it`,
    act: async (guest, before) => {
      const { resolvLink } = before;
      if (resolvLink === null || !ofAService(resolvLink)) return;
      if ((await guest.stat(path)).is === 'absent') await guest.link(path, resolvLink);
    },
    look: (files, before) => look(files, before, kept),
  };
}

async function look(files: GuestFiles, before: Before, kept: boolean): Promise<Seen> {
  const stat = await files.stat(path);
  if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
  const link = await linkOf(files);
  const service = before.resolvLink !== null && ofAService(before.resolvLink);
  if (link !== null) {
    // The agent removes a link only when it leads to a file: offline, where no service has made one, it stays.
    const done = link === before.resolvLink && (service || kept || (await files.real(path)).is === 'absent');
    return { done, says: `a link to ${link}` };
  }
  if (stat.is === 'absent')
    return { done: !service, says: service ? `the link to ${before.resolvLink} is gone` : 'gone' };
  return { done: kept, says: kept ? 'a file, which Ubuntu keeps' : 'still a file' };
}
