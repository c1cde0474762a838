import { distroOf, releaseNumberOf } from '../../families/distro/index.ts';
import { keyOf } from '../../formats/kernel-line.ts';
import type { Check, Facts, Finding, Kernel, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { fullKernelByHand, initrdByHand } from '../by-hand.ts';
import { bootKernels, doubtOf, driverAt, eachKernel, type Seen, sortDrivers } from '../drivers.ts';
import { remedy } from '../fixable.ts';
import { unasked } from '../initrds.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { debianArticle, nvmeArticle, rhelArticle, suseArticle, ubuntuArticle } from '../sources.ts';

const drivers = ['nvme', 'nvme_core'];
const key = 'nvme_core.io_timeout';
/** Seconds: remote disks may be away for that long while the host is serviced. */
const wanted = `${key}=240`;

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const { missing, unknown } = sortDrivers(kernel, drivers);
  const finding: Finding = {
    about: kernel.version,
    says: `kernel ${kernel.version} lacks ${missing.join(', ')}: it sees no disk on a size with NVMe`,
    evidence: kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }],
    wants: [],
    advice: fullKernelByHand(facts, kernel.version),
  };
  return {
    findings: missing.length > 0 ? [finding] : [],
    doubts: unknown.length > 0 ? [doubtOf(kernel, unknown)] : [],
  };
}

/** As of this day; what became supported later is not known here. */
const asOf = '2026-06-18';

/** The list promises support; a release that it does not name may run all the same. */
function unlisted({ os }: Facts): Finding[] {
  const { distro } = os;
  const release = releaseNumberOf(os);
  const listed = distroOf(distro.family)?.nvmeFrom[distro.id] ?? [];
  if (listed.some((from) => release !== undefined && Math.floor(release) === Math.floor(from) && release >= from))
    return [];
  return [
    {
      about: distro.pretty,
      says: `${distro.pretty} is not on the list of releases that are supported on sizes with NVMe (as of ${asOf})`,
      severity: 'info',
      evidence: distro.from === undefined ? [] : [{ path: distro.from }],
      wants: [],
      advice: 'try the image on such a size before it is relied on',
    },
  ];
}

/** What the images hold now is initrd-hv-modules' to say, which asks for nvme where that is a target. */
function lasting(facts: Facts): Finding[] {
  const kernels = bootKernels(facts);
  const modular = drivers.filter((name) => kernels.some((kernel) => driverAt(kernel, name) === 'module'));
  const missing = facts.initrdTool.kind === 'unknown' ? [] : unasked(facts, modular);
  if (missing.length === 0) return [];
  return [
    {
      about: facts.initrdTool.kind,
      says: `no lasting setting of ${facts.initrdTool.kind} asks for ${missing.join(', ')}`,
      evidence: [],
      ...remedy(
        facts,
        [{ kind: 'initrd-config', have: modular }],
        initrdByHand(facts, kernels[0]?.version ?? 'VERSION', modular),
      ),
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  if (!policy.targets.includes('nvme'))
    return { is: 'not-applicable', why: 'sizes with NVMe disks are asked for with --target nvme' };
  const { lines, doubts } = kernelLines(facts);
  const others = argsLike(lines, (arg) => keyOf(arg) === key && arg !== wanted);
  const faulty = lines.filter((line) => line.args.findLast((arg) => keyOf(arg) === key) !== wanted);
  const findings = lineFindings(facts, faulty, {
    says: `lacks ${wanted}: a disk that is away for 30 seconds would be given up`,
    want: { have: [wanted], lack: others },
  });
  if (facts.initrdTool.kind === 'unknown') {
    const doubt = { about: 'initrd', why: facts.initrdTool.why };
    if (bootKernels(facts).some((kernel) => drivers.some((name) => driverAt(kernel, name) === 'module')))
      return judge(findings, [...doubts, doubt], '');
  }
  const says = 'every bootable kernel reaches NVMe disks, and waits for them';
  return eachKernel(facts, says, (kernel) => lookAt(facts, kernel), {
    findings: [...lasting(facts), ...findings, ...unlisted(facts)],
    doubts,
  });
}

export const kernelNvme: Check = {
  id: 'kernel-nvme',
  area: 'kernel',
  title: 'Disks on sizes with NVMe are reached',
  severity: 'must',
  why: 'The newer sizes offer their disks by NVMe only; without the driver in the initrd the system does not find its root.',
  source: [nvmeArticle, rhelArticle, suseArticle, ubuntuArticle, debianArticle],
  fix: {
    all: 'apply: nvme and nvme_core in the configuration of the initrd, nvme_core.io_timeout=240 on the kernel line',
  },
  look,
};
