import { bootEntries } from '../../facts/boot.ts';
import type { Change, Check, Facts, Finding, FstabEntry, Looked, Policy } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { menuByHand, uuidByHand } from '../by-hand.ts';
import { realPath, remedy } from '../fixable.ts';
import { fstabPath, isDeviceName, isOnDisk, isVital, lastingName, mendedLine } from '../fstab.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { debianArticle, rhelArticle, suseArticle, ubuntuArticle } from '../sources.ts';

const key = 'root=';

function isDeviceRoot(arg: string): boolean {
  return arg.startsWith(key) && isDeviceName(arg.slice(key.length));
}

/** What fstab calls the root, when that name lasts. */
function rootOfFstab(facts: Facts): string | undefined {
  const { fstab } = facts.storage;
  const root = fstab.is === 'there' ? fstab.value.find((entry) => entry.target === '/') : undefined;
  return root !== undefined && /^(PART)?UUID=/.test(root.source) ? root.source.replaceAll('"', '') : undefined;
}

/** A kernel that starts without initrd understands PARTUUID= only. */
function lastingRoot(facts: Facts, arg: string): string | undefined {
  const bare = bootEntries(facts.boot).some((entry) => entry.initrds.length === 0);
  const named = rootOfFstab(facts);
  const fitting = bare && named?.startsWith('UUID=') ? undefined : named;
  return fitting ?? lastingName(facts, arg.slice(key.length), bare);
}

function onKernelLines(facts: Facts): { findings: Finding[]; doubts: readonly Doubt[] } {
  const { lines, doubts } = kernelLines(facts);
  const byDevice = argsLike(lines, isDeviceRoot);
  const swap = byDevice.map((from) => ({ from, to: lastingRoot(facts, from) }));
  const known = swap.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to: `${key}${to}` }]));
  const findings = lineFindings(
    facts,
    lines.filter((line) => line.args.some(isDeviceRoot)),
    {
      says: `names the root by device: ${byDevice.join(' ')}`,
      want: known.length === swap.length ? { have: [], lack: [], swap: known } : undefined,
      byHand: `put root=UUID=... in its place; ${uuidByHand(facts, byDevice[0]?.slice(key.length) ?? 'DEVICE')}`,
    },
  );
  return { findings: [...findings, ...unwillingGrub(facts)], doubts };
}

/** With this setting grub-mkconfig goes back to device names at the next update. */
function unwillingGrub(facts: Facts): Finding[] {
  const setting = facts.boot.kind === 'unknown' ? undefined : facts.boot.settings['GRUB_DISABLE_LINUX_UUID'];
  if (setting?.value !== 'true') return [];
  const { path } = setting.at;
  const want: Change = {
    kind: 'setting',
    path: realPath(facts, path),
    as: 'shell',
    key: 'GRUB_DISABLE_LINUX_UUID',
    value: null,
  };
  return [
    {
      about: path,
      says: 'GRUB_DISABLE_LINUX_UUID=true makes the next update name the root by device',
      evidence: [setting.at],
      ...remedy(facts, [want], `take GRUB_DISABLE_LINUX_UUID out of ${path}; ${menuByHand(facts)}`),
    },
  ];
}

function onFstab(facts: Facts, entry: FstabEntry, policy: Policy): Finding {
  const path = realPath(facts, fstabPath);
  const to = mendedLine(entry, facts, policy);
  const mended = to !== undefined && !isDeviceName(to.trim());
  const wants: Change[] = mended ? [{ kind: 'line', path, line: entry.line, text: entry.text, to }] : [];
  return {
    about: entry.target,
    says: `${fstabPath} names ${entry.target} by device: ${entry.source}`,
    ...(isVital(entry) ? {} : { severity: 'should' as const }),
    evidence: [{ path: fstabPath, line: entry.line, text: entry.text }],
    ...remedy(facts, wants, `put UUID=... in its place; ${uuidByHand(facts, entry.source)}`),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  const { findings, doubts } = onKernelLines(facts);
  const { fstab } = facts.storage;
  const all = [...doubts];
  if (fstab.is === 'unreadable') all.push({ about: fstabPath, why: fstab.why });
  const entries = fstab.is === 'there' ? fstab.value : [];
  const byDevice = entries.filter((entry) => isOnDisk(entry) && isDeviceName(entry.source));
  return judge(
    [...findings, ...byDevice.map((entry) => onFstab(facts, entry, policy))],
    all,
    'the root and every mount are named by UUID, label or volume',
  );
}

export const rootByPersistentId: Check = {
  id: 'root-by-persistent-id',
  area: 'platform',
  title: 'File systems are named by UUID or label',
  severity: 'must',
  why: 'Disks change their names on the way: vda becomes sda, and sda may be sdb at the next boot.',
  source: [rhelArticle, suseArticle, debianArticle, ubuntuArticle],
  fix: { all: 'apply: the device name becomes UUID= in fstab and in every store of the kernel line' },
  look,
};
