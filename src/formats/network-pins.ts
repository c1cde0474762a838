/** What a network configuration ties to one machine, and where it asks for DHCP. */
import type { Evidence, GuestPath, NetworkFacts } from '../model.ts';
import { type IfaceStanza, isStarted, readInterfaces } from './ifupdown.ts';
import { type IniLine, readIniLines } from './ini-lines.ts';
import { splitLines } from './lines.ts';
import { readShellVars } from './shell-vars.ts';
import { readYaml, type YamlEntry, type YamlNode, yamlAt } from './yaml-outline.ts';

export type NetworkKind = 'interfaces' | 'netplan' | 'networkd' | 'keyfile' | 'ifcfg';

export interface NetworkPins {
  readonly pins: NetworkFacts['pins'];
  readonly dhcp: NetworkFacts['dhcp'];
  /** Parts that could not be read: what they hold is not known. */
  readonly unread: readonly Evidence[];
}

type Pin = NetworkFacts['pins'][number];

/** Collects what one file says. */
interface Notes {
  pin(what: Pin['what'], says: string, line: number): void;
  dhcp(line: number): void;
  unread(line: number): void;
}

/**
 * Reads one file of the network configuration. A name is a pin unless it is `lo`, a pattern, or `eth0`, which is what the
 * one adapter is called on Azure (`interface-name`); so is a hardware address (`mac`) and an address given by hand
 * (`static-address`). What nothing brings up at boot asks for no DHCP: for /etc/network/interfaces `started` names what is,
 * which other files may say (default: those of `text`).
 */
export function readNetworkPins(
  kind: NetworkKind,
  text: string,
  path: GuestPath,
  started: readonly string[] = readInterfaces(text).started,
): NetworkPins {
  const lines = splitLines(text);
  const at = (line: number): Evidence => ({ path, line, text: (lines[line - 1]?.text ?? '').slice(0, 400).trim() });
  const pins: Pin[] = [];
  const dhcp: Evidence[] = [];
  const unread: Evidence[] = [];
  const notes: Notes = {
    pin: (what, says, line) => pins.push({ what, says, at: at(line) }),
    dhcp: (line) => dhcp.push(at(line)),
    unread: (line) => unread.push(at(line)),
  };
  readers[kind](text, path, notes, started);
  return { pins, dhcp, unread };
}

const readers: Readonly<
  Record<NetworkKind, (text: string, path: GuestPath, notes: Notes, started: readonly string[]) => void>
> = {
  interfaces: (text, _path, notes, started) => {
    for (const stanza of readInterfaces(text).stanzas) noteStanza(stanza, notes, isStarted(stanza.name, started));
  },
  netplan: (text, _path, notes) => noteNetplan(readYaml(text), notes),
  networkd: (text, _path, notes) => noteNetworkd(readIniLines(text), notes),
  keyfile: (text, _path, notes) => noteKeyfile(readIniLines(text), notes),
  ifcfg: noteIfcfg,
};

function notePinnedName(name: string, line: number, notes: Notes): void {
  if (name !== '' && name !== 'lo' && name !== 'eth0' && !/[*?[!]/.test(name)) {
    notes.pin('interface-name', `configures ${name} only`, line);
  }
}

function noteStanza({ name, family, method, line, options }: IfaceStanza, notes: Notes, starts: boolean): void {
  if (method === 'loopback') return;
  notePinnedName(name, line, notes);
  if (family === 'inet' && method === 'dhcp' && starts) notes.dhcp(line);
  for (const { key, value, line: at } of options) {
    if (key === 'address' && method === 'static') notes.pin('static-address', `${name} has the address ${value}`, at);
    if (key === 'hwaddress') notes.pin('mac', `${name} is given the hardware address ${value}`, at);
  }
}

const netplanKinds = ['ethernets', 'wifis', 'bonds', 'bridges', 'vlans', 'dummy-devices', 'tunnels', 'vrfs', 'modems'];

function noteNetplan(root: YamlNode, notes: Notes): void {
  const network = yamlAt(root, 'network');
  if (network?.is === 'unread') notes.unread(network.line);
  if (network?.is !== 'map') return;
  for (const kind of netplanKinds) {
    const devices = yamlAt(network, kind);
    if (devices?.is === 'unread') notes.unread(devices.line);
    if (devices?.is === 'map') for (const device of devices.entries) noteDevice(device, kind === 'ethernets', notes);
  }
}

function noteDevice({ key: name, line, node }: YamlEntry, physical: boolean, notes: Notes): void {
  if (node.is !== 'map') {
    if (node.is !== 'text' || node.text !== '') notes.unread(line);
    return;
  }
  const { entries } = node;
  const match = entries.find((entry) => entry.key === 'match')?.node;
  const matches = match?.is === 'map' ? match.entries : [];
  // With `match` the name is only a label.
  if (physical && matches.length === 0) notePinnedName(name, line, notes);
  for (const { key, line: at, node: value } of [...entries, ...matches]) {
    const text = value.is === 'text' ? value.text : '';
    if (value.is === 'unread') notes.unread(value.line);
    if (key === 'dhcp4' && /^(?:true|yes|on|y)$/i.test(text)) notes.dhcp(at);
    if (key === 'addresses' && value.is === 'list') {
      for (const item of value.items)
        notes.pin('static-address', `${name} has the address ${addressOf(item)}`, item.line);
    }
    if (key === 'macaddress' && text !== '') notes.pin('mac', `${name} is tied to the hardware address ${text}`, at);
    if (key === 'name' && matches.some((entry) => entry.node === value)) notePinnedName(text, at, notes);
  }
}

/** An address is a text, or a map of one with its options. */
function addressOf(item: YamlNode): string {
  return item.is === 'text' ? item.text : item.is === 'map' ? (item.entries[0]?.key ?? '') : '?';
}

function noteNetworkd(lines: readonly IniLine[], notes: Notes): void {
  for (const { section, key, value, line } of lines) {
    if (section === 'Match' && /^(?:Permanent)?MACAddress$/.test(key))
      notes.pin('mac', `matches the hardware address ${value}`, line);
    if (section === 'Match' && key === 'Name') for (const name of value.split(/\s+/)) notePinnedName(name, line, notes);
    if (section === 'Link' && key === 'MACAddress') notes.pin('mac', `sets the hardware address ${value}`, line);
    if (section === 'Network' && key === 'DHCP' && /^(?:yes|true|on|1|y|t|ipv4|both|v4)$/i.test(value))
      notes.dhcp(line);
    if (/^(?:Network|Address)$/.test(section) && key === 'Address' && value !== '' && !/^(?:127\.|::1)/.test(value)) {
      notes.pin('static-address', `has the address ${value}`, line);
    }
  }
}

function noteKeyfile(lines: readonly IniLine[], notes: Notes): void {
  const values = new Map(lines.map(({ section, key, value }) => [`${section}.${key}`, value]));
  if (values.get('connection.type') === 'loopback') return;
  const starts = !/^(?:false|no|off|0)$/i.test(values.get('connection.autoconnect') ?? '');
  const manual = (family: string) => values.get(`${family}.method`) === 'manual';
  for (const { section, key, value, line } of lines) {
    if (section === 'ipv4' && key === 'method' && value === 'auto' && starts) notes.dhcp(line);
    if (/^ipv[46]$/.test(section) && /^address(?:es|\d+)$/.test(key) && manual(section)) {
      notes.pin('static-address', `has the address ${value}`, line);
    }
    if (section === 'connection' && key === 'interface-name') notePinnedName(value, line, notes);
    const ethernet = section === 'ethernet' || section === '802-3-ethernet';
    // `preserve`, `random`, `stable` and `permanent` are rules, not addresses.
    if (ethernet && /^(?:cloned-)?mac-address$/.test(key) && /[:;]/.test(value)) {
      notes.pin('mac', `is tied to the hardware address ${value}`, line);
    }
  }
}

function noteIfcfg(text: string, path: GuestPath, notes: Notes): void {
  const settings = readShellVars(text, path);
  const fromFile = path.slice(path.lastIndexOf('/ifcfg-') + '/ifcfg-'.length);
  const name = settings['DEVICE']?.value.trim() || fromFile;
  if (name === 'lo') return;
  // ONBOOT is of the network scripts and NetworkManager, STARTMODE of SUSE.
  const isOff = (key: string, words: RegExp) => words.test(settings[key]?.value.trim() ?? '');
  const starts = !isOff('ONBOOT', /^(?:no|false|off|n|0)$/i) && !isOff('STARTMODE', /^(?:manual|off)$/i);
  notePinnedName(name, settings['DEVICE']?.at.line ?? 1, notes);
  for (const [key, { value: raw, at }] of Object.entries(settings)) {
    const value = raw.trim();
    const line = at.line ?? 1;
    if (key === 'BOOTPROTO' && /^(?:dhcp4?|bootp|dhcp\+autoip|auto4)$/i.test(value) && starts) notes.dhcp(line);
    if (/^(?:IPADDR\w*|IPV6ADDR)$/.test(key) && value !== '')
      notes.pin('static-address', `has the address ${value}`, line);
    if (/^(?:HWADDR|MACADDR|LLADDR)$/.test(key) && value !== '')
      notes.pin('mac', `is tied to the hardware address ${value}`, line);
  }
}
