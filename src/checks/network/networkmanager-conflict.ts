import { networkHabitsOf } from '../../families/distro/index.ts';
import { compareVersions } from '../../formats/version.ts';
import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy, Severity } from '../../model.ts';
import { enableByHand, installByHand } from '../by-hand.ts';
import { usableDhcp } from '../dhcp.ts';
import { remedy } from '../fixable.ts';
import { article, centosArticle, lisa, waagent } from '../sources.ts';

function finding(
  facts: Facts,
  says: string,
  mend: { readonly wants?: readonly Change[]; readonly advice: string; readonly severity?: Severity },
): Looked {
  const { at } = facts.network.services.networkmanager;
  const { wants = [], advice, severity } = mend;
  const one: Finding = {
    about: 'NetworkManager',
    says,
    ...(severity ? { severity } : {}),
    evidence: at === undefined ? [] : [{ path: at }],
    ...remedy(facts, wants, advice),
  };
  return { is: 'fail', findings: [one] };
}

/** On release 6 the network scripts take over: only where they are there and ask for an address is it removed. */
function clashing(facts: Facts): Looked {
  const { network } = facts.network.services;
  const takesOver = facts.network.profiles.some(
    ({ fits, dhcp, idle, readBy }) => fits && dhcp && idle === undefined && readBy.includes('network'),
  );
  const wants: Change[] = [{ kind: 'package', name: 'NetworkManager', is: 'absent' }];
  if (!network.enabled) wants.push({ kind: 'unit', name: network.name, state: 'enabled' });
  const advice = 'have ifcfg-eth0 ask for DHCP, then: rpm -e --nodeps NetworkManager; chkconfig network on';
  return finding(facts, 'NetworkManager and the agent clash on release 6', {
    wants: network.installed && takesOver ? wants : [],
    advice,
  });
}

/** From release 8 on the network is NetworkManager's: gone or off, there is none, unless another service has the card. */
function needed(facts: Facts): Looked {
  const { networkmanager } = facts.network.services;
  if (networkmanager.installed && networkmanager.enabled && !networkmanager.masked)
    return { is: 'pass', says: 'NetworkManager runs the network, and this agent gets along with it' };
  if (usableDhcp(facts).length > 0)
    return { is: 'pass', says: 'NetworkManager does not run the network; another service asks for an address' };
  if (!networkmanager.installed)
    return finding(facts, 'NetworkManager is gone, and nothing else brings up the network', {
      advice: installByHand(facts, 'NetworkManager'),
    });
  return finding(facts, `${networkmanager.name} does not start, and nothing else brings up the network`, {
    wants: [{ kind: 'unit', name: networkmanager.name, state: 'enabled' }],
    advice: enableByHand(facts, networkmanager.name),
  });
}

function look(facts: Facts, policy: Policy): Looked {
  const { networkmanager, ifupdown, networkd } = facts.network.services;
  const { program, version } = facts.agent.waagent;
  const { manager, agentRemovesManager } = networkHabitsOf(facts.os);
  const role = manager(facts.os);
  if (role === 'needed' && !(networkmanager.installed && policy.profile === 'seed-2018')) return needed(facts);
  if (!networkmanager.installed) return { is: 'pass', says: 'NetworkManager is not installed' };
  if (role === 'clashes') return clashing(facts);
  if (program !== undefined && version !== undefined && compareVersions(version, '2.1') < 0)
    return finding(facts, `agent ${version} and NetworkManager clash`, {
      advice:
        'install an agent of 2.2.53.1 or later; do not remove NetworkManager where it is the only network service',
    });
  // Where another service has the card already, the package manager may take NetworkManager away.
  const others = [ifupdown, networkd].filter((unit) => unit.installed);
  const takesOver = others.some((unit) => unit.enabled) && usableDhcp(facts).some(({ path }) => !isManagers(path));
  if (program === undefined && agentRemovesManager && !takesOver) {
    const first =
      others[0] === undefined
        ? 'install ifupdown and configure eth0 for DHCP'
        : `have ${others[0].name} bring up eth0 with DHCP and enable it`;
    return finding(facts, 'installing the agent package removes NetworkManager, and with it the network', {
      advice: `${first}, and only then install the agent`,
    });
  }
  // The article says the agent *may* clash; nothing is removed on the strength of that (CJ-6, CJ-30).
  if (policy.profile === 'seed-2018')
    return finding(facts, 'the article of 2018 warns that the agent may clash with NetworkManager; this one does not', {
      advice: 'leave NetworkManager where it is the network service',
      severity: 'info',
    });
  return { is: 'pass', says: 'NetworkManager is installed, and this agent gets along with it' };
}

const isManagers = (path: GuestPath) => path.includes('/NetworkManager/');

export const networkmanagerConflict: Check = {
  id: 'networkmanager-conflict',
  area: 'network',
  title: 'The agent does not clash with NetworkManager',
  severity: 'must',
  why: 'Old agents and NetworkManager fight over the network; newer systems need NetworkManager, so it is never removed without looking.',
  source: [article, centosArticle, lisa('verify_network_manager_not_installed'), waagent],
  fix: {
    all: 'nothing to mend where NetworkManager runs the network',
    rhel: 'release 6: removed where the network scripts ask for an address; from 8 on enabled where nothing else runs the network',
    fedora: 'enabled where nothing else runs the network',
  },
  look,
};
