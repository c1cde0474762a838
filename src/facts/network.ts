import { networkHabitsOf } from '../families/distro/index.ts';
import { readInterfaces } from '../formats/ifupdown.ts';
import { splitLines } from '../formats/lines.ts';
import { netplanRenderer } from '../formats/netplan.ts';
import { type NetworkKind, readNetworkPins } from '../formats/network-pins.ts';
import { readYaml } from '../formats/yaml-outline.ts';
import type { Evidence, GuestPath, NetworkFacts, NetworkProfile, OsFacts, UnitState } from '../model.ts';
import { below, dropIns, firstThere, glob, namesIn } from './folders.ts';
import { findIdleManager } from './network-manager.ts';
import { readNetworkTexts, ruleFolders } from './network-texts.ts';
import { mayHave } from './packages.ts';
import type { RecordingFiles } from './recording-files.ts';
import type { Units } from './units.ts';

interface ConfigFile {
  readonly kind: NetworkKind;
  readonly path: GuestPath;
}

/** Who brings the network up, and what in its configuration belongs to this machine only. */
export async function scanNetwork(files: RecordingFiles, os: OsFacts, units: Units): Promise<NetworkFacts> {
  const [services, persistentRules] = await Promise.all([scanServices(files, os, units), scanRules(files)]);
  const found = await findConfig(files, services);
  const pins: NetworkFacts['pins'][number][] = [];
  const profiles: NetworkProfile[] = [];
  const around = { started: await startedNames(files, found), renderer: await rendererOf(files) };
  for (const { kind, path } of found) {
    const text = await files.text(path);
    if (text.is !== 'there') continue;
    const read = readNetworkPins(kind, text.value, path, around);
    // What stands outside /etc is the distribution's, and of no machine in particular.
    if (path.startsWith('/etc/')) pins.push(...read.pins);
    const refused = kind === 'keyfile' ? await refusedKeyfile(files, path) : undefined;
    profiles.push(...read.profiles.map((one) => (refused === undefined ? one : { ...one, idle: one.idle ?? refused })));
    for (const at of read.unread) files.doubt(path, `line ${at.line ?? '?'} is not understood: ${at.text ?? ''}`);
  }
  const { dhcpSettings } = networkHabitsOf(os);
  // For the checks, which see texts that were read.
  if (dhcpSettings !== undefined) await files.text(dhcpSettings);
  await readNetworkTexts(files);
  if (services.wicked.installed) await doubtWickedXml(files);
  const idleManager = services.networkmanager.installed ? await idleByFiles(files) : undefined;
  return { services, profiles: firstWins(profiles), pins, idleManager, persistentRules };
}

/** wicked takes cards from its own XML files too, beside ifcfg-NAME; hardly anybody writes them. */
async function doubtWickedXml(files: RecordingFiles): Promise<void> {
  const folder: GuestPath = '/etc/wicked/ifconfig';
  for (const name of await namesIn(files, folder))
    if (name.endsWith('.xml')) files.doubt(below(folder, name), "wicked's own XML is not read");
}

/** NetworkManager passes over connections in /etc that others than root may read. */
async function refusedKeyfile(files: RecordingFiles, path: GuestPath): Promise<string | undefined> {
  const stat = await files.stat(path);
  const open = path.startsWith('/etc/') && stat.is === 'there' && stat.value.type === 'file' && stat.value.mode & 0o77;
  return open ? `NetworkManager takes no file that others may read (mode ${stat.value.mode.toString(8)})` : undefined;
}

/** networkd takes the first file that fits a card, by name; netplan's generator writes 10-netplan-NAME.network. */
function firstWins(profiles: readonly NetworkProfile[]): NetworkProfile[] {
  const nameOf = ({ format, name }: NetworkProfile) => (format === 'netplan' ? `10-netplan-${name}.network` : name);
  const fitting = profiles.filter(({ fits, readBy }) => fits && readBy.includes('networkd'));
  const [first] = fitting.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return profiles.map((one) =>
    first === undefined || one === first || !fitting.includes(one)
      ? one
      : { ...one, idle: one.idle ?? `${first.at.path} goes before it` },
  );
}

/** What renders netplan's devices: the last file that says so for all. */
async function rendererOf(files: RecordingFiles): Promise<string> {
  const texts = await Promise.all((await netplanFiles(files)).map((path) => files.text(path)));
  const named = texts.map((text) => (text.is === 'there' ? netplanRenderer(readYaml(text.value)) : undefined));
  return named.findLast((one) => one !== undefined) ?? 'networkd';
}

/** netplan's generator has NetworkManager manage every card, by files below /run, where it is the renderer. */
async function idleByFiles(files: RecordingFiles): Promise<NetworkFacts['idleManager']> {
  const idle = await findIdleManager(files);
  return idle?.how === 'unmanaged' && (await netplanNames(files, 'NetworkManager')) ? undefined : idle;
}

/** Packages behind the services: a removed one leaves init scripts, configuration and unit links behind. */
const packages = {
  networkmanager: ['network-manager', 'NetworkManager', 'networkmanager'],
  // On Alpine the service is one of openrc's own.
  ifupdown: ['ifupdown', 'ifupdown2', 'ifupdown-ng', 'busybox-ifupdown', 'openrc'],
  wicked: ['wicked'],
  netplan: ['netplan.io', 'netplan-generator', 'nplan', 'netplan'],
} as const;

async function scanServices(files: RecordingFiles, os: OsFacts, units: Units): Promise<NetworkFacts['services']> {
  const has = (names: readonly string[]) => mayHave(os.packages, names);
  const [networkmanager, networkd, ifupdown, wicked, network, dhcpcd] = await Promise.all([
    units.state(
      { units: ['NetworkManager.service', 'network-manager.service'], scripts: ['NetworkManager', 'network-manager'] },
      has(packages.networkmanager),
    ),
    units.state({ units: ['systemd-networkd.service'] }),
    units.state({ units: ['networking.service'] }, has(packages.ifupdown)),
    units.state({ units: ['wicked.service'] }, has(packages.wicked)),
    units.state({ units: ['network.service'] }),
    units.state({ units: ['dhcpcd.service'] }),
  ]);
  const netplan = await scanNetplan(files, has(packages.netplan));
  const started = netplan.enabled && (await netplanUsesNetworkd(files));
  return {
    networkmanager,
    // netplan's generator starts it at each boot, by a link below /run.
    networkd: started && networkd.installed && !networkd.masked ? { ...networkd, enabled: true } : networkd,
    ifupdown,
    wicked,
    // On SUSE that name is a second one of whichever service was chosen.
    network: (await isOtherUnit(files, network)) ? { ...network, installed: false, enabled: false } : network,
    netplan,
    dhcpcd,
  };
}

async function isOtherUnit(files: RecordingFiles, { name, at }: UnitState): Promise<boolean> {
  const real = at?.startsWith('/etc/systemd/') ? await files.real(at) : undefined;
  return real?.is === 'there' && real.value !== '/dev/null' && !real.value.endsWith(`/${name}`);
}

/** Not a unit but a generator, which runs at each boot for what stands in its folder. */
async function scanNetplan(files: RecordingFiles, present: boolean): Promise<UnitState> {
  const at = await firstThere(files, [
    '/usr/lib/systemd/system-generators/netplan',
    '/lib/systemd/system-generators/netplan',
    '/usr/sbin/netplan',
  ]);
  const installed = present && at !== undefined;
  const enabled = installed && (await netplanFiles(files)).length > 0;
  return { name: 'netplan', installed, enabled, masked: false, at: installed ? at : undefined };
}

function netplanFiles(files: RecordingFiles): Promise<GuestPath[]> {
  return dropIns(files, ['/etc/netplan', '/usr/lib/netplan', '/lib/netplan'], (name) => name.endsWith('.yaml'));
}

/** Whether some file of netplan's names that renderer. */
async function netplanNames(files: RecordingFiles, renderer: string): Promise<boolean> {
  const texts = await Promise.all((await netplanFiles(files)).map((path) => files.text(path)));
  return texts.some(
    (text) => text.is === 'there' && new RegExp(`^\\s*renderer:\\s*["']?${renderer}`, 'm').test(text.value),
  );
}

/** networkd is netplan's renderer wherever the files do not name another. */
async function netplanUsesNetworkd(files: RecordingFiles): Promise<boolean> {
  const texts = await Promise.all((await netplanFiles(files)).map((path) => files.text(path)));
  return texts.some((text) => text.is === 'there' && !/^\s*renderer:\s*["']?NetworkManager/m.test(text.value));
}

/** /run is left out here and below: what stands there does not outlive this boot. */
const networkdFolders: readonly GuestPath[] = [
  '/etc/systemd/network',
  '/usr/local/lib/systemd/network',
  '/usr/lib/systemd/network',
  '/lib/systemd/network',
];

const keyfileFolders: readonly GuestPath[] = [
  '/etc/NetworkManager/system-connections',
  '/usr/lib/NetworkManager/system-connections',
];

/** Files that a service which is installed would read. What others left behind has no effect. */
async function findConfig(files: RecordingFiles, services: NetworkFacts['services']): Promise<ConfigFile[]> {
  const as = (kind: NetworkKind, paths: readonly GuestPath[]) => paths.map((path): ConfigFile => ({ kind, path }));
  const interfaces = await interfacesFiles(files);
  const found: ConfigFile[] = [];
  if (services.ifupdown.installed) found.push(...as('interfaces', interfaces));
  if (services.netplan.installed) found.push(...as('netplan', await netplanFiles(files)));
  if (services.networkd.installed) {
    found.push(...as('networkd', await dropIns(files, networkdFolders, (name) => /\.(?:network|link)$/.test(name))));
  }
  if (services.networkmanager.installed) {
    // NetworkManager passes over hidden files and those that editors leave.
    const fits = (name: string) => !/^\.|~$|\.(?:bak|rpm\w+|swp)$/.test(name);
    found.push(...as('keyfile', await dropIns(files, keyfileFolders, fits)));
  }
  for (const folder of ['/etc/sysconfig/network-scripts', '/etc/sysconfig/network'] as const) {
    // Red Hat has a file of the name that SUSE gives its folder.
    const stat = await files.stat(folder);
    if (stat.is === 'there' && stat.value.type === 'file') continue;
    found.push(...as('ifcfg', await dropIns(files, [folder], isIfcfg)));
  }
  return found;
}

/** As the network scripts choose them. */
function isIfcfg(name: string): boolean {
  return /^ifcfg-/.test(name) && !/~$|\.(?:bak|old|orig|rpmnew|rpmorig|rpmsave)$/.test(name);
}

/** What `auto` and `allow-hotplug` bring up: a stanza may stand in another file than the line that starts it. */
async function startedNames(files: RecordingFiles, found: readonly ConfigFile[]): Promise<string[]> {
  const interfaces = found.filter(({ kind }) => kind === 'interfaces');
  const texts = await Promise.all(interfaces.map(({ path }) => files.text(path)));
  return texts.flatMap((text) => (text.is === 'there' ? readInterfaces(text.value).started : []));
}

/** /etc/network/interfaces and what it sources, in the order in which ifup reads them. */
async function interfacesFiles(files: RecordingFiles): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  const follow = async (path: GuestPath): Promise<void> => {
    if (found.includes(path)) return;
    const text = await files.text(path);
    if (text.is !== 'there') return;
    found.push(path);
    for (const { pattern, folder } of readInterfaces(text.value).sources) {
      const whole = pattern.startsWith('/') ? pattern : `${path.slice(0, path.lastIndexOf('/'))}/${pattern}`;
      for (const source of folder ? await sourceFolder(files, whole) : await glob(files, whole)) await follow(source);
    }
  };
  await follow('/etc/network/interfaces');
  return found;
}

async function sourceFolder(files: RecordingFiles, pattern: string): Promise<GuestPath[]> {
  const folders = await glob(files, pattern);
  const names = await Promise.all(folders.map((folder) => namesIn(files, folder)));
  // interfaces(5): only names of these characters count there.
  return folders.flatMap((folder, at) =>
    (names[at] ?? []).filter((name) => /^[A-Za-z0-9_-]+$/.test(name)).map((name) => below(folder, name)),
  );
}

/** Rules that tie an interface's name to a MAC address, and the rule that writes such rules. A file of the same name in /etc
 *  that is empty or leads to /dev/null switches one in /usr/lib off. */
async function scanRules(files: RecordingFiles): Promise<Evidence[]> {
  const paths = await dropIns(files, ruleFolders, (name) => /persistent-net.*\.rules$/.test(name));
  const evidence = await Promise.all(
    paths.map(async (path): Promise<Evidence[]> => {
      const text = await files.text(path);
      if (text.is !== 'there' || text.value === '') return [];
      const lines = splitLines(text.value).map((line, at) => ({ line: at + 1, text: line.text.trim() }));
      const first = lines.find((line) => line.text !== '' && !line.text.startsWith('#'));
      return [{ path, ...(first && { line: first.line, text: first.text.slice(0, 400) }) }];
    }),
  );
  return evidence.flat();
}
