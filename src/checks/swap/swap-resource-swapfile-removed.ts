import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { remedy } from '../fixable.ts';
import { articleNow, centosArticle, rhelArticle } from '../sources.ts';
import { allowSwapfile, isUnderMountPoint } from '../swap-files.ts';
import { unread } from '../unread.ts';

function findingOf(facts: Facts, { source, at }: Facts['storage']['swaps'][number], policy: Policy): Finding {
  const isOn = facts.storage.swaps.some((other) => other.what === 'active' && other.source === source);
  const file: Change[] = policy.allow.includes(allowSwapfile)
    ? [{ kind: 'file', path: source as GuestPath, is: 'absent' }]
    : [];
  // Active swap has to be off first, and what is off may as well go.
  const wants: Change[] = isOn && file.length > 0 ? [{ kind: 'swap-off', source }, ...file] : file;
  const off = isOn ? `swapoff ${source}; ` : '';
  return {
    about: source,
    says: `${source} lies on the OS disk, below the mount point of the temporary disk, which will hide it`,
    evidence: [at],
    ...remedy(facts, wants, `${off}rm ${source} (--allow ${allowSwapfile} does it)`),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  const found = facts.storage.swaps.filter((swap) => isUnderMountPoint(swap) && swap.on !== 'resource');
  return judge(
    found.map((swap) => findingOf(facts, swap, policy)),
    unread(facts, /^\/mnt\//),
    'no swap file lies below the mount point of the temporary disk',
  );
}

export const swapResourceSwapfileRemoved: Check = {
  id: 'swap-resource-swapfile-removed',
  area: 'swap',
  title: 'No swap file of the build lies where the temporary disk is mounted',
  severity: 'should',
  why: 'Made while no temporary disk was mounted, it stays on the OS disk, hidden, in every machine made from the image.',
  source: [articleNow, rhelArticle, centosArticle],
  fix: { all: 'with --allow delete-swapfile: swapped off and removed' },
  look,
};
