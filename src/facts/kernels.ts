import { parseModulesBuiltin, parseModulesSoftdep } from '../formats/modules-dep.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootEntry, BootLoader, GuestPath, Kernel, Read } from '../model.ts';
import { bootEntries, defaultEntry } from './boot.ts';
import { below, namesIn } from './folders.ts';
import { readKernelConfig } from './kernel-config.ts';
import { findImages } from './kernel-images.ts';
import { type ModuleLists, scanModules } from './modules.ts';

/** Every kernel of the guest: those with an image, and folders of modules without one. */
export async function scanKernels(files: GuestFiles, boot: BootLoader): Promise<Kernel[]> {
  const [images, folders] = await Promise.all([findImages(files), findModuleFolders(files)]);
  const offered = await offeredImages(files, bootEntries(boot));
  const chosen = defaultEntry(boot);
  const chosenImage = chosen && (await files.real(chosen.kernelPath));
  const versions = new Set([...images.keys(), ...folders.keys()]);
  const inBoot = [...images.values()].some(isInstalled);
  return Promise.all(
    [...versions].sort().map(async (version): Promise<Kernel> => {
      const image = images.get(version);
      const modulesDir = folders.get(version);
      const real = image && (await files.real(image));
      const isOffered = real?.is === 'there' && offered.has(real.value);
      // Where /boot holds kernels, one that only lies beside its modules is a copy of what was once installed there.
      const bootable = image !== undefined && (isOffered || !inBoot || isInstalled(image));
      const isDefault =
        chosen?.isDefault === true &&
        // kernel-install starts a copy of it on the ESP.
        (chosen.version === version ||
          (chosenImage?.is === 'there' && real?.is === 'there' && chosenImage.value === real.value));
      return {
        version,
        class: classOf(version),
        image,
        modulesDir,
        bootable,
        isDefault,
        ...(await moduleFacts(files, modulesDir)),
        config: await readConfig(files, version, modulesDir),
      };
    }),
  );
}

/** Not merely beside its modules, as packages bring it. */
function isInstalled(image: GuestPath): boolean {
  return !/^(?:\/usr)?\/lib\/modules\//.test(image);
}

/** dracut names its rescue kernel `0-rescue-MACHINE-ID`; SUSE has a kdump flavour. */
function classOf(version: string): Kernel['class'] {
  if (/(?:^|-)rescue(?:-|$)/.test(version)) return 'rescue';
  return /kdump/.test(version) ? 'kdump' : 'normal';
}

/** Kernel version to its folder of modules. */
async function findModuleFolders(files: GuestFiles): Promise<Map<string, GuestPath>> {
  const folders = new Map<string, GuestPath>();
  for (const parent of ['/lib/modules', '/usr/lib/modules'] as const) {
    for (const version of await namesIn(files, parent)) {
      const stat = await files.stat(below(parent, version));
      if (stat.is === 'there' && stat.value.type === 'folder' && !folders.has(version))
        folders.set(version, below(parent, version));
    }
  }
  return folders;
}

async function offeredImages(files: GuestFiles, entries: readonly BootEntry[]): Promise<ReadonlySet<GuestPath>> {
  const real = await Promise.all(entries.map((entry) => files.real(entry.kernelPath)));
  return new Set(real.flatMap((path) => (path.is === 'there' ? [path.value] : [])));
}

async function moduleFacts(
  files: GuestFiles,
  folder: GuestPath | undefined,
): Promise<ModuleLists & Pick<Kernel, 'builtin' | 'softDependsOn'>> {
  if (folder === undefined)
    return { modules: { is: 'absent' }, dependsOn: {}, hasModulesDep: false, builtin: { is: 'absent' } };
  const [lists, builtin, soft] = await Promise.all([
    scanModules(files, folder),
    files.text(`${folder}/modules.builtin`),
    files.text(`${folder}/modules.softdep`),
  ]);
  return {
    ...lists,
    ...(soft.is === 'there' ? { softDependsOn: parseModulesSoftdep(soft.value) } : {}),
    builtin: builtin.is === 'there' ? { is: 'there', value: parseModulesBuiltin(builtin.value) } : builtin,
  };
}

async function readConfig(
  files: GuestFiles,
  version: string,
  modulesDir: GuestPath | undefined,
): Promise<Kernel['config']> {
  let answer: Read<string> = { is: 'absent' };
  for (const path of [`/boot/config-${version}`, ...(modulesDir ? [`${modulesDir}/config`] : [])] as GuestPath[]) {
    answer = await files.text(path);
    if (answer.is === 'there') return { is: 'there', value: readKernelConfig(answer.value) };
    if (answer.is === 'unreadable') return answer;
  }
  return answer;
}
