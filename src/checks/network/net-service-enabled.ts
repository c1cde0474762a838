import type { Change, Check, Evidence, Facts, Finding, GuestPath, Looked, UnitState } from '../../model.ts';
import { judge } from '../answer.ts';
import { enableByHand } from '../by-hand.ts';
import { remedy, textOf } from '../fixable.ts';
import { cloudInitDoesNetwork } from '../provisioner.ts';
import { centosArticle, rhelArticle } from '../sources.ts';
import { networkFiles, unread } from '../unread.ts';

type Service = keyof Facts['network']['services'];

/** Which of several to enable when none is: the one that needs least configuration first. */
const order: readonly Service[] = ['networkmanager', 'networkd', 'ifupdown', 'wicked', 'network'];

const interfaces: GuestPath = '/etc/network/interfaces';

/** What makes a service ask for an address on any machine: on Azure the interface is eth0, driven by hv_netvsc. */
function dhcpFor(facts: Facts, service: Service): Change[] {
  const file = (path: GuestPath, content: string): Change[] => [{ kind: 'file', path, is: { content, mode: 0o644 } }];
  if (service === 'networkd')
    return file('/etc/systemd/network/50-azure-dhcp.network', '[Match]\nDriver=hv_netvsc\n\n[Network]\nDHCP=yes\n');
  if (service !== 'ifupdown') return [];
  const text = textOf(facts, interfaces);
  const stanza = 'auto eth0\niface eth0 inet dhcp\n';
  if (text === undefined) return file(interfaces, `auto lo\niface lo inet loopback\n\n${stanza}`);
  const sourced = /^\s*source(-directory)?\s+\/etc\/network\/interfaces\.d(\/\*)?\s*$/m.test(text);
  const own: GuestPath = '/etc/network/interfaces.d/eth0';
  return sourced && textOf(facts, own) === undefined ? file(own, stanza) : [];
}

/** DHCP for one interface by another name, or for one MAC address, is none on the new machine. */
function isPinned(facts: Facts, at: Evidence): boolean {
  return facts.network.pins.some(
    (pin) =>
      pin.what !== 'static-address' && pin.at.path === at.path && (pin.at.line === at.line || isOneInterface(at.path)),
  );
}

/** Files that mostly configure one interface each: a pin on any line is taken to hold for the whole. */
function isOneInterface(path: GuestPath): boolean {
  return /\.(network|nmconnection|ya?ml)$|\/ifcfg-[^/]+$/.test(path);
}

/** NetworkManager brings up what nobody configured; cloud-init writes a configuration at every first boot. */
function findsItsOwn(facts: Facts, enabled: readonly Service[]): string | undefined {
  if (enabled.includes('networkmanager')) return 'NetworkManager';
  return cloudInitDoesNetwork(facts) ? 'cloud-init' : undefined;
}

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

function look(facts: Facts): Looked {
  const { services, dhcp, pins } = facts.network;
  const isOn = (unit: UnitState) => unit.installed && unit.enabled && !unit.masked;
  const enabled = order.filter((name) => isOn(services[name]));
  const first = enabled[0];
  if (first === undefined)
    return withoutService(
      facts,
      order.filter((name) => services[name].installed),
    );
  const names = enabled.map((name) => services[name].name).join(', ');
  const own = findsItsOwn(facts, enabled);
  if (own !== undefined) return { is: 'pass', says: `${names} starts at boot, and ${own} configures what it finds` };
  const usable = dhcp.filter((at) => !isPinned(facts, at));
  if (usable.length > 0) return { is: 'pass', says: `${names} starts at boot and asks for an address by DHCP` };
  const doubts = unread(facts, networkFiles);
  if (doubts.length > 0) return judge([], doubts, '');
  const { networkOff } = facts.agent.cloudInit;
  const off = networkOff === undefined ? [] : [networkOff];
  const finding: Finding = {
    about: services[first].name,
    says: `${names} starts at boot, but nothing asks for an address by DHCP on a machine with another network card`,
    evidence: [...dhcp, ...pins.map((pin) => pin.at), ...off],
    ...remedy(
      facts,
      dhcpFor(facts, first),
      'configure eth0 for DHCP, without name of another card and without MAC address',
    ),
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
  look,
};
