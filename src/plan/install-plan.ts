import { distroOf } from '../families/distro/index.ts';
import { packageManagers } from '../families/package-manager/index.ts';
import type { Examined, Facts, PackageFile, Plan } from '../model.ts';
import { collectWants, wantsOf } from './wants.ts';

/**
 * What brings the packages that findings want: a plan of one step and a run of its own, since everything else depends on what
 * has come and is planned anew afterwards. Undefined where none is wanted. `files`: what was given; those of packages that
 * are installed already are left out.
 */
export function installPlan(
  examined: readonly Examined[],
  facts: Facts,
  files: readonly PackageFile[],
): Plan | undefined {
  const wants = wantsOf(collectWants(examined), 'package').filter(({ change }) => change.is === 'installed');
  const manager = distroOf(facts.os.distro.family)?.packages.manager(facts.os);
  const installer = manager && packageManagers[manager].installer;
  if (wants.length === 0 || manager === undefined || installer === undefined) return undefined;
  const installed = facts.os.packages.is === 'there' ? facts.os.packages.value : {};
  const step = {
    kind: 'packages',
    manager,
    names: [...new Set(wants.map(({ change }) => change.name))],
    files: files.filter(({ name }) => installed[name] === undefined),
    rewrites: installer.rewrites,
  } as const;
  return { schema: 1, digests: {}, steps: [{ step, why: wants.flatMap(({ why }) => why) }], blockedBy: [] };
}

/** Both in one, for showing: the second as far as it can be told before the first was done. */
export function joinPlans(first: Plan | undefined, second: Plan): Plan {
  if (first === undefined) return second;
  return { ...second, digests: { ...first.digests, ...second.digests }, steps: [...first.steps, ...second.steps] };
}
