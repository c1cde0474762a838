import { networkHabitsOf } from '../../families/distro/index.ts';
import { readIniLines } from '../../formats/ini-lines.ts';
import { splitLines } from '../../formats/lines.ts';
import type { Change, Check, Evidence, Facts, Finding, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { enabledServices } from '../dhcp.ts';
import { remedy, textOf } from '../fixable.ts';
import { azureVmUtils, rhelArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const rulePath: GuestPath = '/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules';
const rule = 'SUBSYSTEM=="net", DRIVERS=="hv_pci", ACTION!="remove", ENV{NM_UNMANAGED}="1"\n';
const filePath: GuestPath = '/etc/systemd/network/01-azure-unmanaged-sriov.network';
const file = '[Match]\nDriver=mana mlx4_core mlx4_en mlx5_core mlx5_en\n\n[Link]\nUnmanaged=yes\n';

/** Lines of udev rules that set a property on cards of accelerated networking. */
function ruleWith(facts: Facts, property: RegExp): Evidence | undefined {
  for (const [path, text] of Object.entries(facts.texts) as [GuestPath, string][]) {
    if (!/\/udev\/rules\.d\/[^/]+\.rules$/.test(path)) continue;
    const lines = splitLines(text.replaceAll('\\\n', '  ')).map((line) => line.text.trim());
    const at = lines.findIndex(
      (line) => !line.startsWith('#') && /hv_pci|mlx|\bmana\b/.test(line) && property.test(line),
    );
    if (at >= 0) return { path, text: (lines[at] ?? '').slice(0, 400) };
  }
  return undefined;
}

const networkManagerConf = /^\/(etc|usr\/lib)\/NetworkManager\/(NetworkManager\.conf$|conf\.d\/)/;

/** What keeps NetworkManager from them. */
function leftByManager(facts: Facts): Evidence | undefined {
  const rule = ruleWith(facts, /ENV\{NM_UNMANAGED\}="1"/);
  if (rule !== undefined) return rule;
  for (const [path, text] of Object.entries(facts.texts) as [GuestPath, string][]) {
    if (!networkManagerConf.test(path)) continue;
    const line = readIniLines(text).find(
      ({ section, key, value }) =>
        section === 'keyfile' && /^unmanaged-devices\b/.test(key) && /mlx4/.test(value) && /mlx5/.test(value),
    );
    if (line !== undefined) return { path, line: line.line, text: line.text };
  }
  return undefined;
}

/** Files that have networkd take each card that comes along, not only that of hv_netvsc. */
function greedyFiles(facts: Facts): Evidence[] {
  return facts.network.profiles
    .filter(({ format, fits, idle, readBy }) => format === 'networkd' && fits && !idle && readBy.includes('networkd'))
    .filter(({ at }) => {
      const matches = readIniLines(textOf(facts, at.path) ?? '').filter(({ section }) => section === 'Match');
      return !matches.some(({ key, value }) => key === 'Driver' || (key === 'Name' && value === 'eth0'));
    })
    .map(({ at }) => at);
}

/** What keeps networkd from them. */
function leftByNetworkd(facts: Facts): Evidence | undefined {
  const byRule = ruleWith(facts, /ENV\{ID_NET_MANAGED_BY\}="unmanaged"/);
  if (byRule !== undefined) return byRule;
  const marked = ruleWith(facts, /ENV\{AZURE_UNMANAGED_SRIOV\}="1"/) !== undefined;
  for (const [path, text] of Object.entries(facts.texts) as [GuestPath, string][]) {
    if (!/\/systemd\/network\/[^/]+\.network$/.test(path)) continue;
    const lines = readIniLines(text);
    const off = lines.find(
      ({ section, key, value }) => section === 'Link' && key === 'Unmanaged' && /^(yes|true|on|1)$/i.test(value),
    );
    const matches = lines.filter(({ section }) => section === 'Match');
    const them = matches.some(
      ({ key, value }) =>
        (key === 'Driver' && /mlx/.test(value)) ||
        (key === 'Property' && marked && /AZURE_UNMANAGED_SRIOV/.test(value)),
    );
    if (off !== undefined && them) return { path, line: off.line, text: off.text };
  }
  return undefined;
}

function finding(facts: Facts, about: string, evidence: readonly Evidence[], want: Change & { kind: 'file' }): Finding {
  return {
    about,
    says: `${about} would take the virtual function of accelerated networking for a card of its own`,
    evidence,
    ...remedy(facts, [want], `install azure-vm-utils, or write ${want.path}`),
  };
}

function look(facts: Facts): Looked {
  const enabled = enabledServices(facts);
  // On release 6 it is to go as a whole.
  const goes = networkHabitsOf(facts.os).manager(facts.os) === 'clashes';
  const manager = enabled.includes('networkmanager') && !goes && facts.network.idleManager?.how !== 'unmanaged';
  const greedy = enabled.includes('networkd') ? greedyFiles(facts) : [];
  if (!manager && greedy.length === 0)
    return { is: 'not-applicable', why: 'no service that starts takes every card that comes along' };
  const findings = [
    ...(manager && leftByManager(facts) === undefined
      ? [finding(facts, 'NetworkManager', [], fileOf(rulePath, rule))]
      : []),
    ...(greedy.length > 0 && leftByNetworkd(facts) === undefined
      ? [finding(facts, 'systemd-networkd', greedy, fileOf(filePath, file))]
      : []),
  ];
  if (findings.length === 0) return judge([], [], 'cards of accelerated networking are left to hv_netvsc');
  const doubts = unread(facts, /\/udev\/rules\.d(\/|$)|\/NetworkManager\/|\/systemd\/network(\/|$)/);
  return doubts.length > 0 ? judge([], doubts, '') : judge(findings, [], '');
}

function fileOf(path: GuestPath, content: string): Change & { kind: 'file' } {
  return { kind: 'file', path, is: { content, mode: 0o644 } };
}

export const netSriovUnmanaged: Check = {
  id: 'net-sriov-unmanaged',
  area: 'network',
  title: 'Cards of accelerated networking are left to hv_netvsc',
  severity: 'should',
  why: 'The virtual function is a second face of the same card: a service that configures it on its own disturbs the network.',
  source: [rhelArticle, azureVmUtils],
  fix: {
    all: 'apply: a udev rule for NetworkManager (68-azure-sriov-nm-unmanaged.rules), a .network file for networkd; with azure-vm-utils nothing is needed',
  },
  look,
};
