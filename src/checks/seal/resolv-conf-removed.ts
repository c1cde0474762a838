import { sealHabitsOf } from '../../families/distro/index.ts';
import type { Check, Facts, GuestPath, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { atSeal } from '../at-seal.ts';
import { textOf } from '../fixable.ts';
import { marketplace, waagent } from '../sources.ts';
import { unread } from '../unread.ts';

const path: GuestPath = '/etc/resolv.conf';

/** Files that a service makes anew at every start: systemd-resolved, NetworkManager, resolvconf. */
const ofAService = /^\/(run|var\/run|etc\/resolvconf|usr\/lib\/systemd)\//;

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  if (sealHabitsOf(facts.os).keepsResolvConf(facts.os))
    return { is: 'not-applicable', why: `here the agent leaves ${path} alone` };
  const milder = facts.sealed === undefined ? { severity: 'info' as const } : {};
  const doubts = unread(facts, /^\/etc\/resolv\.conf$/).map((doubt) => ({ ...doubt, ...milder }));
  if (doubts.length > 0) return judge([], doubts, '');
  const end = facts.links[path];
  // A link into a folder of the running system leads nowhere beside a mounted root.
  if (textOf(facts, path) === undefined) return { is: 'pass', says: `no file ${path} is left` };
  if (end !== undefined && ofAService.test(end))
    return { is: 'pass', says: `${path} leads to ${end}, made at each start` };
  const says = `${path} names the DNS servers of the network that this machine was in`;
  return { is: 'fail', findings: [atSeal(facts, { about: path, says, evidence: [{ path }] })] };
}

export const resolvConfRemoved: Check = {
  id: 'resolv-conf-removed',
  area: 'seal',
  title: 'The image names no DNS server',
  severity: 'should',
  why: 'A new machine that asks the DNS servers of another network resolves no name until a lease tells it better.',
  source: [marketplace, waagent],
  fix: {
    all: 'The seal has waagent delete /etc/resolv.conf; where it is the link of a service, prep-guest puts that back.',
    ubuntu: 'From 18.04 on the agent leaves it alone.',
  },
  look,
};
