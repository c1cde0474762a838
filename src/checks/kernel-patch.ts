import { compareVersions } from '../formats/version.ts';
import type { Check, Facts, Looked } from '../model.ts';
import { eachKernel, vanilla } from './drivers.ts';
import { article, articleNow } from './sources.ts';

/** The first mainline release that certainly holds all seven. Their own first releases are older, but not documented. */
const allSince = '4.5';

interface Patch {
  readonly id: string;
  readonly commit: string;
  readonly title: string;
  readonly why: string;
  /** Vendor kernels whose changelogs name the patch. */
  readonly vendors?: (version: string) => boolean;
}

/**
 * A correction that the article wants in the kernel. It cannot be read off a binary, so the version answers, and only in one
 * direction: an old number on a vendor's kernel says nothing of what was backported (CJ-29), so it is unknown, never missing.
 */
export function kernelPatch({ id, commit, title, why, vendors }: Patch): Check {
  const look = (facts: Facts): Looked =>
    eachKernel(
      facts,
      `present by version: every bootable kernel is ${allSince} or newer, or known to hold it`,
      (kernel) => {
        const plain = vanilla(kernel.version);
        const present = plain !== undefined && compareVersions(plain, allSince) >= 0;
        const isNamed = kernel.corrections?.commits.includes(commit) === true;
        if (present || isNamed || vendors?.(kernel.version) === true) return { findings: [], doubts: [] };
        const doubt = {
          about: kernel.version,
          why: `older than ${allSince}: look for commit ${commit} in the changelog of its package`,
          severity: 'info' as const,
        };
        return { findings: [], doubts: [doubt] };
      },
    );
  return {
    id,
    area: 'kernel',
    title,
    severity: 'should',
    why,
    source: [article, articleNow, `Linux commit ${commit}`],
    fix: { all: "by hand: update the kernel from the distribution's repository" },
    look,
  };
}
