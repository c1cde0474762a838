import type { Change, Check, Facts, Finding, FstabEntry, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy } from '../fixable.ts';
import { allowNofail, fstabPath, isKnownSource, isOnDisk, mayBeLacking, mendedLine } from '../fstab.ts';
import { debianArticle, rhelArticle } from '../sources.ts';

function evidenceOf(entry: FstabEntry): Finding['evidence'] {
  return [{ path: fstabPath, line: entry.line, text: entry.text }];
}

function lacking(facts: Facts, entry: FstabEntry, policy: Policy): Finding[] {
  const reason = mayBeLacking(entry, facts);
  if (reason === undefined) return [];
  const to = policy.allow.includes(allowNofail) ? mendedLine(entry, facts, policy) : undefined;
  const path = realPath(facts, fstabPath);
  const wants: Change[] = to === undefined ? [] : [{ kind: 'line', path, line: entry.line, text: entry.text, to }];
  return [
    {
      about: entry.target,
      says: `${entry.target} ${reason}: a machine that lacks it stops in an emergency shell`,
      ...(reason.startsWith('may be') ? { severity: 'info' as const } : {}),
      evidence: evidenceOf(entry),
      ...remedy(facts, wants, `add nofail to its options or take the line out (--allow ${allowNofail} adds it)`),
    },
  ];
}

/** Only a running machine knows every device: offline an unknown UUID says nothing. */
function unresolved(facts: Facts, entry: FstabEntry): Finding[] {
  if (facts.where === 'offline' || facts.storage.ids.length === 0) return [];
  if (!isOnDisk(entry) || !/^(PART)?(UUID|LABEL)=/.test(entry.source) || entry.source.startsWith('PARTLABEL='))
    return [];
  if (entry.options.includes('noauto') || entry.options.includes('nofail')) return [];
  if (isKnownSource(facts, entry.source)) return [];
  return [
    {
      about: entry.target,
      says: `no device carries ${entry.source}, which ${entry.target} is to be mounted from`,
      evidence: evidenceOf(entry),
      wants: [],
      advice: 'compare with `blkid` and correct or remove the line, then `findmnt --verify --verbose`',
    },
  ];
}

function malformed(entry: FstabEntry): Finding[] {
  if (entry.type !== '') return [];
  return [
    {
      about: `line ${entry.line}`,
      says: `${fstabPath} line ${entry.line} has less than source, target and type`,
      evidence: evidenceOf(entry),
      wants: [],
      advice: 'complete or remove the line, then `findmnt --verify --verbose`',
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  const { fstab } = facts.storage;
  if (fstab.is === 'unreadable') return { is: 'unknown', why: `${fstabPath}: ${fstab.why}` };
  if (fstab.is === 'absent') return { is: 'pass', says: `there is no ${fstabPath}` };
  const entries = fstab.value.filter((entry) => entry.type !== 'swap');
  const findings = entries.flatMap((entry) => [
    ...malformed(entry),
    ...lacking(facts, entry, policy),
    ...unresolved(facts, entry),
  ]);
  return judge(findings, [], `every line of ${fstabPath} can be mounted on another machine`);
}

export const fstabSane: Check = {
  id: 'fstab-sane',
  area: 'platform',
  title: 'No mount of this machine stops the boot elsewhere',
  severity: 'should',
  why: 'systemd stops in an emergency shell when a mount without nofail fails, and nobody can reach that shell.',
  source: [rhelArticle, debianArticle],
  fix: { all: 'apply with --allow fstab-nofail: nofail is added; else by hand' },
  look,
};
