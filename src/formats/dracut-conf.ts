import type { Evidence, ShellSetting } from '../model.ts';
import { findShellFaults, type ShellFault } from './shell-faults.ts';
import { followShell, resolvePieces, type ShellFile } from './shell-state.ts';

/** What dracut's configuration comes to. Driver names are normalised to `_`. */
export interface DracutConf {
  readonly addDrivers: readonly string[];
  readonly forceDrivers: readonly string[];
  readonly omitDrivers: readonly { readonly name: string; readonly at: Evidence }[];
  /** `drivers=` restricts the image to exactly these; undefined where it is not set or empty. */
  readonly drivers: readonly string[] | undefined;
  readonly filesystems: readonly string[];
  readonly hostonly: boolean;
  readonly faults: readonly ShellFault[];
  /** Variables of these whose value is put together by shell code that is not evaluated. */
  readonly computed: readonly string[];
}

const lists = ['add_drivers', 'force_drivers', 'omit_drivers', 'drivers', 'filesystems'];

/**
 * Reads dracut's configuration as dracut.sh does: the files are sourced by bash in the order given (the caller merges
 * the folders), `+=` appends without a blank of its own, so names without blanks inside the quotes are glued together
 * to one that does not exist, and dracut still exits 0.
 */
export function readDracutConf(files: readonly ShellFile[]): DracutConf {
  const faults: ShellFault[] = files.flatMap((file) => findShellFaults(file.text, file.path));
  const omitted = new Map<string, Evidence>();
  const settings = followShell(files, true, ({ text }, assignment, scope, at) => {
    const { name, append } = assignment;
    if (!lists.includes(name)) return;
    const added = resolvePieces(text, assignment, scope)
      .map((piece) => piece.value ?? '')
      .join('');
    if (name === 'omit_drivers') for (const driver of namesIn(added)) omitted.set(driver, at);
    const before = append ? (scope.states.get(name)?.value ?? '') : '';
    const glued = /\S+$/.exec(before.slice(-200));
    const onto = /^\S+/.exec(added.slice(0, 200));
    if (glued === null || onto === null) return;
    faults.push({
      says: `${name}: ${glued[0]} and ${onto[0]} become one name: blanks are missing inside the quotes`,
      at,
    });
  });
  const names = (name: string) => namesIn(settings[name]?.value ?? '');
  return {
    addDrivers: names('add_drivers'),
    forceDrivers: names('force_drivers'),
    omitDrivers: names('omit_drivers').map((name) => ({
      name,
      at: omitted.get(name) ?? (settings['omit_drivers'] as ShellSetting).at,
    })),
    drivers: names('drivers').length > 0 ? names('drivers') : undefined,
    filesystems: names('filesystems'),
    hostonly: ['yes', '-h'].includes(settings['hostonly']?.value ?? ''),
    faults,
    computed: [...lists, 'hostonly'].filter((name) => settings[name]?.literal === false),
  };
}

function namesIn(value: string): string[] {
  return value.split(/\s+/).flatMap((name) => (name === '' ? [] : [name.replaceAll('-', '_')]));
}
