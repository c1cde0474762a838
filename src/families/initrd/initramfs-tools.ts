import { readShellFiles, setShellVar } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily, ToolFault } from './initrd-tool.ts';

type InitramfsTools = Extract<InitrdTool, { kind: 'initramfs-tools' }>;

const program: GuestPath = '/usr/sbin/mkinitramfs';
const folder: GuestPath = '/etc/initramfs-tools';
const modulesFile: GuestPath = `${folder}/modules`;
const mainFile: GuestPath = `${folder}/initramfs.conf`;
const updateFile: GuestPath = `${folder}/update-initramfs.conf`;

/** initramfs.conf, then conf.d/*: mkinitramfs skips names with other characters than these (run-parts rules). */
async function readConf(files: GuestFiles): Promise<{ path: GuestPath; text: string }[]> {
  const names = await files.names(`${folder}/conf.d`);
  const dropIns =
    names.is === 'there' ? names.value.filter((name) => /^[A-Za-z0-9_.-]+$/.test(name) && !/\.dpkg-/.test(name)) : [];
  const paths: GuestPath[] = [mainFile, ...dropIns.map((name): GuestPath => `${folder}/conf.d/${name}`)];
  const found: { path: GuestPath; text: string }[] = [];
  for (const path of paths) {
    const text = await files.text(path);
    if (text.is === 'there') found.push({ path, text: text.value });
  }
  return found;
}

/** Only a `#` in the first column starts a comment; what follows a module name is passed to it as arguments. */
export function readModulesFile(text: string): { name: string; line: number; text: string }[] {
  return text.split('\n').flatMap((line, index) => {
    const name = line.trim().split(/\s+/)[0] ?? '';
    return line.startsWith('#') || name === ''
      ? []
      : [{ name: name.replaceAll('-', '_'), line: index + 1, text: line }];
  });
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<InitramfsTools | undefined> {
  if ((await files.real(program)).is !== 'there') return undefined;
  const settings = readShellFiles(await readConf(files));
  const modules = await files.text(modulesFile);
  const updateConf = await files.text(updateFile);
  const update = updateConf.is === 'there' ? readShellFiles([{ path: updateFile, text: updateConf.value }]) : {};
  const init = await files.text('/usr/share/initramfs-tools/init');
  const resume = settings['RESUME'];
  return {
    kind: 'initramfs-tools',
    modules: modules.is === 'there' ? readModulesFile(modules.value) : [],
    modulesFile,
    mode: settings['MODULES']?.value ?? 'most',
    modeAt: settings['MODULES']?.at,
    update: update['update_initramfs']?.value ?? 'yes',
    // Debian's init sleeps for the whole of rootdelay=; Ubuntu's takes it for an upper bound and has no such line (CJ-1).
    rootdelaySleeps: init.is === 'there' && /sleep\s+"?\$\{?ROOTDELAY/.test(init.value),
    resume: resume === undefined ? undefined : { value: resume.value, at: resume.at },
  };
}

function addNames(text: string | null, drivers: readonly string[]): string {
  const before = text ?? '';
  const there = new Set(readModulesFile(before).map((entry) => entry.name));
  const missing = drivers.filter((driver) => !there.has(driver));
  if (missing.length === 0) return before;
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  // One name per line and nothing behind it: the rest of a line would become the module's arguments.
  return `${start}${missing.join('\n')}\n`;
}

function config(drivers: readonly string[], found: InitramfsTools, _facts: Facts): readonly Edit[] {
  const edits: Edit[] = [{ path: found.modulesFile, change: (text) => addNames(text, drivers) }];
  // MODULES=dep keeps only what the machine of the build needs, and cannot be built for a guest that is not running.
  if (found.mode === 'dep') {
    const path = found.modeAt?.path ?? mainFile;
    edits.push({ path, change: (text) => setShellVar(text ?? '', 'MODULES', 'most') });
  }
  return edits;
}

/** mkinitramfs, not update-initramfs: the latter obeys update_initramfs=no with exit code 0 and writes over the old image. */
function build(kernel: Kernel, _found: InitramfsTools): Argv {
  return [program, '-o', '{out}', kernel.version];
}

/** `update-initramfs -u` then does nothing and ends with exit code 0, so that no later change reaches an image. */
function faults({ update }: InitramfsTools): ToolFault[] {
  if (update !== 'no') return [];
  return [
    {
      says: `update_initramfs=no in ${updateFile}: update-initramfs -u changes nothing and ends with exit code 0`,
      at: { path: updateFile },
      advice: `set update_initramfs=yes in ${updateFile}`,
    },
  ];
}

export const initramfsTools: InitrdToolFamily<'initramfs-tools'> = {
  kind: 'initramfs-tools',
  detect,
  generic: ({ mode }) => (mode === 'most' ? 'MODULES=most puts the Hyper-V drivers into every initrd' : undefined),
  becomesGeneric: ({ mode }) => mode === 'dep',
  asksFor: (driver, _kernel, { modules }) => modules.some((module) => module.name === driver),
  settings: (found) => [...(found.modeAt ? [found.modeAt] : []), { path: found.modulesFile }],
  faults,
  config,
  build,
  byHand: (kernel, drivers, found) =>
    `printf '%s\\n' ${drivers.join(' ')} >> ${found.modulesFile}; update-initramfs -u -k ${kernel}`,
};
