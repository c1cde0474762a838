import type { Check } from '../../model.ts';
import { lookAtDisk } from '../disk.ts';
import { article, articleNow, certification } from '../sources.ts';

/** 1,023 GiB, in bytes. */
const limit = 1023 * 2 ** 30;

export const diskSizeMax: Check = {
  id: 'disk-size-max',
  area: 'platform',
  title: 'The OS disk is not too large',
  severity: 'must',
  why: 'The largest OS disk that images are accepted with is 1,023 GiB.',
  source: [article, articleNow, certification],
  fix: { all: 'by hand, on the host: shrink the file systems and the disk, or move data to a data disk' },
  look: (facts) =>
    lookAtDisk(facts, ({ name, bytes }) =>
      bytes <= limit
        ? { is: 'pass', says: `${name} has ${bytes} bytes` }
        : {
            is: 'fail',
            findings: [
              {
                about: name,
                says: `${name} has ${bytes} bytes, ${bytes - limit} more than 1,023 GiB (${limit})`,
                evidence: [{ path: `/sys/class/block/${name}/size` }],
                wants: [],
                advice: 'shrink the last file system and partition, then the disk image; never the image first',
              },
            ],
          },
    ),
};
