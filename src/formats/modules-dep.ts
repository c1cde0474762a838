import { emptyRecord } from './record.ts';

/** The module lists that depmod writes below `lib/modules/VERSION`, and the names of modules. */

/** What may follow `.ko`: how the module file itself is compressed. */
const suffix = /\.ko(?:\.(?:gz|xz|zst|bz2))?$/;

/** Whether a path names a kernel module file. */
export function isModuleFile(path: string): boolean {
  return suffix.test(path);
}

/**
 * The name of a module as the kernel and modprobe know it: no folder, no `.ko` or `.ko.xz`, and `_` for `-`. File names
 * keep whichever the source had (`hid-hyperv.ko`, `hv_vmbus.ko`), so two names are only comparable in this form.
 */
export function moduleName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(suffix, '')
    .replaceAll('-', '_');
}

/**
 * Reads modules.dep, lines of `kernel/a.ko.xz: kernel/b.ko.xz kernel/c.ko.xz`. Paths are as written: relative to the
 * modules folder, absolute where an old depmod wrote them so. The first file of a name wins; depmod has sorted out its
 * search order before it wrote the list. `dependsOn` holds what depmod lists: all modules needed, indirect ones too.
 */
export function parseModulesDep(text: string): {
  modules: Record<string, string>;
  dependsOn: Record<string, string[]>;
} {
  const modules = emptyRecord<string>();
  const dependsOn = emptyRecord<string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const path = line.slice(0, colon).trim();
    if (colon < 0 || path === '' || path.startsWith('#')) continue;
    const name = moduleName(path);
    if (modules[name] !== undefined) continue;
    modules[name] = path;
    dependsOn[name] = line
      .slice(colon + 1)
      .split(/\s+/)
      .filter((needed) => needed !== '')
      .map(moduleName);
  }
  return { modules, dependsOn };
}

/** Names in modules.builtin, one `kernel/drivers/x.ko` in each line: normalised, in order, without repeats. */
export function parseModulesBuiltin(text: string): string[] {
  const paths = text.split('\n').map((line) => line.trim());
  return [...new Set(paths.filter((path) => path !== '' && !path.startsWith('#')).map(moduleName))];
}

/** Reads modules.softdep, lines of `softdep NAME pre: A B post: C`: normalised names that should be loaded before each. */
export function parseModulesSoftdep(text: string): Record<string, string[]> {
  const before = emptyRecord<string[]>();
  for (const line of text.split('\n')) {
    const [command, name, ...words] = line.trim().split(/\s+/);
    if (command !== 'softdep' || name === undefined) continue;
    let isBefore = false;
    for (const word of words) {
      if (word.endsWith(':')) isBefore = word === 'pre:';
      else if (isBefore) before[moduleName(name)] = [...(before[moduleName(name)] ?? []), moduleName(word)];
    }
  }
  return before;
}
