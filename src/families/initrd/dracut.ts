import { commentLine, setLine, splitLines } from '../../formats/lines.ts';
import { readDracutConf } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily, ToolFault } from './initrd-tool.ts';

type Dracut = Extract<InitrdTool, { kind: 'dracut' }>;

const programs: readonly GuestPath[] = ['/usr/bin/dracut', '/usr/sbin/dracut', '/sbin/dracut'];
const vendorFolder: GuestPath = '/usr/lib/dracut/dracut.conf.d';
const ownFolder: GuestPath = '/etc/dracut.conf.d';
/** The name that Microsoft's recipes use. */
const dropIn: GuestPath = `${ownFolder}/azure.conf`;

/** dracut.conf, then both folders merged by file name: one in /etc hides the one of the same name in /usr/lib. */
async function readConf(files: GuestFiles): Promise<{ path: GuestPath; text: string }[]> {
  const byName = new Map<string, GuestPath>();
  for (const folder of [vendorFolder, ownFolder]) {
    const names = await files.names(folder);
    if (names.is !== 'there') continue;
    for (const name of names.value) if (name.endsWith('.conf')) byName.set(name, `${folder}/${name}`);
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const found: { path: GuestPath; text: string }[] = [];
  for (const path of ['/etc/dracut.conf' as GuestPath, ...sorted]) {
    const text = await files.text(path);
    if (text.is === 'there') found.push({ path, text: text.value });
  }
  return found;
}

async function versionOf(files: GuestFiles, os: OsFacts): Promise<string> {
  const script = await files.text('/usr/lib/dracut/dracut-version.sh');
  const stated = script.is === 'there' ? /DRACUT_VERSION=['"]?([^'"\n]+)/.exec(script.value)?.[1] : undefined;
  const packages = os.packages.is === 'there' ? os.packages.value : {};
  return stated ?? packages['dracut-core'] ?? packages['dracut'] ?? '';
}

/**
 * Arguments against host-only images, of those that this version knows (version 004 of RHEL 6 knows neither). The machine of
 * the build is not the one that will boot the image, nor may it bake its own root device into the image's command line, which
 * `--hostonly` does in a chroot (dracutdevs/dracut#942). Where the program cannot be read as a script, a current one is assumed.
 */
async function anyMachine(files: GuestFiles, program: GuestPath): Promise<string[]> {
  const script = await files.text(program);
  const known = ['no-hostonly', 'no-hostonly-cmdline'];
  if (script.is !== 'there' || !script.value.includes('hostonly')) return known.map((name) => `--${name}`);
  return known
    .filter((name) => new RegExp(`(?<![\\w-])(?:--)?${name}(?![\\w-])`).test(script.value))
    .map((name) => `--${name}`);
}

async function detect(files: GuestFiles, os: OsFacts): Promise<Dracut | undefined> {
  for (const program of programs) {
    if ((await files.real(program)).is !== 'there') continue;
    const sources = await readConf(files);
    const conf = readDracutConf(sources);
    return {
      kind: 'dracut',
      version: await versionOf(files, os),
      addDrivers: conf.addDrivers,
      forceDrivers: conf.forceDrivers,
      omitDrivers: conf.omitDrivers,
      drivers: conf.drivers,
      hostonly: conf.hostonly,
      faults: [...conf.faults, ...conf.computed.map(computed)],
      files: sources.map((source) => source.path),
      program,
      anyMachine: await anyMachine(files, program),
    };
  }
  return undefined;
}

/** What bash would have to work out is not known here, and so is no proof that a driver goes in. */
function computed(name: string): { says: string; at: { path: GuestPath } } {
  return { says: `${name} is put together by shell code, which is not evaluated`, at: { path: ownFolder } };
}

/** With what these drivers need, for whichever kernel. */
function withNeeds(drivers: readonly string[], facts: Facts): readonly string[] {
  const needs = facts.kernels.flatMap((kernel) => drivers.flatMap((driver) => kernel.dependsOn[driver] ?? []));
  return [...new Set([...drivers, ...needs])];
}

/** A list in one line, of plain names. */
const omission = /^([ \t]*omit_drivers\+?=)(["']?)([\w \t-]*)\2([ \t]*(?:#.*)?)$/;

/** The text with these names out of every `omit_drivers` that can be read at a glance; a list that is empty then is switched off. */
function withoutOmitted(text: string, names: readonly string[]): string {
  return splitLines(text).reduce((now, line, at) => {
    const [, key = '', quote = '', list = '', rest = ''] = omission.exec(line.text) ?? [];
    const isMeant = (name: string) => names.includes(name.replaceAll('-', '_'));
    if (!list.split(/[ \t]+/).some(isMeant)) return now;
    // Blanks stay: those at the ends keep the names of two files apart.
    const left = list.replace(/[ \t]*[\w-]+/g, (word) => (isMeant(word.trim()) ? '' : word));
    return left.trim() === ''
      ? commentLine(now, at + 1, line.text)
      : setLine(now, at + 1, line.text, key + quote + left + quote + rest);
  }, text);
}

/** What of these drivers `omit_drivers` would still leave out after our edits: shell code that a person must change. */
function stillOmitted(drivers: readonly string[], found: Dracut, facts: Facts): Dracut['omitDrivers'] {
  const names = withNeeds(drivers, facts);
  const omitted = found.omitDrivers.filter((omit) => names.includes(omit.name));
  if (omitted.length === 0) return [];
  const texts = found.files.map((path) => ({ path, text: facts.texts[path] }));
  if (texts.some((file) => file.text === undefined)) return omitted;
  const edited = texts.map(({ path, text = '' }) => ({ path, text: withoutOmitted(text, names) }));
  return readDracutConf(edited).omitDrivers.filter((omit) => names.includes(omit.name));
}

/** The blanks inside the quotes are needed: without them two files glue their names together and the exit code stays 0. */
function config(drivers: readonly string[], found: Dracut, facts: Facts): readonly Edit[] | string {
  const [omitted] = stillOmitted(drivers, found, facts);
  if (omitted !== undefined) {
    return `${omitted.at.path} line ${omitted.at.line ?? '?'} omits ${omitted.name} (omit_drivers): take it out by hand`;
  }
  const names = withNeeds(drivers, facts);
  const isOmitted = found.omitDrivers.some((omit) => names.includes(omit.name));
  const allowing = (isOmitted ? found.files : []).map(
    (path): Edit => ({ path, change: (text) => text && withoutOmitted(text, names) }),
  );
  if (drivers.every((driver) => [...found.addDrivers, ...found.forceDrivers].includes(driver))) return allowing;
  const line = `add_drivers+=" ${drivers.join(' ')} "\n`;
  return [
    ...allowing,
    {
      path: dropIn,
      change: (text) => (text === null ? line : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}`),
    },
  ];
}

/** Never host-only. The image is named first, as every version since 004 takes it; the kernel's version always is. */
function build(kernel: Kernel, found: Dracut): Argv {
  return [found.program, '--force', ...found.anyMachine, '{out}', kernel.version];
}

function faults(found: Dracut): ToolFault[] {
  const advice =
    'write the value in plain double quotes with a blank after the first and before the last: add_drivers+=" name "';
  return found.faults.map((fault) => ({ ...fault, advice }));
}

export const dracut: InitrdToolFamily<'dracut'> = {
  kind: 'dracut',
  detect,
  generic: () => undefined,
  asksFor: (driver, _kernel, { addDrivers, forceDrivers, drivers = [] }) =>
    [...addDrivers, ...forceDrivers, ...drivers].includes(driver),
  omits: (found) => found.omitDrivers,
  keptOut: (drivers, found, facts) => stillOmitted(drivers, found, facts).map((omit) => omit.name),
  restricted: (found) =>
    found.drivers === undefined
      ? undefined
      : 'drivers= in the dracut configuration allows only the drivers it names: widen it by hand',
  settings: (found) => found.files.map((path) => ({ path })),
  faults,
  config,
  build,
  byHand: (kernel, drivers, found) => {
    // Version 004 (RHEL 6) wants both by place.
    const which = found.anyMachine.length > 0 ? `--kver ${kernel}` : `/boot/initramfs-${kernel}.img ${kernel}`;
    return `echo 'add_drivers+=" ${drivers.join(' ')} "' >> ${dropIn}; dracut -f ${which}`;
  },
};
