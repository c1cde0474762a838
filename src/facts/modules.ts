import { isModuleFile, moduleName } from '../formats/modules-dep.ts';
import { emptyRecord } from '../formats/record.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, Kernel } from '../model.ts';
import { below, isThere } from './folders.ts';
import { readModulesDep } from './modules-dep.ts';

export type ModuleLists = Pick<Kernel, 'modules' | 'dependsOn' | 'hasModulesDep'>;

/** The modules of one kernel: from modules.dep, and by walking its folder where that is missing or empty. */
export async function scanModules(files: GuestFiles, folder: GuestPath): Promise<ModuleLists> {
  const dep = await files.text(`${folder}/modules.dep`);
  if (dep.is === 'unreadable') return { modules: dep, dependsOn: {}, hasModulesDep: true };
  // A kernel without modules has an empty one, rightly; a depmod that was cut short leaves one wrongly. The walk tells.
  if (dep.is === 'there' && dep.value.includes('.ko')) return { ...readModulesDep(dep.value), hasModulesDep: true };
  const modules = await walk(files, folder);
  const isEmpty = modules.is === 'there' && Object.keys(modules.value).length === 0;
  return { modules, dependsOn: {}, hasModulesDep: dep.is === 'there' && isEmpty };
}

/** depmod's order of folders: a module in an earlier one replaces its namesake in a later (depmod.d(5), search). */
const order = ['updates', 'extra', 'weak-updates', 'kernel'];
const deepest = 16;

/** Every module file below the folder, links followed inside the root; `build` and `source` lead to headers. */
async function walk(files: GuestFiles, folder: GuestPath): Promise<Kernel['modules']> {
  const found = emptyRecord<string>();
  const visited = new Set<GuestPath>();
  const look = async (inside: string, depth: number): Promise<string | undefined> => {
    const here: GuestPath = inside === '' ? folder : `${folder}/${inside}`;
    const real = await files.real(here);
    if (real.is !== 'there' || visited.has(real.value) || depth > deepest) return undefined;
    visited.add(real.value);
    const names = await files.names(here);
    if (names.is === 'unreadable') return `${here}: ${names.why}`;
    for (const name of sorted(names.is === 'there' ? names.value : [], inside === '')) {
      const path = inside === '' ? name : `${inside}/${name}`;
      if (isModuleFile(name)) {
        // weak-updates holds links into the folders of other kernels, which may be gone.
        if (await isThere(files, below(folder, path))) found[moduleName(name)] ??= path;
      } else if (await isFolder(files, below(folder, path))) {
        const fault = await look(path, depth + 1);
        if (fault !== undefined) return fault;
      }
    }
    return undefined;
  };
  const why = await look('', 0);
  return why === undefined ? { is: 'there', value: found } : { is: 'unreadable', why };
}

function sorted(names: readonly string[], top: boolean): readonly string[] {
  if (!top) return names;
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.filter((name) => name !== 'build' && name !== 'source').toSorted((a, b) => rank(a) - rank(b));
}

async function isFolder(files: GuestFiles, path: GuestPath): Promise<boolean> {
  const real = await files.real(path);
  if (real.is !== 'there') return false;
  const stat = await files.stat(real.value);
  return stat.is === 'there' && stat.value.type === 'folder';
}
