import type { Check, Facts, Looked } from '../../model.ts';
import { certification, marketplace } from '../sources.ts';

const apart = ['/usr', '/var', '/home'];

function look(facts: Facts): Looked {
  const { fstab } = facts.storage;
  if (fstab.is !== 'there')
    return { is: 'unknown', why: `/etc/fstab: ${fstab.is === 'absent' ? 'there is none' : fstab.why}` };
  const findings = fstab.value
    .filter(({ target, type }) => apart.includes(target) && type !== 'btrfs')
    .map(({ target, source, line, text }) => ({
      about: target,
      says: `${target} is a file system of its own (${source})`,
      evidence: [{ path: '/etc/fstab' as const, line, text }],
      wants: [],
      advice: 'one file system for all is what certification advises; nothing breaks by it',
    }));
  return findings.length === 0
    ? { is: 'pass', says: '/, /usr, /var and /home are one file system' }
    : { is: 'fail', findings };
}

export const rootSinglePartition: Check = {
  id: 'root-single-partition',
  area: 'platform',
  title: 'The system is on one file system',
  severity: 'info',
  why: 'Certification advises one root partition: it grows with the disk, and a broken machine is easier to repair.',
  source: [certification, marketplace],
  fix: { all: 'Nothing is done about it: moving /usr or /var is for a person.' },
  look,
};
