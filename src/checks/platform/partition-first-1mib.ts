import type { Check, Policy } from '../../model.ts';
import { lookAtDisk } from '../disk.ts';
import { certification } from '../sources.ts';

/** 1 MiB, in sectors of 512 bytes. What lies before it (partition table, GRUB's core) is normal (CJ-25). */
const firstAllowed = 2048;

export const partitionFirst1mib: Check = {
  id: 'partition-first-1mib',
  area: 'platform',
  title: 'The first partition begins at 1 MiB or later',
  severity: 'should',
  why: 'Certification wants the first 2,048 sectors of the OS disk free of partitions.',
  source: [certification],
  fix: { all: "by hand, on the host: echo '+1M,' | sfdisk --move-data DISK -N 1" },
  look: (facts, policy: Policy) => {
    if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
    return lookAtDisk(facts, ({ name, firstPartitionStart: start }) => {
      if (start === undefined) return { is: 'unknown', why: `no partition of ${name} was found` };
      if (start >= firstAllowed)
        return { is: 'pass', says: `the first partition of ${name} begins at sector ${start}` };
      return {
        is: 'fail',
        findings: [
          {
            about: name,
            says: `the first partition of ${name} begins at sector ${start}, before ${firstAllowed}`,
            evidence: [{ path: `/sys/class/block/${name}` }],
            wants: [],
            advice: "on the host, with the disk not in use: echo '+1M,' | sfdisk --move-data DISK -N 1",
          },
        ],
      };
    });
  },
};
