import { addToArray, findArrays, oddArrays } from '../../formats/bash-array.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Evidence, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily, ToolFault } from './initrd-tool.ts';

type Mkinitcpio = Extract<InitrdTool, { kind: 'mkinitcpio' }>;

const programs: readonly GuestPath[] = ['/usr/bin/mkinitcpio', '/sbin/mkinitcpio'];
const mainFile: GuestPath = '/etc/mkinitcpio.conf';
const dropIns: GuestPath = '/etc/mkinitcpio.conf.d';
const presets: GuestPath = '/etc/mkinitcpio.d';

type File = { readonly path: GuestPath; readonly text: string };

async function readFolder(files: GuestFiles, folder: GuestPath, suffix: string): Promise<File[]> {
  const names = await files.names(folder);
  const found: File[] = [];
  for (const name of names.is === 'there' ? names.value.filter((one) => one.endsWith(suffix)) : []) {
    const text = await files.text(`${folder}/${name}`);
    if (text.is === 'there') found.push({ path: `${folder}/${name}`, text: text.value });
  }
  return found;
}

/** A preset that names a configuration has mkinitcpio called with -c, which leaves the drop-ins aside. */
const namesConfig = /^[ \t]*(?:ALL|default)_config=["']?([^"'\s#]+)/m;

/** What the files of a variable come to: `=` begins anew, `+=` adds. */
function readArray(sources: readonly File[], name: string) {
  let words: string[] = [];
  let last: File | undefined;
  const odd: Evidence[] = [];
  const puzzling = sources.flatMap((file) => oddArrays(file.text, name).map((line) => ({ path: file.path, line })));
  for (const file of sources) {
    for (const { append, words: more, line } of findArrays(file.text, name)) {
      if (more.some((word) => !word.literal)) odd.push({ path: file.path, line });
      words = [...(append ? words : []), ...more.map((word) => word.text)];
      last = file;
    }
  }
  // Past what cannot be taken apart nobody knows what it holds.
  return { words: puzzling.length > 0 ? [] : words, file: last?.path, odd: [...puzzling, ...odd], puzzling };
}

function foreignConfig(preset: File): Mkinitcpio['faults'] {
  const named = namesConfig.exec(preset.text);
  if (named === null || named[1] === mainFile) return [];
  const line = preset.text.slice(0, named.index).split('\n').length;
  const says = `${preset.path} has images made from ${named[1]}, which is not looked at`;
  return [{ says, at: { path: preset.path, line, text: named[0].trim() } }];
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<Mkinitcpio | undefined> {
  for (const program of programs) {
    if ((await files.real(program)).is !== 'there') continue;
    const main = await files.text(mainFile);
    const own = await readFolder(files, presets, '.preset');
    const more = own.some((preset) => namesConfig.test(preset.text)) ? [] : await readFolder(files, dropIns, '.conf');
    const sources = [...(main.is === 'there' ? [{ path: mainFile, text: main.value }] : []), ...more];
    const modules = readArray(sources, 'MODULES');
    const hooks = readArray(sources, 'HOOKS');
    const computed = [...modules.odd, ...hooks.odd].map((at) => ({
      says: `${at.path} line ${at.line} is put together by shell code, which is not evaluated`,
      at,
    }));
    const [puzzle] = modules.puzzling;
    return {
      kind: 'mkinitcpio',
      ...(puzzle && { odd: `MODULES of ${puzzle.path} line ${puzzle.line} cannot be taken apart` }),
      program,
      // `name?` is one that may be missing.
      modules: modules.words.map((name) => name.replace(/\?$/, '').replaceAll('-', '_')),
      hooks: hooks.words,
      modulesFile: modules.file ?? mainFile,
      faults: [...own.flatMap(foreignConfig), ...computed],
      files: sources.map((source) => source.path),
    };
  }
  return undefined;
}

/** The hook `autodetect` keeps what the machine of the build needs; without it `block` brings every disk driver. */
function generic({ hooks }: Mkinitcpio): string | undefined {
  if (!hooks.includes('block') || hooks.includes('autodetect')) return undefined;
  return 'without the hook autodetect, block puts the Hyper-V drivers into every initrd';
}

function config(drivers: readonly string[], found: Mkinitcpio, _facts: Facts): readonly Edit[] {
  const change: Edit['change'] = (text) => {
    const there = readArray([{ path: found.modulesFile, text: text ?? '' }], 'MODULES').words.map((name) =>
      name.replaceAll('-', '_'),
    );
    const missing = drivers.filter((name) => !there.includes(name) && !found.modules.includes(name));
    return addToArray(text ?? '', 'MODULES', missing);
  };
  return [{ path: found.modulesFile, change }];
}

/**
 * One image, not `-P`, which writes over all of them. Without autodetect: it would keep what the machine of the build needs.
 * The version is always named: without `-k` it is that of the running kernel.
 */
function build(kernel: Kernel, { program }: Mkinitcpio): Argv {
  return [program, '-k', kernel.version, '-S', 'autodetect', '-g', '{out}'];
}

const faults = (found: Mkinitcpio): ToolFault[] =>
  found.faults.map((fault) => ({
    ...fault,
    advice: `write MODULES=(...) and HOOKS=(...) in plain words in ${mainFile}`,
  }));

export const mkinitcpio: InitrdToolFamily<'mkinitcpio'> = {
  kind: 'mkinitcpio',
  detect,
  generic,
  asksFor: (driver, _kernel, found) => found.modules.includes(driver),
  restricted: (found) => found.odd,
  settings: (found) => [{ path: found.modulesFile }],
  faults,
  config,
  build,
  byHand: (kernel, drivers, found) =>
    `add ${drivers.join(' ')} to MODULES=() of ${found.modulesFile}; mkinitcpio -P makes every image anew, that of ${kernel} too`,
};
