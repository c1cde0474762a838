import { readDracutConf } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily } from './initrd-tool.ts';

type Dracut = Extract<InitrdTool, { kind: 'dracut' }>;

const programs: readonly GuestPath[] = ['/usr/bin/dracut', '/usr/sbin/dracut', '/sbin/dracut'];
const vendorFolder: GuestPath = '/usr/lib/dracut/dracut.conf.d';
const ownFolder: GuestPath = '/etc/dracut.conf.d';
/** The name that Microsoft's recipes use. */
export const dropIn: GuestPath = `${ownFolder}/azure.conf`;

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
    };
  }
  return undefined;
}

/** What bash would have to work out is not known here, and so is no proof that a driver goes in. */
function computed(name: string): { says: string; at: { path: GuestPath } } {
  return { says: `${name} is put together by shell code, which is not evaluated`, at: { path: ownFolder } };
}

/** The blanks inside the quotes are needed: without them two files glue their names together and the exit code stays 0. */
function config(drivers: readonly string[], found: Dracut, _facts: Facts): readonly Edit[] | string {
  const omitted = found.omitDrivers.find((omit) => drivers.includes(omit.name));
  if (omitted !== undefined) {
    return `${omitted.at.path} line ${omitted.at.line ?? '?'} omits ${omitted.name} (omit_drivers): take it out by hand`;
  }
  if (found.drivers !== undefined)
    return 'drivers= in the dracut configuration allows only the drivers it names: widen it by hand';
  const line = `add_drivers+=" ${drivers.join(' ')} "\n`;
  return [
    {
      path: dropIn,
      change: (text) => (text === null ? line : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}`),
    },
  ];
}

/**
 * Never host-only: the machine of the build is not the machine that will boot the image. Nor may the build bake its own
 * root device into the image's command line, which `--hostonly` does in a chroot.
 */
function build(kernel: string, found: Dracut): Argv {
  return [found.program, '--force', '--no-hostonly', '--no-hostonly-cmdline', '{out}', kernel];
}

export const dracut: InitrdToolFamily<'dracut'> = { kind: 'dracut', detect, config, build };
