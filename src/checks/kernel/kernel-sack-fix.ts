import { distroOf } from '../../families/distro/index.ts';
import { packageManagers } from '../../families/package-manager/index.ts';
import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Kernel, Looked } from '../../model.ts';
import { eachKernel, type Seen, vanilla } from '../drivers.ts';
import { certification } from '../sources.ts';

/** Mainline has the corrections since 5.2, and these long-term series since the release beside them (kernel.org). */
const mainline = '5.2';
const longTerm = ['4.4.182', '4.9.182', '4.14.127', '4.19.52', '5.1.11'];
/** The fault came with 2.6.29. */
const before = '2.6.29';

function byMainline(version: string): boolean {
  const plain = vanilla(version);
  if (plain === undefined) return false;
  const series = (one: string) => one.split('.').slice(0, 2).join('.');
  const fixed = longTerm.find((one) => series(one) === series(plain));
  return (
    compareVersions(plain, mainline) >= 0 ||
    compareVersions(plain, before) < 0 ||
    (fixed !== undefined && compareVersions(plain, fixed) >= 0)
  );
}

/** The version that the family's table speaks of. */
function comparable(facts: Facts, kernel: Kernel): string | undefined {
  const habits = distroOf(facts.os.distro.family)?.packages;
  if (habits?.sackFixes.by !== 'package') return kernel.version;
  const installed = facts.os.packages.is === 'there' ? facts.os.packages.value : {};
  const name = habits.kernelPackages(kernel.version).find((one) => installed[one] !== undefined);
  return name === undefined ? undefined : installed[name];
}

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const { version } = kernel;
  if (byMainline(version)) return { findings: [], doubts: [] };
  const doubt = (why: string): Seen => ({ findings: [], doubts: [{ about: version, why, severity: 'info' }] });
  const habits = distroOf(facts.os.distro.family)?.packages;
  const own = comparable(facts, kernel);
  if (own === undefined) return doubt('no package tells which build it is');
  for (const { series, from } of habits?.sackFixes.fixes ?? []) {
    const build = series.exec(own)?.[1];
    if (habits === undefined || build === undefined) continue;
    if (habits.sackFixes.compare(build, from) >= 0) return { findings: [], doubts: [] };
    const says = `kernel ${own} is older than ${from}, the first of its series that withstands SACK attacks`;
    const advice = `update the kernel (${packageManagers[habits.manager(facts.os)].byHand.upgrade}), and restart`;
    const evidence = kernel.image === undefined ? [] : [{ path: kernel.image }];
    return { findings: [{ about: version, says, evidence, wants: [], advice }], doubts: [] };
  }
  return doubt(
    'no list of corrected kernels names its series: look for CVE-2019-11477 in the changelog of its package',
  );
}

const look = (facts: Facts): Looked =>
  eachKernel(facts, 'every bootable kernel withstands SACK attacks', (kernel) => lookAt(facts, kernel));

export const kernelSackFix: Check = {
  id: 'kernel-sack-fix',
  area: 'kernel',
  title: 'The kernel withstands attacks by TCP SACK (CVE-2019-11477, -11478, -11479)',
  severity: 'should',
  why: 'Anybody who reaches a port of a machine with an older kernel can crash it; the Marketplace refuses such images.',
  source: [certification, 'Netflix, NFLX-2019-001', 'kernel.org: 4.4.182, 4.9.182, 4.14.127, 4.19.52, 5.1.11, 5.2'],
  fix: { all: 'by hand: update the kernel' },
  look,
};
