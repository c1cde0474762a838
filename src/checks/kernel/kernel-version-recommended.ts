import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { eachKernel, vanilla } from '../drivers.ts';
import { article } from '../sources.ts';

/** RHEL took the drivers into its 2.6.32 with build 358 (release 6.4), and has them in every later one. */
function isBackported(version: string): boolean {
  return Number(/^2\.6\.32-(\d+).*\.el6/.exec(version)?.[1] ?? 0) >= 358;
}

function look(facts: Facts): Looked {
  return eachKernel(facts, 'every bootable kernel is 3.8 or newer, or has its drivers backported', ({ version }) => {
    const plain = vanilla(version);
    if (plain === undefined)
      return { findings: [], doubts: [{ about: version, why: 'the name does not tell which kernel it is' }] };
    if (compareVersions(plain, '3.8') >= 0 || isBackported(version)) return { findings: [], doubts: [] };
    return {
      findings: [
        {
          about: version,
          says: `kernel ${version} is older than 3.8`,
          evidence: [],
          wants: [],
          advice: 'install a newer kernel of the distribution; on RHEL 6.0 to 6.3 the LIS packages bring the drivers',
        },
      ],
      doubts: [],
    };
  });
}

export const kernelVersionRecommended: Check = {
  id: 'kernel-version-recommended',
  area: 'kernel',
  title: 'The kernel is recent enough',
  severity: 'info',
  why: 'The Hyper-V drivers are part of the kernel, and those before 3.8 lack years of corrections.',
  source: [article],
  fix: { all: "by hand: update the kernel from the distribution's repository" },
  look,
};
