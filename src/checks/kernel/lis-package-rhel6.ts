import type { Check, Facts, Finding, Kernel, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { decides, driverAt, eachKernel, type Seen } from '../drivers.ts';
import { article, centosArticle, lisa } from '../sources.ts';

const packages = ['microsoft-hyper-v', 'kmod-microsoft-hyper-v'];

/** Release 6.4 came with build 358, the first that has the drivers itself. */
function lacksDrivers(version: string): boolean {
  const build = /^2\.6\.32-(\d+).*\.el6(?!uek)/.exec(version)?.[1];
  return build !== undefined && Number(build) < 358;
}

/** Where depmod keeps modules that did not come with the kernel; weak-updates are those built for another one. */
const foreign = /^(extra|updates|weak-updates)\//;

function outside(kernel: Kernel): { readonly name: string; readonly path: string } | undefined {
  const modules = kernel.modules.is === 'there' ? kernel.modules.value : {};
  for (const name of ['hv_vmbus', 'hv_storvsc', 'hv_netvsc']) {
    const path = modules[name];
    if (path !== undefined && foreign.test(path)) return { name, path };
  }
  return undefined;
}

function without(facts: Facts, kernel: Kernel): Finding[] {
  const { version } = kernel;
  const installed = facts.os.packages.is === 'there' ? facts.os.packages.value : {};
  if (packages.some((name) => installed[name] !== undefined) || outside(kernel) !== undefined) return [];
  return [
    {
      about: version,
      says: `kernel ${version} has no drivers for Hyper-V, and the package with them is not installed`,
      ...(decides(kernel, facts) ? {} : { severity: 'should' as const }),
      evidence: kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }],
      wants: [],
      advice: `${installByHand(facts, 'microsoft-hyper-v')} (after rpm -e hypervkvpd), or update to release 6.4 or later`,
    },
  ];
}

/** A module that was built for another kernel disagrees about its symbols, or is chosen in place of the newer one. */
function stale(kernel: Kernel): Finding[] {
  const found = outside(kernel);
  if (found === undefined) return [];
  const folder = kernel.modulesDir ?? (`/lib/modules/${kernel.version}` as const);
  const weak = found.path.startsWith('weak-updates/') ? ', which was built for another kernel' : '';
  return [
    {
      about: kernel.version,
      says: `kernel ${kernel.version} has ${found.name} of its own, but takes ${found.path}${weak}`,
      severity: 'should',
      evidence: [{ path: `${folder}/${found.path}` }],
      wants: [],
      advice: `remove the LIS packages (rpm -e ${packages.join(' ')}), then rebuild the initrd of ${kernel.version}`,
    },
  ];
}

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const old = lacksDrivers(kernel.version);
  if (old && facts.os.packages.is === 'unreadable' && driverAt(kernel, 'hv_vmbus') !== 'module') {
    const why = `whether the package is installed cannot be told: ${facts.os.packages.why}`;
    return { findings: [], doubts: [{ about: kernel.version, why }] };
  }
  return { findings: old ? without(facts, kernel) : stale(kernel), doubts: [] };
}

function look(facts: Facts): Looked {
  return eachKernel(facts, 'every kernel uses the drivers that fit it', (kernel) => lookAt(facts, kernel));
}

export const lisPackageRhel6: Check = {
  id: 'lis-package-rhel6',
  area: 'kernel',
  title: 'Linux Integration Services where the kernel needs them, and nowhere else',
  severity: 'must',
  why: 'RHEL 6.0 to 6.3 have no drivers of their own; on later kernels an old package of drivers keeps the right ones from loading.',
  source: [article, centosArticle, lisa('verify_lis_modules_version'), 'LIS/lis-next#296', 'LIS/lis-next#547'],
  fix: { all: 'by hand', rhel: 'by hand: the package microsoft-hyper-v on 6.0 to 6.3; removed elsewhere' },
  look,
};
