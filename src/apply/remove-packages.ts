import { installerOf } from '../families/package-manager/index.ts';
import type { Guest } from '../guest/guest.ts';
import type { Will } from '../journal/entry.ts';
import { lastWords, secondsForPrograms } from './deeds/deed.ts';
import { addedSince, installedNow, keptList, lostSince } from './package-lists.ts';

/**
 * Has the guest's package manager remove what a run has brought, and compares the lists. Sentences that say what is not as
 * it was; none when all is. May be called again.
 */
export async function removePackages(guest: Guest, packages: NonNullable<Will['packages']>): Promise<string[]> {
  try {
    const { remove, env } = installerOf(packages.manager);
    const before = await keptList(guest, packages.before);
    if (before === undefined) return [`the list of packages before the run is gone: ${packages.before}`];
    const after = await keptList(guest, packages.after);
    const added = addedSince(before, await installedNow(guest));
    const foreign = after === undefined ? [] : added.filter((name) => after[name] === undefined);
    // Their records would be lost with those that are put back.
    if (foreign.length > 0) return [`installed since, and not by this run: ${foreign.join(', ')}; remove them first`];
    const toRemove = [...new Set([...added, ...packages.names])].filter((name) => before[name] === undefined);
    if (toRemove.length > 0) {
      const result = await guest.run(remove(toRemove), { seconds: secondsForPrograms, env });
      if (result.code !== 0) return [`${remove(toRemove).join(' ')} failed: ${lastWords(result)}`];
    }
    const now = await installedNow(guest);
    return [...addedSince(before, now).map((name) => `${name} is still installed`), ...lostSince(before, now)];
  } catch (error) {
    return [`what was installed could not be removed: ${(error as Error).message}`];
  }
}
