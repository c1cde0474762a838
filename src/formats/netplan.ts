import type { NetworkService } from '../model.ts';
import { driversFit, type Notes, namesFit, notePinnedName } from './network-notes.ts';
import { type YamlEntry, type YamlNode, yamlAt } from './yaml-outline.ts';

const netplanKinds = ['ethernets', 'wifis', 'bonds', 'bridges', 'vlans', 'dummy-devices', 'tunnels', 'vrfs', 'modems'];

/** The renderer that a file names for all devices; undefined where it names none. */
export function netplanRenderer(root: YamlNode): string | undefined {
  return textAt(yamlAt(root, 'network', 'renderer'));
}

/** Reads one of netplan's files. `renderer` is what devices have that name none, which another file may say. */
export function noteNetplan(root: YamlNode, notes: Notes, renderer: string): void {
  const network = yamlAt(root, 'network');
  if (network?.is === 'unread') notes.unread(network.line);
  if (network?.is !== 'map') return;
  for (const kind of netplanKinds) {
    const devices = yamlAt(network, kind);
    if (devices?.is === 'unread') notes.unread(devices.line);
    if (devices?.is !== 'map') continue;
    const own = textAt(yamlAt(devices, 'renderer')) ?? renderer;
    for (const device of devices.entries) {
      if (device.key !== 'renderer') noteDevice(device, kind === 'ethernets', own, notes);
    }
  }
}

const isYes = (text: string | undefined) => /^(?:true|yes|on|y)$/i.test(text ?? '');

function noteDevice({ key: name, line, node }: YamlEntry, physical: boolean, renderer: string, notes: Notes): void {
  if (node.is !== 'map') {
    if (node.is !== 'text' || node.text !== '') notes.unread(line);
    return;
  }
  const { entries } = node;
  const match = entries.find((entry) => entry.key === 'match')?.node;
  const matches = match?.is === 'map' ? match.entries : [];
  // With `match` the name is only a label.
  if (physical && matches.length === 0) notePinnedName(name, line, notes);
  let pinned = false;
  let fixed = false;
  for (const { key, line: at, node: value } of [...entries, ...matches]) {
    const text = textAt(value) ?? '';
    if (value.is === 'unread') notes.unread(value.line);
    if (key === 'addresses' && value.is === 'list') {
      fixed ||= value.items.length > 0;
      for (const item of value.items)
        notes.pin('static-address', `${name} has the address ${addressOf(item)}`, item.line);
    }
    if (key === 'macaddress' && text !== '') {
      pinned = true;
      notes.pin('mac', `${name} is tied to the hardware address ${text}`, at);
    }
    if (key === 'name' && matches.some((entry) => entry.node === value)) notePinnedName(text, at, notes);
  }
  if (!physical) return;
  const dhcp = entries.findLast((entry) => entry.key === 'dhcp4');
  const isDhcp = isYes(textAt(dhcp?.node));
  const names = matches.length === 0 ? [name] : wordsAt(matches, 'name');
  const activation = textAt(entries.find((entry) => entry.key === 'activation-mode')?.node);
  const manager = textAt(entries.find((entry) => entry.key === 'renderer')?.node) ?? renderer;
  const readBy: NetworkService[] = [manager === 'NetworkManager' ? 'networkmanager' : 'networkd'];
  notes.profile(
    {
      name,
      fits: !pinned && namesFit(names) && driversFit(wordsAt(matches, 'driver')),
      dhcp: isDhcp,
      fixed,
      idle: /^(?:manual|off)$/.test(activation ?? '') ? `activation-mode: ${activation}` : undefined,
      readBy,
    },
    isDhcp ? (dhcp?.line ?? line) : line,
  );
}

function textAt(node: YamlNode | undefined): string | undefined {
  return node?.is === 'text' ? node.text : undefined;
}

/** A text, or a list of texts. */
function wordsAt(entries: readonly YamlEntry[], key: string): string[] {
  const node = entries.findLast((entry) => entry.key === key)?.node;
  const items = node?.is === 'list' ? node.items : node === undefined ? [] : [node];
  return items.map((item) => textAt(item) ?? '?');
}

/** An address is a text, or a map of one with its options. */
function addressOf(item: YamlNode): string {
  return item.is === 'text' ? item.text : item.is === 'map' ? (item.entries[0]?.key ?? '') : '?';
}
