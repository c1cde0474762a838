import { networkHabitsOf } from '../../families/distro/index.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { dhcpByHand, dhcpWants, enabledServices, usableDhcp } from '../dhcp.ts';
import { remedy } from '../fixable.ts';
import { cloudInitDoesNetwork } from '../provisioner.ts';
import { lisa, rhelArticle } from '../sources.ts';
import { networkFiles, unread } from '../unread.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (networkHabitsOf(facts.os).manager(facts.os) !== 'needed')
    return { is: 'not-applicable', why: 'NetworkManager need not run the network here' };
  if (!enabledServices(facts).includes('networkmanager'))
    return { is: 'not-applicable', why: 'NetworkManager does not start; networkmanager-conflict says more' };
  if (cloudInitDoesNetwork(facts)) return { is: 'pass', says: 'cloud-init writes the profile at the first boot' };
  const [found] = usableDhcp(facts);
  if (found !== undefined) return { is: 'pass', says: `${found.path} asks for DHCP on eth0` };
  const doubts = unread(facts, networkFiles);
  if (doubts.length > 0) return judge([], doubts, '');
  const others = facts.network.profiles.filter(({ readBy }) => readBy.includes('networkmanager'));
  const idle = others.find((one) => one.fits && one.dhcp)?.idle;
  const finding: Finding = {
    about: 'NetworkManager',
    says: `no connection of NetworkManager asks for DHCP on eth0${idle === undefined ? '' : ` at boot: ${idle}`}`,
    evidence: others.map(({ at }) => at),
    ...remedy(facts, dhcpWants(facts, policy), dhcpByHand(facts)),
  };
  return { is: 'fail', findings: [finding] };
}

export const netNmProfileDhcp: Check = {
  id: 'net-nm-profile-dhcp',
  area: 'network',
  title: 'NetworkManager has a connection with DHCP for eth0',
  severity: 'should',
  why: 'A connection for a card of another name or MAC address is not used on the new machine.',
  source: [rhelArticle, lisa('verify_ifcfg_eth0')],
  fix: {
    all: 'nothing to mend where NetworkManager need not run the network',
    rhel: 'a connection for eth0 is added',
    fedora: 'a connection for eth0 is added',
  },
  look,
};
