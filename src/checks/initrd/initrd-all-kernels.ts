import { bootEntries } from '../../facts/boot.ts';
import type { BootEntry, Change, Check, Facts, Finding, Kernel, Looked } from '../../model.ts';
import { initrdByHand, menuByHand } from '../by-hand.ts';
import { bootDrivers, decides, driverAt, eachKernel, type Seen } from '../drivers.ts';
import { realPath, remedy } from '../fixable.ts';
import { entriesOf, initrdOf } from '../initrds.ts';
import { article, kernelBootArticle } from '../sources.ts';

/** A kernel with its disk path and the root's file system built in may start without initrd, and images without one are made so
 *  on purpose. */
function needsInitrd(facts: Facts, kernel: Kernel): boolean {
  const { fstab } = facts.storage;
  const root = fstab.is === 'there' ? fstab.value.find((entry) => entry.target === '/')?.type : undefined;
  // ext4 reads its elders too.
  const system = /^ext[234]$/.test(root ?? '') ? 'ext4' : root;
  const path = [
    'hv_vmbus',
    'hv_storvsc',
    'sd_mod',
    'scsi_mod',
    ...(system === undefined || system === 'auto' ? [] : [system]),
  ];
  return path.some((driver) => driverAt(kernel, driver) !== 'builtin');
}

function modulesFindings(facts: Facts, kernel: Kernel): Omit<Finding, 'severity'>[] {
  const { version } = kernel;
  if (kernel.modulesDir === undefined)
    return [
      {
        about: version,
        says: `kernel ${version} has no folder of modules`,
        evidence: kernel.image === undefined ? [] : [{ path: kernel.image }],
        wants: [],
        advice: `reinstall its package, or remove ${kernel.image ?? 'its image'} if it is a leftover`,
      },
    ];
  if (kernel.hasModulesDep) return [];
  return [
    {
      about: version,
      says: `${kernel.modulesDir}/modules.dep is missing: no module of ${version} is found by name`,
      evidence: [{ path: kernel.modulesDir }],
      ...remedy(facts, [{ kind: 'modules-dep', kernel: version }], `depmod -a ${version}`),
    },
  ];
}

function initrdFindings(facts: Facts, kernel: Kernel): Omit<Finding, 'severity'>[] {
  const { version } = kernel;
  const initrd = initrdOf(facts, kernel);
  if (!needsInitrd(facts, kernel)) return [];
  if (initrd === undefined || initrd.content.is === 'absent') {
    const wants: Change[] = initrd === undefined ? [] : [{ kind: 'initrd-fresh', kernel: version }];
    const path = initrd?.path;
    return [
      {
        about: version,
        says: `kernel ${version} has no initrd${path === undefined ? '' : ` (${path})`}`,
        evidence: path === undefined ? [] : [{ path }],
        ...remedy(facts, wants, initrdByHand(facts, version, bootDrivers)),
      },
    ];
  }
  const bare = entriesOf(facts, kernel).filter((entry) => entry.initrds.length === 0);
  const without = bare.length === 0 ? [] : [notLoaded(facts, version, realPath(facts, initrd.path), bare)];
  return [...without, ...entriesOf(facts, kernel).flatMap((entry) => incomplete(facts, entry))];
}

/** GRUB's initrd command takes all its files or none. */
function incomplete(facts: Facts, entry: BootEntry): Omit<Finding, 'severity'>[] {
  const { missing = [], title, at } = entry;
  if (missing.length === 0) return [];
  return [
    {
      about: title,
      says: `boot entry "${title}" loads ${missing.join(' ')}, which is not there: the kernel then starts without any initrd`,
      evidence: [{ path: at.path, line: at.line }],
      wants: [],
      advice: menuByHand(facts),
    },
  ];
}

/** An initrd that lies there but that no boot entry loads is as good as none. */
function notLoaded(facts: Facts, version: string, path: string, bare: readonly BootEntry[]): Omit<Finding, 'severity'> {
  return {
    about: version,
    says: `boot entry "${bare[0]?.title ?? ''}" starts kernel ${version} without its initrd ${path}`,
    evidence: bare.map((entry) => ({ path: entry.at.path, line: entry.at.line })),
    wants: [],
    advice: menuByHand(facts),
  };
}

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const weight = decides(kernel, facts) ? {} : { severity: 'should' as const };
  const found = [...modulesFindings(facts, kernel), ...initrdFindings(facts, kernel)];
  return { findings: found.map((finding) => ({ ...finding, ...weight })), doubts: [] };
}

/** The default entry may start a kernel that is not there any more. */
function lostDefault(facts: Facts): Finding[] {
  if (facts.kernels.length === 0) return [];
  const entry = bootEntries(facts.boot).find((one) => one.isDefault && !one.recovery);
  if (entry === undefined) return [];
  const path = realPath(facts, entry.kernelPath);
  const there = facts.kernels.some(
    (kernel) =>
      kernel.version === entry.version || (kernel.image !== undefined && realPath(facts, kernel.image) === path),
  );
  if (there) return [];
  return [
    {
      about: entry.title,
      says: `the default boot entry starts ${entry.kernelPath}, which is not there`,
      evidence: [{ path: entry.at.path, line: entry.at.line }],
      wants: [],
      advice: menuByHand(facts),
    },
  ];
}

function look(facts: Facts): Looked {
  const says = 'every bootable kernel has its modules and its initrd';
  return eachKernel(facts, says, (kernel) => lookAt(facts, kernel), { findings: lostDefault(facts), doubts: [] });
}

export const initrdAllKernels: Check = {
  id: 'initrd-all-kernels',
  area: 'initrd',
  title: 'Every bootable kernel has modules and an initrd',
  severity: 'must',
  why: 'The kernel that runs now is not always the one that boots next; each that can be booted must be complete.',
  source: [article, kernelBootArticle],
  fix: { all: 'apply: depmod and a new initrd for a kernel that has modules; by hand: reinstall one that has none' },
  look,
};
