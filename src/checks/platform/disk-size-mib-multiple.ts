import type { Check } from '../../model.ts';
import { lookAtDisk } from '../disk.ts';
import { article, articleNow, certification } from '../sources.ts';

const mib = 2 ** 20;

export const diskSizeMibMultiple: Check = {
  id: 'disk-size-mib-multiple',
  area: 'platform',
  title: 'The disk is a whole number of MiB',
  severity: 'must',
  why: 'An upload whose virtual size is not a multiple of 1 MiB is refused: "unsupported virtual size".',
  source: [article, articleNow, certification],
  fix: { all: 'by hand, on the host: qemu-img resize to the size that is named, rounded up' },
  look: (facts) =>
    lookAtDisk(facts, ({ name, bytes }) => {
      if (bytes % mib === 0) return { is: 'pass', says: `${name} has ${bytes / mib} MiB exactly` };
      // A true ceiling: the article's own formula adds a MiB to disks that are aligned already (CJ-24).
      const rounded = Math.ceil(bytes / mib) * mib;
      return {
        is: 'fail',
        findings: [
          {
            about: name,
            says: `${name} has ${bytes} bytes, ${rounded - bytes} short of a whole MiB`,
            evidence: [{ path: `/sys/class/block/${name}/size` }],
            wants: [],
            advice: `on the host, as a raw image: qemu-img resize -f raw IMAGE.raw ${rounded}; then convert it (the VHD file is 512 bytes longer)`,
          },
        ],
      };
    }),
};
