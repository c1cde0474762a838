import { distroOf } from '../../families/distro/index.ts';
import { packageManagers } from '../../families/package-manager/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { articleNow, centosArticle } from '../sources.ts';

/** Nothing in a guest tells what its package sources have by now, and a check asks no network. */
function look({ os }: Facts): Looked {
  const habits = distroOf(os.distro.family)?.packages;
  const command = habits === undefined ? '' : `: ${packageManagers[habits.manager(os)].byHand.upgrade}`;
  return { is: 'unknown', why: `only the package sources know whether there is anything newer${command}` };
}

export const packagesUpdated: Check = {
  id: 'packages-updated',
  area: 'system',
  title: 'The newest packages are installed',
  severity: 'info',
  why: 'Every machine made from the image begins with the faults that its packages have.',
  source: [articleNow, centosArticle],
  fix: { all: 'by hand: update every package, restart, and run the check again' },
  look,
};
