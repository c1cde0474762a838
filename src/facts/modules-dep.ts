import { moduleName, parseModulesDep } from '../formats/modules-dep.ts';
import type { Kernel } from '../model.ts';
import { lazyRecord } from './lazy-record.ts';

/** What modules.dep lists, without taking its thousands of lines apart for the few modules that anybody asks for. */
export function readModulesDep(text: string): Pick<Kernel, 'modules' | 'dependsOn'> {
  // Files are named with `-` or `_`, or both; as long as the text, so that places in one are places in the other.
  const normal = text.replaceAll('-', '_');
  let parsed: ReturnType<typeof parseModulesDep> | undefined;
  const all = () => {
    parsed ??= parseModulesDep(text);
    return parsed;
  };
  const value = lazyRecord(
    (name) => lineOf(text, normal, name)?.path,
    () => all().modules,
  );
  const dependsOn = lazyRecord<readonly string[]>(
    (name) => lineOf(text, normal, name)?.needed.map(moduleName),
    () => all().dependsOn,
  );
  return { modules: { is: 'there', value }, dependsOn };
}

/** What follows the name of a module whose own line this is; where others need it, a blank or the line's end follows. */
const ownLine = /\.ko(?:\.(?:gz|xz|zst|bz2))?:/y;

/** The first line that is about this module. */
function lineOf(text: string, normal: string, name: string): { path: string; needed: string[] } | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const file = `${name}.ko`;
  for (let at = normal.indexOf(file); at >= 0; at = normal.indexOf(file, at + file.length)) {
    ownLine.lastIndex = at + name.length;
    // A longer name ends in this one.
    if ((at > 0 && !/[/\s]/.test(text[at - 1] as string)) || !ownLine.test(text)) continue;
    const start = text.lastIndexOf('\n', at) + 1;
    const colon = ownLine.lastIndex - 1;
    const end = text.indexOf('\n', colon);
    const needed = text.slice(colon + 1, end < 0 ? undefined : end).split(/\s+/);
    return { path: text.slice(start, colon).trim(), needed: needed.filter((path) => path !== '') };
  }
  return undefined;
}
