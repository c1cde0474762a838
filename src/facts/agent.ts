import { compareVersions } from '../formats/version.ts';
import { readWaagentConf } from '../formats/waagent-conf.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { AgentFacts, BootLoader, GuestPath, OsFacts } from '../model.ts';
import { scanCloudInit } from './cloud-init.ts';
import { below, firstThere, isThere } from './folders.ts';
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
  const [waagent, cloudInit] = await Promise.all([
    scanWaagent(files, os, units),
    scanCloudInit(files, os, boot, units),
  ]);
  return { waagent, cloudInit, provisioner: provisionerOf(waagent, cloudInit) };
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
  };
}

/** Debian and Ubuntu name the service after the upstream project, the others after the program. */
function serviceOf(os: OsFacts): Service {
  const names = ['waagent', 'walinuxagent'];
  if (os.distro.family === 'debian' || os.distro.family === 'ubuntu') names.reverse();
  return { units: names.map((name) => `${name}.service`) };
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

/**
 * Who provisions, as the agent itself decides (azurelinuxagent/pa/provision/factory.py). A cloud-init that is switched off
 * (cloud-init.disabled) provisions nothing, although the agent counts on it.
 */
function provisionerOf(waagent: Waagent, cloudInit: AgentFacts['cloudInit']): AgentFacts['provisioner'] {
  const works = cloudInit.enabled && cloudInit.disabledBy.length === 0;
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
  if (chosen === 'auto') return cloudInit.enabled ? byCloudInit : 'waagent';
  return byWaagent;
}

/** A switch as the agent reads it: anything but `y` and `n` is the default. */
function isOn(value: string | undefined, otherwise: boolean): boolean {
  const letter = value?.toLowerCase();
  return letter === 'y' ? true : letter === 'n' ? false : otherwise;
}
