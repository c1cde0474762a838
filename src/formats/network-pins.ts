/** What a network configuration ties to one machine, and what it says of the card that the new machine has. */
import type { Evidence, GuestPath, NetworkFacts, NetworkProfile } from '../model.ts';
import { noteIfcfg } from './ifcfg.ts';
import { type IfaceStanza, isStarted, readInterfaces } from './ifupdown.ts';
import { type IniLine, readIniLines } from './ini-lines.ts';
import { splitLines } from './lines.ts';
import { noteNetplan } from './netplan.ts';
import { driversFit, type Notes, namesFit, notePinnedName } from './network-notes.ts';
import { readYaml } from './yaml-outline.ts';

export type NetworkKind = NetworkProfile['format'];

export interface NetworkPins {
  readonly pins: NetworkFacts['pins'];
  readonly profiles: NetworkFacts['profiles'];
  /** Parts that could not be read: what they hold is not known. */
  readonly unread: readonly Evidence[];
}

/** What other files say that bears on this one. */
export interface Around {
  /** What /etc/network/interfaces and the files it sources bring up at boot; those of this text where not given. */
  readonly started?: readonly string[];
  /** What renders netplan's devices that name nothing else. */
  readonly renderer?: string;
}

/**
 * Reads one file of the network configuration. A name is a pin unless it is `lo`, a pattern, or `eth0`, which is what the
 * one adapter is called on Azure (`interface-name`); so is a hardware address (`mac`) and an address given by hand
 * (`static-address`).
 */
export function readNetworkPins(kind: NetworkKind, text: string, path: GuestPath, around: Around = {}): NetworkPins {
  const lines = splitLines(text);
  const at = (line: number): Evidence => ({ path, line, text: (lines[line - 1]?.text ?? '').slice(0, 400).trim() });
  const pins: NetworkFacts['pins'][number][] = [];
  const profiles: NetworkProfile[] = [];
  const unread: Evidence[] = [];
  const notes: Notes = {
    pin: (what, says, line) => pins.push({ what, says, at: at(line) }),
    profile: (profile, line) => profiles.push({ format: kind, at: at(line), ...profile }),
    unread: (line) => unread.push(at(line)),
  };
  readers[kind](text, path, notes, around);
  return { pins, profiles, unread };
}

const readers: Readonly<Record<NetworkKind, (text: string, path: GuestPath, notes: Notes, around: Around) => void>> = {
  interfaces: (text, _path, notes, { started }) => {
    const read = readInterfaces(text);
    for (const stanza of read.stanzas) noteStanza(stanza, notes, isStarted(stanza.name, started ?? read.started));
  },
  netplan: (text, _path, notes, { renderer }) => noteNetplan(readYaml(text), notes, renderer ?? 'networkd'),
  networkd: (text, path, notes) => noteNetworkd(readIniLines(text), path, notes),
  keyfile: (text, path, notes) => noteKeyfile(readIniLines(text), path, notes),
  ifcfg: noteIfcfg,
};

function noteStanza({ name, family, method, line, options }: IfaceStanza, notes: Notes, starts: boolean): void {
  if (method === 'loopback') return;
  notePinnedName(name, line, notes);
  for (const { key, value, line: at } of options) {
    if (key === 'address' && method === 'static') notes.pin('static-address', `${name} has the address ${value}`, at);
    if (key === 'hwaddress') notes.pin('mac', `${name} is given the hardware address ${value}`, at);
  }
  if (family !== 'inet') return;
  notes.profile(
    {
      name,
      fits: namesFit([name]) && !options.some(({ key }) => key === 'hwaddress'),
      dhcp: method === 'dhcp',
      fixed: method === 'static',
      idle: starts ? undefined : 'nothing brings it up at boot (auto or allow-hotplug)',
      readBy: ['ifupdown'],
    },
    line,
  );
}

/** Matches that no card of another machine can be known to meet. */
const otherMatches = /^(?:Path|Property|SSID|BSSID|WLANInterfaceType|Kind)$/;

function noteNetworkd(lines: readonly IniLine[], path: GuestPath, notes: Notes): void {
  const matched = (name: string) =>
    lines
      .filter(({ section, key }) => section === 'Match' && key === name)
      .flatMap(({ value }) => value.split(/\s+/).filter((word) => word !== ''));
  let pinned = false;
  let fixed = false;
  for (const { section, key, value, line } of lines) {
    if (section === 'Match' && /^(?:Permanent)?MACAddress$/.test(key)) {
      pinned = true;
      notes.pin('mac', `matches the hardware address ${value}`, line);
    }
    if (section === 'Match' && key === 'Name') for (const name of value.split(/\s+/)) notePinnedName(name, line, notes);
    if (section === 'Match' && otherMatches.test(key) && !value.startsWith('!')) pinned = true;
    if (section === 'Link' && key === 'MACAddress') {
      pinned = true;
      notes.pin('mac', `sets the hardware address ${value}`, line);
    }
    if (/^(?:Network|Address)$/.test(section) && key === 'Address' && value !== '' && !/^(?:127\.|::1)/.test(value)) {
      fixed = true;
      notes.pin('static-address', `has the address ${value}`, line);
    }
  }
  // A .link file names and tunes cards, and an empty file is one that is switched off.
  if (path.endsWith('.link') || lines.length === 0) return;
  const dhcp = lines.findLast(({ section, key }) => section === 'Network' && key === 'DHCP');
  const isDhcp = /^(?:yes|true|on|1|y|t|ipv4|both|v4)$/i.test(dhcp?.value ?? '');
  const container = matched('Virtualization').some((word) => /^(?:container|no|false)$/.test(word));
  notes.profile(
    {
      name: path.slice(path.lastIndexOf('/') + 1),
      fits:
        !pinned &&
        !container &&
        namesFit(matched('Name')) &&
        driversFit(matched('Driver')) &&
        namesFit(matched('Type'), 'ether'),
      dhcp: isDhcp,
      fixed,
      idle: undefined,
      readBy: ['networkd'],
    },
    isDhcp ? (dhcp?.line ?? 1) : 1,
  );
}

function noteKeyfile(lines: readonly IniLine[], path: GuestPath, notes: Notes): void {
  const values = new Map(lines.map(({ section, key, value }) => [`${section}.${key}`, value]));
  const of = (name: string) => values.get(name) ?? '';
  if (of('connection.type') === 'loopback') return;
  const manual = (family: string) => values.get(`${family}.method`) === 'manual';
  let pinned = false;
  let fixed = false;
  for (const { section, key, value, line } of lines) {
    if (/^ipv[46]$/.test(section) && /^address(?:es|\d+)$/.test(key) && manual(section)) {
      fixed = true;
      notes.pin('static-address', `has the address ${value}`, line);
    }
    if (section === 'connection' && key === 'interface-name') notePinnedName(value, line, notes);
    const ethernet = section === 'ethernet' || section === '802-3-ethernet';
    // `preserve`, `random`, `stable` and `permanent` are rules, not addresses.
    if (ethernet && /^(?:cloned-)?mac-address$/.test(key) && /[:;]/.test(value)) {
      pinned = true;
      notes.pin('mac', `is tied to the hardware address ${value}`, line);
    }
  }
  if (!/^(?:(?:802-3-)?ethernet)?$/.test(of('connection.type'))) return;
  const words = (name: string) => of(name).split(/[;,\s]+/);
  const port = of('connection.master') !== '' || of('connection.controller') !== '';
  const method = lines.findLast(({ section, key }) => section === 'ipv4' && key === 'method');
  // Not set, NetworkManager takes `auto`, except for a port of a bridge or bond.
  const dhcp = method === undefined ? !port : method.value === 'auto';
  const autoconnect = of('connection.autoconnect');
  notes.profile(
    {
      name: of('connection.id') || path.slice(path.lastIndexOf('/') + 1),
      fits:
        !pinned &&
        namesFit([of('connection.interface-name')]) &&
        namesFit(words('match.interface-name')) &&
        driversFit(words('match.driver')),
      dhcp,
      fixed,
      idle: /^(?:false|no|off|0)$/i.test(autoconnect) ? `autoconnect=${autoconnect}` : undefined,
      readBy: ['networkmanager'],
    },
    dhcp ? (method?.line ?? 1) : 1,
  );
}
