import { distroOf } from '../../families/distro/index.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { bootKernels } from '../drivers.ts';
import { ubuntuArticle } from '../sources.ts';

/** `linux-azure`, and `linux-azure-lts-22.04` beside it. */
const brings = (wanted: string) => (installed: string) => installed === wanted || installed.startsWith(`${wanted}-`);

function look(facts: Facts): Looked {
  const [kernel, ...tools] = distroOf(facts.os.distro.family)?.packages.azureKernel ?? [];
  if (kernel === undefined) return { is: 'not-applicable', why: 'this family has no kernel made for Azure' };
  const { packages } = facts.os;
  const own = bootKernels(facts).find(({ version }) => version.endsWith('-azure'));
  if (packages.is !== 'there') {
    const why = packages.is === 'unreadable' ? packages.why : 'there are no records of packages';
    return { is: 'unknown', why: `whether the tools of the kernel for Azure are installed: ${why}` };
  }
  const installed = Object.keys(packages.value);
  const missing = tools.filter((tool) => !installed.some(brings(tool)));
  const isThere = own !== undefined || installed.some(brings(kernel));
  if (isThere && missing.length === 0) return { is: 'pass', says: own?.version ?? `${kernel} is installed` };
  const findings = [...(isThere ? [] : [kernel]), ...missing].map((name) => {
    const says =
      name === kernel ? 'the kernel made for Azure is not installed: any other boots as well' : `${name} is missing`;
    // A kernel changes how the guest boots: nothing that is installed on the way.
    return { about: name, says, evidence: [], wants: [], advice: installByHand(facts, name) };
  });
  return { is: 'fail', findings };
}

export const azureKernelUbuntu: Check = {
  id: 'azure-kernel-ubuntu',
  area: 'kernel',
  title: 'Ubuntu: the kernel made for Azure, with its tools',
  severity: 'info',
  why: 'It has drivers of the platform earlier than the generic kernel, and its cloud tools are the daemons for Hyper-V.',
  source: [ubuntuArticle],
  fix: { all: 'nothing', ubuntu: 'by hand: linux-azure, linux-tools-azure and linux-cloud-tools-azure' },
  look,
};
