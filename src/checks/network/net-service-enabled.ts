import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { enableByHand } from '../by-hand.ts';
import {
  dhcpByHand,
  dhcpWants,
  enabledServices,
  findsItsOwn,
  order,
  rivals,
  type Service,
  usableDhcp,
} from '../dhcp.ts';
import { remedy } from '../fixable.ts';
import { centosArticle, rhelArticle } from '../sources.ts';
import { networkFiles, unread } from '../unread.ts';

function withoutService(facts: Facts, installed: readonly Service[]): Looked {
  const first = installed[0];
  if (first === undefined) {
    if (facts.os.init !== 'systemd')
      return { is: 'unknown', why: `no network service that this program knows was found (init: ${facts.os.init})` };
    const says = 'no network service is installed';
    const advice = 'install and enable one: ifupdown, systemd-networkd or NetworkManager, with DHCP on eth0';
    return { is: 'fail', findings: [{ about: 'network', says, evidence: [], wants: [], advice }] };
  }
  const unit = facts.network.services[first];
  const others = installed.length > 1 ? ` (nor is any of ${installed.slice(1).join(', ')})` : '';
  const finding: Finding = {
    about: unit.name,
    says: `${unit.name} is ${unit.masked ? 'masked' : 'not enabled'}${others}: no network after boot`,
    evidence: unit.at === undefined ? [] : [{ path: unit.at }],
    ...remedy(facts, [{ kind: 'unit', name: unit.name, state: 'enabled' }], enableByHand(facts, unit.name)),
  };
  return { is: 'fail', findings: [finding] };
}

/** Two DHCP clients on one card: it has a network, of which either may take away what the other has set. */
function rivalry(facts: Facts): Finding[] {
  const names = rivals(facts).map((name) => facts.network.services[name].name);
  if (names.length === 0) return [];
  return [
    {
      about: names.join(', '),
      says: `${names.join(' and ')} start at boot, and each configures the same card`,
      severity: 'should',
      evidence: usableDhcp(facts),
      wants: [],
      advice: 'leave the card to one of them, and switch the others off',
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  const { services, profiles, pins, idleManager } = facts.network;
  const enabled = enabledServices(facts);
  const first = enabled[0];
  if (first === undefined)
    return withoutService(
      facts,
      order.filter((name) => services[name].installed),
    );
  const names = enabled.map((name) => services[name].name).join(', ');
  const own = findsItsOwn(facts);
  if (own !== undefined)
    return judge(rivalry(facts), [], `${names} starts at boot, and ${own} configures what it finds`);
  if (usableDhcp(facts).length > 0)
    return judge(rivalry(facts), [], `${names} starts at boot and asks for an address by DHCP`);
  const doubts = unread(facts, networkFiles);
  if (doubts.length > 0) return judge([], doubts, '');
  const { networkOff } = facts.agent.cloudInit;
  const off = networkOff === undefined ? [] : [networkOff];
  const idle = enabled.includes('networkmanager') && idleManager !== undefined ? [idleManager.at] : [];
  const finding: Finding = {
    about: services[first].name,
    says: `${names} starts at boot, but nothing asks for an address by DHCP on a machine with another network card`,
    evidence: [
      ...profiles.filter(({ dhcp }) => dhcp).map(({ at }) => at),
      ...pins.map((pin) => pin.at),
      ...off,
      ...idle,
    ],
    ...remedy(facts, dhcpWants(facts, policy), dhcpByHand(facts)),
  };
  return { is: 'fail', findings: [finding] };
}

export const netServiceEnabled: Check = {
  id: 'net-service-enabled',
  area: 'network',
  title: 'The network comes up at boot, by DHCP',
  severity: 'must',
  why: 'A machine in Azure gets its address by DHCP on eth0; without it nobody reaches it.',
  source: [rhelArticle, centosArticle],
  fix: {
    all: 'apply: the service that the configuration is written for is enabled; which of two that fight for the card is to stay, a person decides',
  },
  look,
};
