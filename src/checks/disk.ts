import type { Facts, Looked } from '../model.ts';

type Disk = Extract<Facts['storage']['disk'], { is: 'there' }>['value'];

/** Asks the disk that holds `/`: only a running machine knows it. A mounted root says nothing of the disk below it. */
export function lookAtDisk(facts: Facts, look: (disk: Disk) => Looked): Looked {
  if (facts.where === 'offline')
    return { is: 'not-applicable', why: 'the disk below a mounted root is not seen: run it inside' };
  const { disk } = facts.storage;
  if (disk.is === 'there') return look(disk.value);
  const why = disk.is === 'absent' ? 'no disk was found that holds the root file system' : disk.why;
  return { is: 'unknown', why };
}
