import { findShellFaults } from '../../formats/shell-faults.ts';
import { readShellFiles, setShellVar } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily } from './initrd-tool.ts';

type Mkinitrd = Extract<InitrdTool, { kind: 'mkinitrd' }>;
type File = { readonly path: GuestPath; readonly text: string };

const programs: readonly GuestPath[] = ['/sbin/mkinitrd', '/usr/bin/mkinitrd', '/usr/sbin/mkinitrd'];
const suseFile: GuestPath = '/etc/sysconfig/kernel';
const modprobeFile: GuestPath = '/etc/modprobe.conf';
/** A folder whose executable files RHEL 5's mkinitrd sources; some tools put a file in its place. */
const redhatFolder: GuestPath = '/etc/sysconfig/mkinitrd';
const ownFile: GuestPath = `${redhatFolder}/azure`;

async function textAt(files: GuestFiles, path: GuestPath): Promise<File[]> {
  const text = await files.text(path);
  return text.is === 'there' ? [{ path, text: text.value }] : [];
}

function words(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).flatMap((name) => (name === '' ? [] : [name.replaceAll('-', '_')]));
}

/** Disk controllers of modprobe.conf: RHEL 5's mkinitrd takes each along (mkinitrd(8)). */
function hostAdapters(text: string): string[] {
  return [...text.matchAll(/^[ \t]*alias[ \t]+scsi_hostadapter\d*[ \t]+([\w-]+)/gm)].flatMap(([, name]) => words(name));
}

async function redhatFiles(files: GuestFiles): Promise<File[]> {
  const stat = await files.stat(redhatFolder);
  if (stat.is === 'there' && stat.value.type === 'file') return textAt(files, redhatFolder);
  const names = await files.names(redhatFolder);
  const found: File[] = [];
  for (const name of names.is === 'there' ? names.value : []) {
    const path: GuestPath = `${redhatFolder}/${name}`;
    const one = await files.stat(path);
    if (one.is === 'there' && (one.value.mode & 0o111) !== 0) found.push(...(await textAt(files, path)));
  }
  return found;
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<Mkinitrd | undefined> {
  for (const program of programs) {
    if ((await files.real(program)).is !== 'there') continue;
    const suse = await textAt(files, suseFile);
    // RHEL 5 has a file of that name as well, without this variable.
    const isSuse =
      (await files.real('/lib/mkinitrd')).is === 'there' || /^\s*INITRD_MODULES=/m.test(suse[0]?.text ?? '');
    const sources = isSuse ? suse : await redhatFiles(files);
    const settings = readShellFiles(sources);
    const adapters = isSuse ? [] : await textAt(files, modprobeFile);
    const names = isSuse ? ['INITRD_MODULES'] : ['PREMODS', 'MODULES'];
    const modules = [
      ...names.flatMap((name) => words(settings[name]?.value)),
      ...adapters.flatMap((file) => hostAdapters(file.text)),
    ];
    return {
      kind: 'mkinitrd',
      flavour: isSuse ? 'suse' : 'redhat',
      program,
      modules: [...new Set(modules)],
      faults: sources.flatMap((file) => findShellFaults(file.text, file.path)),
      files: isSuse ? [suseFile] : [...adapters, ...sources].map((file) => file.path),
    };
  }
  return undefined;
}

function config(drivers: readonly string[], found: Mkinitrd, facts: Facts): readonly Edit[] | string {
  const missing = drivers.filter((driver) => !found.modules.includes(driver));
  if (missing.length === 0) return [];
  if (found.flavour === 'suse') {
    // The order is the order of loading: what is there stays in front.
    const change: Edit['change'] = (text) => {
      const now = readShellFiles([{ path: suseFile, text: text ?? '' }])['INITRD_MODULES']?.value.trim() ?? '';
      const lacking = missing.filter((driver) => !words(now).includes(driver));
      const value = [...(now === '' ? [] : [now]), ...lacking].join(' ');
      return lacking.length === 0 ? text : setShellVar(text ?? '', 'INITRD_MODULES', value);
    };
    return [{ path: suseFile, change }];
  }
  if (facts.texts[redhatFolder] !== undefined)
    return `${redhatFolder} is a file where a folder belongs: add MODULES+=" ${missing.join(' ')} " to it by hand`;
  const line = `MODULES+=" ${missing.join(' ')} "\n`;
  return [
    { path: ownFile, mode: 0o755, change: (text) => ((text ?? '').includes(line) ? text : `${text ?? ''}${line}`) },
  ];
}

/** The article's own call: each driver loaded first, in the order in which one needs the other. */
const first = ['hv_vmbus', 'hv_storvsc'];

function build(kernel: Kernel, { program, flavour }: Mkinitrd): Argv | string {
  if (flavour === 'suse') {
    if (kernel.image === undefined) return 'its image was not found, which mkinitrd asks for';
    // mkinitrd(8) of SUSE: both names are relative to the folder given with -b. -B leaves the boot loader's files alone.
    const [, folder = '/boot', image = ''] = /^(.*)\/([^/]+)$/.exec(kernel.image) ?? [];
    return [program, '-B', '-b', folder, '-k', image, '-i', '{name}'];
  }
  const modules = kernel.modules.is === 'there' ? kernel.modules.value : {};
  const preload = first.filter((name) => modules[name] !== undefined).map((name) => `--preload=${name}`);
  const others = ['hv_netvsc', 'sd_mod'].filter((name) => modules[name] !== undefined).map((name) => `--with=${name}`);
  return [program, ...preload, ...others, '-v', '-f', '{out}', kernel.version];
}

export const mkinitrd: InitrdToolFamily<'mkinitrd'> = {
  kind: 'mkinitrd',
  detect,
  generic: () => undefined,
  asksFor: (driver, _kernel, found) => found.modules.includes(driver),
  settings: (found) => found.files.map((path) => ({ path })),
  faults: (found) =>
    found.faults.map((fault) => ({
      ...fault,
      advice: 'write the value in plain double quotes, names parted by blanks',
    })),
  config,
  build,
  byHand: (kernel, drivers, { flavour }) =>
    flavour === 'suse'
      ? `add ${drivers.join(' ')} to INITRD_MODULES in ${suseFile}; mkinitrd -k vmlinuz-${kernel} -i initrd-${kernel}`
      : `mkinitrd --preload=hv_storvsc --preload=hv_vmbus -v -f initrd-${kernel}.img ${kernel} in /boot, and for later kernels MODULES+=" ${drivers.join(' ')} " in ${ownFile} (mode 755)`,
};
