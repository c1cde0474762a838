import { globTest } from '../../formats/glob.ts';
import { appendLine } from '../../formats/lines.ts';
import { readShellVars, setShellVar } from '../../formats/shell-vars.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import type { InitrdToolFamily } from './initrd-tool.ts';

type Mkinitfs = Extract<InitrdTool, { kind: 'mkinitfs' }>;

const program: GuestPath = '/sbin/mkinitfs';
const conf: GuestPath = '/etc/mkinitfs/mkinitfs.conf';
const folder: GuestPath = '/etc/mkinitfs/features.d';
/** The feature that is ours to write. */
const feature = 'hyperv';
const featureFile: GuestPath = `${folder}/${feature}.modules`;

/** Lines of a feature: patterns, below lib/modules/VERSION; only a `#` in the first column is a comment. */
function patternsIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '')
    .map((word) => word.replace(/^\/+/, ''));
}

async function detect(files: GuestFiles, _os: OsFacts): Promise<Mkinitfs | undefined> {
  if ((await files.real(program)).is !== 'there') return undefined;
  const text = await files.text(conf);
  const value = text.is === 'there' ? (readShellVars(text.value, conf)['features']?.value ?? '') : '';
  const features = value.split(/\s+/).filter((name) => name !== '');
  const patterns: string[] = [];
  const sources: GuestPath[] = [conf];
  // Read also where it is not on: it is what an edit begins with.
  await files.text(featureFile);
  for (const name of features.filter((one) => /^[\w.+-]+$/.test(one))) {
    const path: GuestPath = `${folder}/${name}.modules`;
    const listed = await files.text(path);
    if (listed.is !== 'there') continue;
    sources.push(path);
    patterns.push(...patternsIn(listed.value));
  }
  return { kind: 'mkinitfs', program, conf, features, patterns, files: sources };
}

/** A pattern of a shell for a path, in which a name that turns out to be a folder stands for all below it. */
function fits(pattern: string, path: string): boolean {
  const wanted = pattern.replace(/\/+$/, '').split('/');
  const parts = path.split('/');
  return wanted.length <= parts.length && wanted.every((one, at) => globTest(one)(parts[at] as string));
}

/** With what these modules need: mkinitfs follows modules.dep. */
function asksFor(driver: string, kernel: Kernel, { patterns }: Mkinitfs): boolean {
  const modules = kernel.modules.is === 'there' ? kernel.modules.value : {};
  const isListed = (name: string) => {
    const path = modules[name];
    return path !== undefined && patterns.some((pattern) => fits(pattern, path));
  };
  if (isListed(driver)) return true;
  return Object.keys(modules).some((name) => kernel.dependsOn[name]?.includes(driver) === true && isListed(name));
}

/** `kernel/drivers/hv/hv_vmbus.ko*`: whatever the next kernel's modules are packed with. */
function patternOf(driver: string, facts: Facts): string | undefined {
  for (const { modules } of facts.kernels) {
    const path = modules.is === 'there' ? modules.value[driver] : undefined;
    if (path !== undefined) return path.replace(/\.ko(\..*)?$/, '.ko*');
  }
  return undefined;
}

function config(drivers: readonly string[], found: Mkinitfs, facts: Facts): readonly Edit[] {
  const patterns = drivers.flatMap((driver) => patternOf(driver, facts) ?? []);
  const listed: Edit['change'] = (text) => {
    const there = patternsIn(text ?? '');
    return patterns
      .filter((pattern) => !there.includes(pattern))
      .reduce((now, pattern) => appendLine(now, pattern), text ?? '');
  };
  const named = [...found.features, ...(found.features.includes(feature) ? [] : [feature])].join(' ');
  return [
    { path: featureFile, change: listed },
    { path: found.conf, change: (text) => setShellVar(text ?? '', 'features', named) },
  ];
}

/** The version is always named: without one it is that of the running kernel. */
function build(kernel: Kernel, found: Mkinitfs): Argv {
  return [found.program, '-c', found.conf, '-o', '{out}', kernel.version];
}

export const mkinitfs: InitrdToolFamily<'mkinitfs'> = {
  kind: 'mkinitfs',
  detect,
  generic: () => undefined,
  asksFor,
  settings: (found) => found.files.map((path) => ({ path })),
  faults: () => [],
  config,
  build,
  byHand: (kernel, drivers) =>
    `name the files of ${drivers.join(' ')} in ${featureFile} and ${feature} in features= of ${conf}; mkinitfs ${kernel}`,
};
