import { readDatasourceList, readNetworkOff } from '../formats/cloud-init.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { AgentFacts, BootLoader, Evidence, GuestPath, OsFacts, UnitState } from '../model.ts';
import { defaultEntry } from './boot.ts';
import { below, dropIns, firstThere, isThere, namesIn } from './folders.ts';
import { mayHave, versionOf } from './packages.ts';
import type { Units } from './units.ts';

type CloudInit = AgentFacts['cloudInit'];

/** Both generations: 24.3 renamed cloud-init.service to cloud-init-network.service and added cloud-init-main.service. */
const unitNames = [
  'cloud-init-local',
  'cloud-init-main',
  'cloud-init-network',
  'cloud-init',
  'cloud-config',
  'cloud-final',
].map((name) => `${name}.service`);

/** The agent asks for this one to learn whether cloud-init is enabled (pa/provision/cloudinitdetect.py). */
const asked = 'cloud-init-local.service';

export async function scanCloudInit(
  files: GuestFiles,
  os: OsFacts,
  boot: BootLoader,
  units: Units,
): Promise<CloudInit> {
  const program = await firstThere(files, ['/usr/bin/cloud-init', '/usr/local/bin/cloud-init']);
  const installed = program !== undefined && mayHave(os.packages, ['cloud-init', 'cloud-init-base']);
  const all = await Promise.all(unitNames.map((name) => units.state({ units: [name] }, installed)));
  const present = all.filter((unit) => unit.installed);
  const local = all.find((unit) => unit.name.startsWith('cloud-init-local'));
  const config = await readConfig(files);
  return {
    installed,
    version: installed ? await findVersion(files, os) : undefined,
    units: present,
    // Without systemd the agent asks whether a service of that name runs.
    enabled: os.init === 'systemd' ? local?.enabled === true : present.some((unit) => unit.enabled),
    startedBy: installed ? await firstThere(files, starters) : undefined,
    disabledBy: await findDisablers(files, boot, local),
    files: config.map((file) => file.path),
    datasources: readDatasourceList(config),
    dsIdentify: await findDsIdentify(files),
    networkOff: readNetworkOff(config),
  };
}

/** The generator has the target reached where it finds a platform; packages without one link the target, or the units. */
const starters: readonly GuestPath[] = [
  '/usr/lib/systemd/system-generators/cloud-init-generator',
  '/lib/systemd/system-generators/cloud-init-generator',
  ...['cloud-init.target', 'cloud-init-local.service', 'cloud-init.service'].flatMap((unit): GuestPath[] =>
    (['/etc', '/usr/lib', '/lib'] as const).map(
      (folder): GuestPath => `${folder}/systemd/system/multi-user.target.wants/${unit}`,
    ),
  ),
];

async function findVersion(files: GuestFiles, os: OsFacts): Promise<string | undefined> {
  const packaged = versionOf(os.packages, ['cloud-init', 'cloud-init-base']);
  if (packaged !== undefined) return packaged;
  for (const folder of ['/usr/lib', '/usr/local/lib'] as const) {
    for (const python of (await namesIn(files, folder)).filter((name) => /^python\d/.test(name))) {
      for (const site of ['dist-packages', 'site-packages']) {
        const code = await files.text(below(folder, `${python}/${site}/cloudinit/version.py`));
        const version = code.is === 'there' ? /^__VERSION__\s*=\s*["']([^"']+)/m.exec(code.value)?.[1] : undefined;
        if (version !== undefined) return version;
      }
    }
  }
  return undefined;
}

const disabledFile: GuestPath = '/etc/cloud/cloud-init.disabled';

/** What keeps an installed and enabled cloud-init from running: cloud-init's own generator looks for the first two. */
async function findDisablers(files: GuestFiles, boot: BootLoader, local: UnitState | undefined): Promise<Evidence[]> {
  const found: Evidence[] = [];
  if (await isThere(files, disabledFile)) found.push({ path: disabledFile });
  const entry = defaultEntry(boot);
  const arg = entry?.args.find((one) => one === 'cloud-init=disabled');
  if (entry !== undefined && arg !== undefined) found.push({ ...entry.at, text: arg });
  if (local?.masked) found.push({ path: `/etc/systemd/system/${asked}`, text: 'masked' });
  return found;
}

/** In the order in which cloud-init reads them. */
async function readConfig(files: GuestFiles): Promise<{ path: GuestPath; text: string }[]> {
  const paths: GuestPath[] = ['/etc/cloud/cloud.cfg'];
  paths.push(...(await dropIns(files, ['/etc/cloud/cloud.cfg.d'], (name) => name.endsWith('.cfg'))));
  const texts = await Promise.all(
    paths.map(async (path) => {
      const text = await files.text(path);
      return text.is === 'there' ? [{ path, text: text.value }] : [];
    }),
  );
  return texts.flat();
}

async function findDsIdentify(files: GuestFiles): Promise<Evidence | undefined> {
  const path: GuestPath = '/etc/cloud/ds-identify.cfg';
  const text = await files.text(path);
  if (text.is !== 'there') return undefined;
  const lines = text.value.split('\n');
  const line = lines.findIndex((one) => one.trim() !== '' && !one.trim().startsWith('#'));
  return line < 0 ? { path } : { path, line: line + 1, text: (lines[line] ?? '').trim().slice(0, 400) };
}
