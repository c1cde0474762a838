import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { lineOff, realPath, remedy } from '../fixable.ts';
import { fstabPath } from '../fstab.ts';
import { article, articleNow, lisa, ubuntuArticle } from '../sources.ts';
import { allowSwapfile, isUnderMountPoint } from '../swap-files.ts';
import { unread } from '../unread.ts';

type Swap = Facts['storage']['swaps'][number];

/** The want that ends one source of swap for good. A program that makes swap while the machine starts is removed by a person. */
function wantsFor(facts: Facts, swap: Swap, policy: Policy): Change[] {
  switch (swap.what) {
    case 'fstab': {
      const off = lineOff(facts, swap.at);
      return off === undefined ? [] : [off];
    }
    case 'unit': {
      const name = swap.at.path.slice(swap.at.path.lastIndexOf('/') + 1);
      const mask: GuestPath = `/etc/systemd/system/${name}`;
      return [{ kind: 'file', path: mask, is: { linkTo: '/dev/null' } }];
    }
    case 'active':
      return facts.where === 'live' ? [{ kind: 'swap-off', source: swap.source }] : [];
    case 'file':
      return policy.allow.includes(allowSwapfile) && leadsTo(facts, swap) === undefined
        ? [{ kind: 'file', path: swap.source as GuestPath, is: 'absent' }]
        : [];
    case 'generator':
      return [];
  }
}

/** Where a path that is not the swap file itself ends. Nobody has named that end, so it is not removed. */
function leadsTo(facts: Facts, swap: Swap): GuestPath | undefined {
  const real = realPath(facts, swap.source as GuestPath);
  return real === swap.source ? undefined : real;
}

/** What keeps its space when nothing swaps on it any more. */
function remains(source: string): string {
  if (isFile(source)) return '';
  const isVolume = /^\/dev\/(mapper\/|dm-|(?!block\/|disk\/)[^/]+\/[^/]+$)/.test(source);
  const what = isVolume
    ? 'volume'
    : /^(UUID|LABEL)=|\/by-(uuid|label)\//.test(source)
      ? 'partition or volume'
      : 'partition';
  return `; the ${what} itself stays, unused`;
}

function isFile(source: string): boolean {
  return source.startsWith('/') && !source.startsWith('/dev/');
}

const says: Readonly<Record<Swap['what'], (swap: Swap) => string>> = {
  fstab: ({ source }) => `${fstabPath} switches on swap on ${source}${remains(source)}`,
  unit: ({ source, at }) => `${at.path} switches on swap on ${source}`,
  active: ({ source }) => `swap is active on ${source}`,
  file: ({ source }) => `the swap file ${source} makes the image larger`,
  generator: ({ source, at }) => `a program makes swap on ${source} while the machine starts (${at.path})`,
};

const byHand: Readonly<Record<Swap['what'], (swap: Swap, leadsTo?: GuestPath) => string>> = {
  fstab: ({ source, at }) => `comment out line ${at.line ?? '?'} of ${fstabPath}; swapoff ${source}`,
  unit: ({ at }) => `systemctl mask --now ${at.path.slice(at.path.lastIndexOf('/') + 1)}`,
  active: ({ source }) => `swapoff ${source}`,
  file: ({ source }, end) =>
    end === undefined
      ? `rm ${source} (--allow ${allowSwapfile} does it)`
      : `${source} leads to ${end}: remove both if that is nothing but swap`,
  generator: ({ at }) =>
    `remove the package that ${at.path} belongs to (apt-get purge ${at.path.replace(/^.*\/|\.conf$/g, '')})`,
};

function findingOf(facts: Facts, swap: Swap, policy: Policy): Finding {
  const where = swap.on === 'unknown' ? ' (on which disk is not known)' : '';
  return {
    about: swap.source,
    says: says[swap.what](swap) + where,
    // A file that nothing switches on breaks no rule; it only makes the image larger.
    ...(swap.what === 'file' ? { severity: 'info' as const } : {}),
    evidence: [swap.at],
    ...remedy(facts, wantsFor(facts, swap, policy), byHand[swap.what](swap, leadsTo(facts, swap))),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  const { swaps, fstab } = facts.storage;
  const doubts: Doubt[] = unread(facts, /^\/proc\/swaps$|\.swap$/);
  if (fstab.is === 'unreadable') doubts.push({ about: fstabPath, why: fstab.why });
  // Files below the mount point of the temporary disk are what swap-resource-swapfile-removed speaks of.
  const wrong = swaps.filter((swap) => (swap.on === 'os-disk' || swap.on === 'unknown') && !isUnderMountPoint(swap));
  const fine = swaps.filter((swap) => !wrong.includes(swap)).map((swap) => swap.source);
  const note = fine.length > 0 ? ` (${[...new Set(fine)].join(', ')} is not on it)` : '';
  return judge(
    wrong.map((swap) => findingOf(facts, swap, policy)),
    doubts,
    `no swap on the OS disk${note}`,
  );
}

export const swapNoneOnOsDisk: Check = {
  id: 'swap-none-on-os-disk',
  area: 'swap',
  title: 'No swap on the OS disk',
  severity: 'must',
  why: 'The OS disk is remote and metered: swap belongs on the temporary disk, where the agent or cloud-init makes it.',
  source: [article, articleNow, ubuntuArticle, lisa('verify_no_swap_on_osdisk')],
  fix: {
    all: 'apply: swapoff, the fstab line is commented out, the unit is masked; --allow delete-swapfile removes the file',
  },
  look,
};
