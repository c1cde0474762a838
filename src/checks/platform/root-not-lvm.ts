import type { Check, Facts, Finding, Looked } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { article, articleNow, marketplace } from '../sources.ts';

function look(facts: Facts): Looked {
  const { mounts } = facts.storage;
  if (!mounts.some((mount) => mount.target === '/'))
    return { is: 'unknown', why: 'what the root file system stands on was not found' };
  const findings = mounts
    .filter((mount) => mount.on === 'lvm')
    .map(
      ({ target, source, at }): Finding => ({
        about: target,
        says: `${target} stands on LVM (${source})`,
        evidence: [at],
        wants: [],
        advice:
          'it works, but a broken machine is harder to repair, and clones share volume names: a plain partition is better; LVM on data disks is fine',
      }),
    );
  const doubts = mounts
    .filter((mount) => mount.on === 'unknown')
    .map(
      ({ target, source }): Doubt => ({
        about: target,
        why: `what ${source} stands on cannot be told`,
        advice: '`lsblk` shows what it stands on; a plain partition is best',
      }),
    );
  const root = mounts.find((mount) => mount.target === '/');
  return judge(findings, doubts, `/ is ${root?.source ?? ''} on ${root?.on ?? ''}, not on LVM`);
}

export const rootNotLvm: Check = {
  id: 'root-not-lvm',
  area: 'platform',
  title: 'The OS disk has plain partitions',
  severity: 'should',
  why: 'The OS disk of a broken machine is repaired by attaching it to another one, where LVM volumes of clones collide by name.',
  source: [article, articleNow, marketplace],
  fix: { all: 'by hand: install on plain partitions; the system runs on LVM too' },
  look,
};
