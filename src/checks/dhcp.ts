import { networkHabitsOf } from '../families/distro/index.ts';
import { readInterfaces } from '../formats/ifupdown.ts';
import type {
  Change,
  Evidence,
  Facts,
  GuestPath,
  NetworkProfile,
  NetworkService,
  Policy,
  UnitState,
} from '../model.ts';
import { textOf } from './fixable.ts';
import { cloudInitDoesNetwork } from './provisioner.ts';

/** Who asks for an address at boot, and the file that makes a service ask on any machine in Azure. */

export type Service = NetworkService;

/** Which of several to enable when none is: the one that needs least configuration first. */
export const order: readonly Service[] = ['networkmanager', 'networkd', 'ifupdown', 'wicked', 'network', 'dhcpcd'];

/** Those that start at boot. */
export function enabledServices({ network: { services } }: Facts): Service[] {
  const isOn = (unit: UnitState) => unit.installed && unit.enabled && !unit.masked;
  return order.filter((name) => isOn(services[name]));
}

/** NetworkManager brings up what nobody configured, unless told not to; cloud-init writes a configuration at every first boot. */
export function findsItsOwn(facts: Facts): string | undefined {
  if (enabledServices(facts).includes('networkmanager') && facts.network.idleManager === undefined)
    return 'NetworkManager';
  if (enabledServices(facts).includes('dhcpcd')) return 'dhcpcd';
  return cloudInitDoesNetwork(facts) ? 'cloud-init' : undefined;
}

/** Where DHCP is asked for on a new machine too, by a service that starts. */
export function usableDhcp(facts: Facts): Evidence[] {
  return cardProfiles(facts)
    .filter(({ dhcp }) => dhcp)
    .map(({ at }) => at);
}

/** What a service that starts will do to the card of the new machine. */
function cardProfiles(facts: Facts): NetworkProfile[] {
  const enabled = enabledServices(facts);
  return facts.network.profiles.filter(
    ({ fits, idle, readBy }) => fits && idle === undefined && readBy.some((name) => enabled.includes(name)),
  );
}

/** Pairs of services that leave each other's cards alone, or are one service under two names. */
const peaceful: readonly (readonly [Service, Service])[] = [
  // The scripts hand their cards over to NetworkManager, by the same files.
  ['networkmanager', 'network'],
  // NetworkManager does not touch what stands in /etc/network/interfaces; Debian's dhcpcd does not start beside it.
  ['networkmanager', 'ifupdown'],
  ['ifupdown', 'dhcpcd'],
  ['wicked', 'network'],
];

/** Services that start and would configure the card of the new machine, each in ignorance of the others; none where it is one. */
export function rivals(facts: Facts): Service[] {
  const { idleManager } = facts.network;
  const profiles = cardProfiles(facts);
  const takes = (name: Service): boolean => {
    if (name === 'networkmanager' && idleManager?.how === 'unmanaged') return false;
    // dhcpcd takes what it finds, unless it is told which cards are its own.
    if (name === 'dhcpcd') return !/^\s*(allow|deny)interfaces\s/m.test(textOf(facts, '/etc/dhcpcd.conf') ?? '');
    const byItself = name === 'networkmanager' && idleManager === undefined;
    return byItself || profiles.some(({ readBy }) => readBy.includes(name));
  };
  const takers = enabledServices(facts).filter(takes);
  const agree = (one: Service, other: Service) =>
    one === other || peaceful.some((pair) => pair.includes(one) && pair.includes(other));
  return takers.filter((one) => takers.some((other) => !agree(one, other)));
}

type DhcpFile = Extract<Change, { kind: 'file' }> & {
  readonly is: { readonly content: string; readonly mode: number };
};

function file(path: GuestPath, content: string, mode = 0o644): DhcpFile {
  return { kind: 'file', path, is: { content, mode } };
}

const interfaces: GuestPath = '/etc/network/interfaces';

function ifupdownFile(facts: Facts): DhcpFile {
  const texts = Object.entries(facts.texts).filter(([path]) => path.startsWith(interfaces));
  const stanzas = texts.flatMap(([, text]) => readInterfaces(text).stanzas);
  // A second stanza would ask twice; what is there only has to be started.
  const isThere = stanzas.some((one) => one.name === 'eth0' && one.family === 'inet' && one.method === 'dhcp');
  const stanza = isThere ? 'auto eth0\n' : 'auto eth0\niface eth0 inet dhcp\n';
  const text = textOf(facts, interfaces);
  if (text === undefined) return file(interfaces, `auto lo\niface lo inet loopback\n\n${stanza}`);
  const sourced = /^\s*source(-directory)?\s+\/etc\/network\/interfaces\.d(\/\*)?\s*$/m.test(text);
  return file(sourced ? '/etc/network/interfaces.d/eth0' : interfaces, stanza);
}

/** ifcfg-eth0 as the articles have it. */
function ifcfgFile(facts: Facts): DhcpFile {
  const { ifcfgFolder, ifcfgEth0 } = networkHabitsOf(facts.os);
  return file(`${ifcfgFolder}/ifcfg-eth0`, ifcfgEth0(facts.os, enabledServices(facts).includes('networkmanager')));
}

/** The one profile of the first card, in releases whose articles ask for ifcfg-eth0: NetworkManager reads it there too. */
export function askedIfcfg(facts: Facts): DhcpFile | undefined {
  return networkHabitsOf(facts.os).asksIfcfg(facts.os) ? ifcfgFile(facts) : undefined;
}

/** The file that has the first service that starts ask by DHCP: on Azure the interface is eth0, driven by hv_netvsc. */
function dhcpFile(facts: Facts): DhcpFile | undefined {
  const { services, idleManager } = facts.network;
  // A NetworkManager that leaves cards alone obeys no connection either.
  const [first] = enabledServices(facts).filter((one) => one !== 'networkmanager' || idleManager?.how !== 'unmanaged');
  const asked = askedIfcfg(facts);
  if (asked !== undefined && (first === 'networkmanager' || first === 'network')) return asked;
  switch (first) {
    case 'networkmanager':
      return file(
        '/etc/NetworkManager/system-connections/azure-dhcp.nmconnection',
        '[connection]\nid=azure-dhcp\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n',
        0o600, // others are passed over
      );
    case 'networkd':
      // networkd may start for netplan's sake only.
      return services.netplan.enabled
        ? file(
            '/etc/netplan/90-azure-dhcp.yaml',
            'network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n',
            0o600,
          )
        : file('/etc/systemd/network/50-azure-dhcp.network', '[Match]\nDriver=hv_netvsc\n\n[Network]\nDHCP=yes\n');
    case 'ifupdown':
      return ifupdownFile(facts);
    case 'wicked':
    case 'network':
      return ifcfgFile(facts);
    default:
      return undefined;
  }
}

/**
 * The want that makes the machine ask by DHCP. None where a file of that name is there already: a person joins the two.
 * Where what is there is to go as a whole anyway, it is replaced.
 */
export function dhcpWants(facts: Facts, policy: Policy): DhcpFile[] {
  const wanted = dhcpFile(facts);
  if (wanted === undefined || isTaken(facts, policy)) return [];
  const isFree = textOf(facts, wanted.path) === undefined && facts.unreadable[wanted.path] === undefined;
  return isFree || goesWhole(facts, wanted.path, policy) ? [wanted] : [];
}

/** The card is configured already, in another way than by DHCP: a second configuration would fight with that, or lose. */
function isTaken(facts: Facts, policy: Policy): boolean {
  return cardProfiles(facts).some(({ dhcp, at }) => !dhcp && !goesWhole(facts, at.path, policy));
}

/** The fix that --allow names: files with an address of this machine go as a whole. */
export const allowStatic = 'static-network';

type Pin = Facts['network']['pins'][number];

/** Whether the file of a pin goes as a whole, if --allow says so: it sets an address, or ties itself to one interface. */
export function isGoing(facts: Facts, { what, at }: Pin, policy: Policy): boolean {
  if (!policy.allow.includes(allowStatic) || at.path === interfaces) return false;
  const isStatic = facts.network.pins.some((pin) => pin.what === 'static-address' && pin.at.path === at.path);
  return isStatic || what !== 'mac' || !lineStandsAlone(at.path);
}

/** Whether a file goes as a whole, for the sake of any of its pins. */
export function goesWhole(facts: Facts, path: GuestPath, policy: Policy): boolean {
  return facts.network.pins.some((pin) => pin.at.path === path && isGoing(facts, pin, policy));
}

/** Formats in which a single line can go without changing what the lines around it mean; YAML and [Match] are not. */
export function lineStandsAlone(path: GuestPath): boolean {
  return path.startsWith('/etc/network/') || /\.nmconnection$|\/ifcfg-[^/]+$/.test(path);
}

/** Whether the machine gets an address without that file: by itself, or by another file. */
export function isMadeUpFor(facts: Facts, path: GuestPath, policy: Policy): boolean {
  const others = usableDhcp(facts).filter((at) => at.path !== path && !goesWhole(facts, at.path, policy));
  return findsItsOwn(facts) !== undefined || others.length > 0;
}

/** What a person does, in one line. */
export function dhcpByHand(facts: Facts): string {
  const wanted = dhcpFile(facts);
  if (wanted === undefined) return 'configure eth0 for DHCP, without name of another card and without MAC address';
  const says = wanted.is.content.replaceAll("'", '"').replaceAll('\n', '\\n');
  const isThere = textOf(facts, wanted.path) !== undefined;
  const first = isThere ? `take out what ${wanted.path} says of that card, then: ` : '';
  return `${first}printf '${says}' ${isThere ? '>>' : '>'} ${wanted.path}`;
}

/**
 * What it takes for DHCP on a card that is called eth0 (CJ-13: `net.ifnames=0` makes it that on any machine): nothing where
 * that is so already, else the wants that make it so; undefined where this program cannot.
 */
export function eth0DhcpWants(facts: Facts, policy: Policy): readonly Change[] | undefined {
  if (findsItsOwn(facts) !== undefined || usableDhcp(facts).length > 0) return [];
  const wants = dhcpWants(facts, policy);
  return wants.length === 0 ? undefined : wants;
}
