import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Check, Facts, FamilyName, Finding, Looked, Policy } from '../../model.ts';
import { article, centosArticle, lisa, waagent } from '../sources.ts';

/** Families whose agent package cannot be installed beside NetworkManager: the package manager removes one for the other. */
const packageConflicts: readonly FamilyName[] = ['debian'];

/** RHEL and Oracle 6, where the agent manages the network through scripts that NetworkManager overrides. */
function isRelease6(facts: Facts): boolean {
  const { family, version } = facts.os.distro;
  return (family === 'rhel' || family === 'oracle') && versionNumbers(version)[0] === 6;
}

function finding(facts: Facts, says: string, advice: string, severity?: 'info'): Looked {
  const { at } = facts.network.services.networkmanager;
  const one: Finding = {
    about: 'NetworkManager',
    says,
    ...(severity ? { severity } : {}),
    evidence: at === undefined ? [] : [{ path: at }],
    wants: [],
    advice,
  };
  return { is: 'fail', findings: [one] };
}

function look(facts: Facts, policy: Policy): Looked {
  const { networkmanager, ifupdown, networkd } = facts.network.services;
  const { program, version } = facts.agent.waagent;
  if (!networkmanager.installed) return { is: 'pass', says: 'NetworkManager is not installed' };
  if (isRelease6(facts))
    return finding(
      facts,
      'NetworkManager and the agent clash on release 6',
      'rpm -e --nodeps NetworkManager; chkconfig network on',
    );
  if (program !== undefined && version !== undefined && compareVersions(version, '2.1') < 0)
    return finding(
      facts,
      `agent ${version} and NetworkManager clash`,
      'install an agent of 2.2.53.1 or later; do not remove NetworkManager where it is the only network service',
    );
  if (program === undefined && packageConflicts.includes(facts.os.distro.family)) {
    const other = [ifupdown, networkd].find((unit) => unit.installed)?.name;
    const first =
      other === undefined
        ? 'install ifupdown and configure eth0 for DHCP'
        : `have ${other} bring up eth0 with DHCP and enable it`;
    return finding(
      facts,
      'installing the agent package removes NetworkManager, and with it the network',
      `${first}, and only then install the agent`,
    );
  }
  // The article says the agent *may* clash; nothing is removed on the strength of that (CJ-6, CJ-30).
  if (policy.profile === 'seed-2018')
    return finding(
      facts,
      'the article of 2018 warns that the agent may clash with NetworkManager; this one does not',
      'leave NetworkManager where it is the network service',
      'info',
    );
  return { is: 'pass', says: 'NetworkManager is installed, and this agent gets along with it' };
}

export const networkmanagerConflict: Check = {
  id: 'networkmanager-conflict',
  area: 'network',
  title: 'The agent does not clash with NetworkManager',
  severity: 'must',
  why: 'Old agents and NetworkManager fight over the network; newer systems need NetworkManager, so it is never removed without looking.',
  source: [article, centosArticle, lisa('verify_network_manager_not_installed'), waagent],
  fix: {
    all: 'nothing to mend where NetworkManager runs the network',
    rhel: 'release 6: by hand, rpm -e --nodeps NetworkManager; from 7 on it stays',
  },
  look,
};
