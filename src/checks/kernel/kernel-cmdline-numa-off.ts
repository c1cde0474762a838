import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { bootKernels, vanilla } from '../drivers.ts';
import { kernelLines, lineFindings } from '../kernel-lines.ts';
import { article, centosArticle, lisa } from '../sources.ts';

const arg = 'numa=off';
const allow = 'remove-numa-off';

/** Kernels before 2.6.37 misread the memory layout of large machines; RHEL mended its 2.6.32 with build 504. */
function needsIt(version: string): boolean | undefined {
  const plain = vanilla(version);
  if (plain === undefined) return undefined;
  if (compareVersions(plain, '2.6.37') >= 0) return false;
  const build = /^2\.6\.32-(\d+).*\.el[56]/.exec(version)?.[1];
  return build === undefined || Number(build) < 504;
}

function look(facts: Facts, policy: Policy): Looked {
  const kernels = bootKernels(facts);
  const needs = kernels.map((kernel) => needsIt(kernel.version));
  const { lines, doubts } = kernelLines(facts);
  const all: Doubt[] = [...doubts];
  if (kernels.length === 0) all.push({ about: 'kernels', why: 'no bootable one was found: is /boot mounted?' });
  kernels.forEach(({ version }, at) => {
    if (needs[at] === undefined) all.push({ about: version, why: 'the name does not tell which kernel it is' });
  });
  const has = lines.filter((line) => line.args.includes(arg));
  if (needs.includes(true)) {
    // One kernel line serves all entries: with newer kernels beside the old one a person must decide.
    const mixed = needs.some((need) => need !== true);
    const findings = lineFindings(
      facts,
      lines.filter((line) => !has.includes(line)),
      {
        says: `lacks ${arg}, which a kernel before 2.6.37 needs`,
        want: mixed ? undefined : { have: [arg], lack: [] },
        ...(mixed ? { byHand: `add ${arg} to the entries of the old kernel only, or remove that kernel` } : {}),
      },
    );
    return judge(findings, all, `the old kernel is given ${arg}`);
  }
  const findings = lineFindings(facts, has, {
    says: `holds ${arg}, which costs newer kernels speed on large machines`,
    want: policy.allow.includes(allow) ? { have: [], lack: [arg] } : undefined,
    byHand: `take ${arg} out of the kernel line (--allow ${allow} does it)`,
    severity: 'should',
  });
  return judge(findings, all, `no kernel here is old enough to need ${arg}`);
}

export const kernelCmdlineNumaOff: Check = {
  id: 'kernel-cmdline-numa-off',
  area: 'kernel',
  title: 'numa=off where an old kernel needs it',
  severity: 'must',
  why: 'Kernels before 2.6.37 (RHEL: before 2.6.32-504) fail on larger machines with NUMA; newer ones lose speed without it.',
  source: [article, centosArticle, lisa('verify_grub')],
  fix: {
    all: 'apply: numa=off is added where the kernel needs it; with --allow remove-numa-off it goes where it does harm',
  },
  look,
};
