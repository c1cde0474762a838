import { distroOf } from '../families/distro/index.ts';
import { readIniLines } from '../formats/ini-lines.ts';
import { compareVersions } from '../formats/version.ts';
import { readWaagentConf } from '../formats/waagent-conf.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { AgentFacts, BootLoader, Evidence, GuestPath, OsFacts } from '../model.ts';
import { scanCloudInit } from './cloud-init.ts';
import { below, firstThere, isThere, namesIn } from './folders.ts';
import { versionOf } from './packages.ts';
import { findPython, type PythonFacts } from './python.ts';
import type { Service, Units } from './units.ts';

type Waagent = AgentFacts['waagent'];

const programs: readonly GuestPath[] = [
  '/usr/sbin/waagent',
  '/usr/bin/waagent',
  '/usr/local/sbin/waagent',
  '/usr/local/bin/waagent',
  '/usr/share/oem/bin/waagent',
];
const configurations: readonly GuestPath[] = ['/etc/waagent.conf', '/usr/share/oem/waagent.conf'];
/** Debian calls it waagent, Ubuntu and Alpine walinuxagent; the others are rpm names, for the day when those are read. */
const packageNames = ['waagent', 'walinuxagent', 'WALinuxAgent', 'python3-azure-agent', 'python-azure-agent'];

/** The Azure agent, cloud-init, and which of them provisions. */
export async function scanAgent(files: GuestFiles, os: OsFacts, boot: BootLoader, units: Units): Promise<AgentFacts> {
  const [waagent, cloudInit, others] = await Promise.all([
    scanWaagent(files, os, units),
    scanCloudInit(files, os, boot, units),
    scanOthers(files, units),
  ]);
  return { waagent, cloudInit, provisioner: provisionerOf(waagent, cloudInit), others };
}

type Others = AgentFacts['others'];

async function scanOthers(files: GuestFiles, units: Units): Promise<Others> {
  const [disk, swap] = await Promise.all([
    units.state({ units: ['azure-ephemeral-disk-setup.service'] }),
    units.state({ units: ['temp-disk-swapfile.service'] }),
  ]);
  const found: Others[number][] = [];
  const takesDisk = disk.enabled ? await azureVmUtils(files) : undefined;
  if (takesDisk !== undefined) found.push({ duty: 'resource-disk', name: disk.name, at: takesDisk });
  // Red Hat's own images make swap on the temporary disk with a unit of this name.
  if (swap.enabled && swap.at !== undefined) found.push({ duty: 'swap', name: swap.name, at: { path: swap.at } });
  return found;
}

/** azure-vm-utils sets up local NVMe disks; the temporary disk that all others speak of only when it is told to. */
async function azureVmUtils(files: GuestFiles): Promise<Evidence | undefined> {
  const path: GuestPath = '/etc/azure-ephemeral-disk-setup.conf';
  const conf = await files.text(path);
  const key = 'AZURE_EPHEMERAL_DISK_SETUP_SCSI_RESOURCE';
  const set = conf.is === 'there' ? readIniLines(conf.value).findLast((line) => line.key === key) : undefined;
  return set !== undefined && /^["']?true\b/i.test(set.value) ? { path, line: set.line, text: set.text } : undefined;
}

async function scanWaagent(files: GuestFiles, os: OsFacts, units: Units): Promise<Waagent> {
  const program = await firstThere(files, programs);
  const script = program && (await files.text(program));
  const text = script?.is === 'there' ? script.value : '';
  const python = await findPython(files, text);
  const conf = (await firstThere(files, configurations)) ?? '/etc/waagent.conf';
  const confText = await files.text(conf);
  const read = confText.is === 'there' ? readWaagentConf(confText.value, conf) : undefined;
  return {
    program,
    ...(await findVersion(files, os, program === undefined ? undefined : text, python)),
    unit: await units.state(serviceOf(os), program !== undefined),
    conf,
    settings: confText.is === 'there' ? { is: 'there', value: read?.settings ?? {} } : confText,
    confFaults: read?.faults ?? [],
    python: { path: python.path, version: python.version, modules: python.modules },
    eject: (await firstThere(files, ['/usr/bin/eject', '/bin/eject', '/usr/sbin/eject'])) !== undefined,
    mkfs: await findMkfs(files),
  };
}

function serviceOf(os: OsFacts): Service {
  const names = distroOf(os.distro.family)?.agent.services ?? ['waagent', 'walinuxagent'];
  return { units: names.map((name) => `${name}.service`) };
}

async function findMkfs(files: GuestFiles): Promise<string[]> {
  const names = (await Promise.all((['/usr/sbin', '/sbin'] as const).map((folder) => namesIn(files, folder)))).flat();
  return [...new Set(names.flatMap((name) => /^mkfs\.(\w+)$/.exec(name)?.[1] ?? []))].sort();
}

/**
 * What `waagent -version` would print is a constant of the agent's code; where that is not found, the package says it. A
 * newer agent that the old one has downloaded does not count: it is not what provisions.
 */
async function findVersion(
  files: GuestFiles,
  os: OsFacts,
  script: string | undefined,
  python: PythonFacts,
): Promise<Pick<Waagent, 'version' | 'versionFrom'>> {
  if (script === undefined) return { version: undefined, versionFrom: undefined };
  // The agent was one script up to 2.0.
  const old = /^GuestAgentVersion\s*=\s*["'](?:WALinuxAgent-)?([\d.]+)/m.exec(script)?.[1];
  if (old !== undefined) return { version: old, versionFrom: 'GuestAgentVersion in the program' };
  for (const site of python.sites) {
    const path = below(site, 'azurelinuxagent/common/version.py');
    if (!(await isThere(files, path))) continue;
    const code = await files.text(path);
    const version = code.is === 'there' ? /^AGENT_VERSION\s*=\s*["']([\d.]+)/m.exec(code.value)?.[1] : undefined;
    if (version !== undefined) return { version, versionFrom: path };
  }
  const packaged = versionOf(os.packages, packageNames);
  return { version: packaged, versionFrom: packaged === undefined ? undefined : 'the package' };
}

/** From this version on `Provisioning.Agent` decides; before, a pair of switches did. */
const newRule = '2.2.45';

/** Units that set up a machine; the agent asks for the first of them only. */
const settingUp = /^cloud-init(?:-local|-network)?(?:\.service)?$/;

/**
 * Who provisions, as the agent itself decides (azurelinuxagent/pa/provision/factory.py). A cloud-init that is switched off
 * (cloud-init.disabled) provisions nothing, although the agent counts on it; one that is half switched off still does.
 */
function provisionerOf(waagent: Waagent, cloudInit: AgentFacts['cloudInit']): AgentFacts['provisioner'] {
  const starts = cloudInit.enabled || cloudInit.units.some((unit) => unit.enabled && settingUp.test(unit.name));
  const works = starts && cloudInit.disabledBy.length === 0;
  const byCloudInit = works ? 'cloud-init' : 'none';
  if (waagent.program === undefined) return byCloudInit;
  const settings = waagent.settings.is === 'there' ? waagent.settings.value : {};
  const byWaagent = works ? 'both' : 'waagent';
  const { version } = waagent;
  if (version !== undefined && compareVersions(version, newRule) < 0) {
    if (isOn(settings['Provisioning.UseCloudInit']?.value, false)) return byCloudInit;
    return isOn(settings['Provisioning.Enabled']?.value, true) ? byWaagent : byCloudInit;
  }
  const chosen = settings['Provisioning.Agent']?.value ?? 'auto';
  if (chosen === 'cloud-init' || chosen === 'disabled') return byCloudInit;
  // The agent asks whether cloud-init's first unit is enabled, not whether it will run.
  return chosen === 'auto' && cloudInit.enabled ? byCloudInit : byWaagent;
}

/** A switch as the agent reads it: anything but `y` and `n` is the default. */
function isOn(value: string | undefined, otherwise: boolean): boolean {
  const letter = value?.toLowerCase();
  return letter === 'y' ? true : letter === 'n' ? false : otherwise;
}
