import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts, UnitState } from '../model.ts';
import { below, firstThere, isThere, namesIn } from './folders.ts';
import { type SystemdUnit, scriptLinks, systemdLinks } from './unit-links.ts';

/** A service under the names it goes by: the first unit that starts at boot speaks for it. */
export interface Service {
  readonly units: readonly string[];
  /** Names of init scripts, where they differ from the units' names. */
  readonly scripts?: readonly string[];
}

/** Answers from links and files what systemctl, chkconfig or rc-update would say. No program is asked. */
export interface Units {
  /** `present` false: the program behind the service is gone, and what is left of the service (links, init script) starts nothing. */
  state(service: Service, present?: boolean): Promise<UnitState>;
  /** Units of one kind that start at boot, as `.swap`. */
  enabled(suffix: string): Promise<readonly UnitState[]>;
}

/** In systemd's order. /run is left out: what stands there does not outlive this boot. */
const unitFolders: readonly GuestPath[] = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Run levels of a started machine; `S` for what starts before them (Debian's networking). RHEL and old SUSE keep theirs elsewhere. */
const levelFolders: readonly GuestPath[] = ['2', '3', '4', '5', 'S'].flatMap((level): GuestPath[] => [
  `/etc/rc${level}.d`,
  `/etc/rc.d/rc${level}.d`,
  `/etc/init.d/rc${level}.d`,
]);

/** What the unit folders hold, by name: asked for dozens of units, of which a guest has few. */
interface UnitIndex {
  /** Unit files and links, those of more important folders first. */
  readonly files: ReadonlyMap<string, readonly GuestPath[]>;
  /** Links in `*.wants` and `*.requires` folders that pull a unit in, likewise. */
  readonly wants: ReadonlyMap<string, readonly GuestPath[]>;
}

async function indexUnits(files: GuestFiles): Promise<UnitIndex> {
  const index = { files: new Map<string, GuestPath[]>(), wants: new Map<string, GuestPath[]>() };
  const note = (to: Map<string, GuestPath[]>, name: string, path: GuestPath) => {
    const known = to.get(name);
    if (known === undefined) to.set(name, [path]);
    else known.push(path);
  };
  const visited = new Set<GuestPath>();
  for (const folder of unitFolders) {
    // Where /lib is a link to /usr/lib, both are the same folder.
    const real = await files.real(folder);
    if (real.is !== 'there' || visited.has(real.value)) continue;
    visited.add(real.value);
    for (const name of await namesIn(files, folder)) {
      if (!/\.(?:wants|requires|upholds)$/.test(name)) note(index.files, name, below(folder, name));
      else
        for (const unit of await namesIn(files, below(folder, name)))
          note(index.wants, unit, below(below(folder, name), unit));
    }
  }
  return index;
}

/** A unit file or a dependency that is a link to /dev/null, or empty, is switched off (systemd.unit(5)). */
async function isNull(files: GuestFiles, path: GuestPath): Promise<boolean> {
  const real = await files.real(path);
  if (real.is !== 'there') return false;
  if (real.value === '/dev/null') return true;
  const stat = await files.stat(real.value);
  return stat.is === 'there' && stat.value.type === 'file' && stat.value.bytes === 0;
}

/** Whether one of the links holds. One to /dev/null takes that dependency away, also for the folders after it (systemd.unit(5)). */
async function isWanted(files: GuestFiles, links: readonly GuestPath[]): Promise<boolean> {
  const settled = new Set<string>();
  for (const link of links) {
    const dependency = link.split('/').slice(-2).join('/');
    if (settled.has(dependency)) continue;
    settled.add(dependency);
    if (!(await isNull(files, link))) return true;
  }
  return false;
}

/** The unit file of a name, and the mask that goes before it. */
async function unitFile(files: GuestFiles, name: string, index: UnitIndex): Promise<SystemdUnit> {
  let at: GuestPath | undefined;
  let mask: GuestPath | undefined;
  for (const path of index.files.get(name) ?? []) {
    // A link that leads nowhere is what a removed package leaves behind: no unit.
    if (!(await isThere(files, path))) continue;
    if (!(await isNull(files, path))) at ??= path;
    else if (at === undefined) mask ??= path;
  }
  return { name, at, mask, links: index.wants.get(name) ?? [] };
}

async function systemdUnit(files: GuestFiles, name: string, index: UnitIndex): Promise<UnitState> {
  const unit = await unitFile(files, name, index);
  const { at, mask, links } = unit;
  const [installed, masked] = [at !== undefined, mask !== undefined];
  const enabled = installed && !masked && (await isWanted(files, links));
  const switching = installed ? await systemdLinks(files, unit, (also) => unitFile(files, also, index)) : {};
  return { name, installed, enabled, masked, at: at ?? mask, ...switching };
}

async function isInSomeFolder(
  files: GuestFiles,
  folders: readonly GuestPath[],
  fits: (name: string) => boolean,
): Promise<boolean> {
  for (const folder of folders) if ((await namesIn(files, folder)).some(fits)) return true;
  return false;
}

async function initScript(files: GuestFiles, name: string, init: OsFacts['init']): Promise<UnitState> {
  const at = await firstThere(files, [`/etc/init.d/${name}`, `/etc/rc.d/init.d/${name}`]);
  const levels = init === 'openrc' ? await runlevels(files) : levelFolders;
  const isStart = (entry: string) =>
    init === 'openrc' ? entry === name : /^S\d\d/.test(entry) && entry.slice(3) === name;
  const started = await isInSomeFolder(files, levels, isStart);
  const installed = at !== undefined;
  const switching = at === undefined ? {} : await scriptLinks(files, name, at, init, levels);
  const state = { name, installed, enabled: installed && started, masked: false, at, ...switching };
  // systemd makes a unit of it while it boots: there is no file that a link could start it by.
  return init === 'systemd' ? { ...state, name: `${name}.service`, at: undefined } : state;
}

async function runlevels(files: GuestFiles): Promise<GuestPath[]> {
  return (await namesIn(files, '/etc/runlevels')).map((level) => below('/etc/runlevels', level));
}

/** An upstart job starts by its `start on`, unless it or its override says `manual`. */
async function upstartJob(files: GuestFiles, name: string): Promise<UnitState> {
  const at: GuestPath = `/etc/init/${name}.conf`;
  const job = await files.text(at);
  const override = await files.text(`/etc/init/${name}.override`);
  const all = [job, override].map((text) => (text.is === 'there' ? text.value : '')).join('\n');
  const enabled = job.is === 'there' && /^\s*start\s+on\b/m.test(all) && !/^\s*manual\b/m.test(all);
  return {
    name,
    installed: job.is === 'there',
    enabled,
    masked: false,
    at: job.is === 'there' ? at : undefined,
  };
}

/** The one that says most: what starts, else what is there. */
function speaker(states: readonly UnitState[]): UnitState {
  const found =
    states.find((state) => state.enabled) ??
    states.find((state) => state.masked) ??
    states.find((state) => state.installed) ??
    states[0];
  return found ?? { name: '', installed: false, enabled: false, masked: false, at: undefined };
}

/** Reads the links that start units at boot, once for all questions. */
export async function readUnits(files: GuestFiles, init: OsFacts['init']): Promise<Units> {
  const index = await indexUnits(files);
  const native = (service: Service) => Promise.all(service.units.map((name) => systemdUnit(files, name, index)));
  const scripts = async ({ units, scripts: names }: Service) => {
    const all = names ?? [...new Set(units.map((unit) => unit.replace(/\.[a-z]+$/, '')))];
    const jobs = init === 'upstart' ? await Promise.all(all.map((name) => upstartJob(files, name))) : [];
    return [...jobs, ...(await Promise.all(all.map((name) => initScript(files, name, init))))];
  };
  const state = async (service: Service, present = true): Promise<UnitState> => {
    const systemd = init === 'systemd' || init === 'unknown';
    const units = systemd ? await native(service) : [];
    // systemd makes units of init scripts that have no unit of their own (systemd-sysv-generator).
    const known = units.some((unit) => unit.installed || unit.masked);
    const found = speaker(known ? units : [...units.slice(0, 1), ...(await scripts(service))]);
    return present ? found : { ...found, installed: false, enabled: false };
  };
  const enabled = async (suffix: string) => {
    const names = [...index.wants.keys()].filter((name) => name.endsWith(suffix));
    const states = await Promise.all(names.map((name) => systemdUnit(files, name, index)));
    return states.filter((unit) => unit.enabled);
  };
  return { state, enabled };
}
