import { rootDrivers } from '../checks/drivers.ts';
import { needsRelabel, relabelFile } from '../checks/fixable.ts';
import { withNeeds } from '../checks/initrds.ts';
import { distroOf } from '../families/distro/index.ts';
import { initrdBuild } from '../families/initrd/index.ts';
import { digestOfText } from '../journal/content.ts';
import type { Examined, Facts, GuestPath, Kernel, Plan, PlannedStep } from '../model.ts';
import { draftWrites } from './draft.ts';
import { unitSteps } from './units.ts';
import { collectWants, contradictions, type Reason, type Wanted, wantsOf } from './wants.ts';

type Blocked = Plan['blockedBy'][number];

/** What depmod writes (kmod's depmod.c); those that are not there now are simply new. */
const depmodFiles = [
  'alias',
  'alias.bin',
  'builtin.alias.bin',
  'builtin.bin',
  'dep',
  'dep.bin',
  'devname',
  'softdep',
  'symbols',
  'symbols.bin',
  'weakdep',
];

/**
 * Turns findings into steps. Wants for the same target are merged, contradictions block. The plan holds the digest of
 * every file it was made against; nothing is read here but the facts.
 */
export function makePlan(examined: readonly Examined[], facts: Facts): Plan {
  const wants = collectWants(examined);
  const blockedBy: Blocked[] = [...guestBlocks(wants, facts), ...contradictions(wants)];
  if (blockedBy.length > 0) return { schema: 1, digests: {}, steps: [], blockedBy };
  const writes = draftWrites(wants, facts);
  const initrds = initrdSteps(wants, facts);
  blockedBy.push(...writes.blocked, ...initrds.blocked, ...unseenSources(wants, facts));
  const steps = [
    ...writes.steps,
    ...fileSteps(wants, facts),
    ...unitSteps(wants, facts, blockedBy),
    ...runSteps(wants, facts),
    ...initrds.steps,
  ];
  if (steps.length > 0 && needsRelabel(facts)) steps.push(relabelStep);
  return { schema: 1, digests: digestsOf(steps, facts), steps, blockedBy };
}

const relabelStep: PlannedStep = {
  step: { kind: 'write', path: relabelFile, before: null, content: '', mode: 0o644 },
  why: [
    {
      check: 'selinux-labels',
      about: relabelFile,
      says: 'SELinux is on, and what is changed from outside has no label of its policy: all files get theirs at the next start',
    },
  ],
};

/** Guests that are inspected but never edited. */
function guestBlocks(wants: readonly Wanted[], facts: Facts): Blocked[] {
  if (wants.length === 0) return [];
  const check = wants[0]?.why[0]?.check ?? '';
  const { distro, imageBased } = facts.os;
  if (imageBased !== undefined) {
    return [
      {
        check,
        says: `this system is image-based (${imageBased}): files edited in place would not last`,
        advice: 'change how its image is built',
      },
    ];
  }
  const onlyUnified = unifiedOnly(facts);
  if (onlyUnified !== undefined) return [{ check, says: onlyUnified, advice: 'change how its unified image is built' }];
  if (distroOf(distro.family) !== undefined) return [];
  return [
    {
      check,
      says: `${distro.pretty} is a distribution that is not known here: it is inspected, never edited`,
      advice: 'each finding of `prep-guest check` says what to do by hand',
    },
  ];
}

/** CJ-32: where every entry is a unified image, neither its initrd nor its kernel line can be mended beside the signed file. */
function unifiedOnly({ boot }: Facts): string | undefined {
  const signed: readonly GuestPath[] = boot.kind !== 'unknown' && 'unified' in boot ? boot.unified : [];
  if (boot.kind === 'unknown' || boot.fixed === undefined || signed.length === 0) return undefined;
  return boot.entries.every(({ at }) => signed.includes(at.path)) ? boot.fixed : undefined;
}

function fileSteps(wants: readonly Wanted[], facts: Facts): PlannedStep[] {
  return wantsOf(wants, 'file').map(({ change, why }): PlannedStep => {
    if (change.is === 'absent') return { step: { kind: 'remove', path: change.path }, why };
    if ('copyOf' in change.is) return { step: { kind: 'copy', path: change.path, from: change.is.copyOf }, why };
    if ('linkTo' in change.is) return { step: { kind: 'link', path: change.path, to: change.is.linkTo }, why };
    const before = facts.texts[change.path] ?? null;
    return {
      step: { kind: 'write', path: change.path, before, content: change.is.content, mode: change.is.mode },
      why,
    };
  });
}

function runSteps(wants: readonly Wanted[], facts: Facts): PlannedStep[] {
  const steps: PlannedStep[] = [];
  for (const { change, why } of wantsOf(wants, 'swap-off')) {
    if (facts.where !== 'live') continue;
    steps.push({
      step: {
        kind: 'run',
        argv: ['/sbin/swapoff', change.source],
        rewrites: [],
        undo: ['/sbin/swapon', change.source],
      },
      why,
    });
  }
  for (const { change, why } of wantsOf(wants, 'password-locked')) {
    const rewrites: GuestPath[] = ['/etc/shadow', '/etc/shadow-'];
    steps.push({ step: { kind: 'run', argv: ['/usr/bin/passwd', '-l', change.user], rewrites }, why });
  }
  for (const { change, why } of wantsOf(wants, 'sudoers-valid'))
    steps.push({ step: { kind: 'run', argv: [change.visudo, '-cf', change.path], rewrites: [] }, why });
  for (const { change, why } of wantsOf(wants, 'modules-dep')) {
    const folder =
      facts.kernels.find((kernel) => kernel.version === change.kernel)?.modulesDir ?? `/lib/modules/${change.kernel}`;
    const rewrites = depmodFiles.map((name): GuestPath => `${folder as GuestPath}/modules.${name}`);
    steps.push({ step: { kind: 'run', argv: ['/sbin/depmod', '-a', change.kernel], rewrites }, why });
  }
  return steps;
}

/** Those of `names` that this kernel has as a module file: a built-in one is not in the initrd, and rightly so. */
function asModules(kernel: Kernel | undefined, names: readonly string[]): string[] {
  const modules = kernel?.modules.is === 'there' ? kernel.modules.value : {};
  return names.filter((name) => modules[name] !== undefined);
}

function initrdSteps(wants: readonly Wanted[], facts: Facts): { steps: PlannedStep[]; blocked: Blocked[] } {
  const byImage = new Map<
    string,
    { version: string; path: GuestPath | undefined; drivers: Set<string>; why: Reason[] }
  >();
  for (const { change, why } of [...wantsOf(wants, 'initrd-drivers'), ...wantsOf(wants, 'initrd-fresh')]) {
    const { kernel: version } = change;
    const path = change.image ?? facts.initrds.find((initrd) => initrd.kernel === version)?.path;
    const key = `${version} ${path}`;
    const kernel = facts.kernels.find((one) => one.version === version);
    // Without these no image boots on Hyper-V, whatever the initrd is rebuilt for.
    const vital = kernel === undefined ? rootDrivers : withNeeds(kernel, rootDrivers);
    const entry = byImage.get(key) ?? { version, path, drivers: new Set<string>(vital), why: [] };
    if (change.kind === 'initrd-drivers') for (const driver of change.have) entry.drivers.add(driver);
    entry.why.push(...why);
    byImage.set(key, entry);
  }
  const steps: PlannedStep[] = [];
  const blocked: Blocked[] = [];
  for (const { version, path, drivers, why } of byImage.values()) {
    const build = initrdBuild(version, facts);
    if (typeof build === 'string' || path === undefined) {
      const says = typeof build === 'string' ? build : `where the initrd of ${version} belongs is not known`;
      blocked.push({ check: why[0]?.check ?? '', says: `the initrd of ${version} cannot be rebuilt: ${says}` });
      continue;
    }
    const kernel = facts.kernels.find((one) => one.version === version);
    const image = facts.links[path] ?? path;
    steps.push({ step: { kind: 'initrd', kernel: version, image, build, must: asModules(kernel, [...drivers]) }, why });
  }
  return { steps, blocked };
}

/** The digest of a file of the EFI system partition, as it was when the guest was looked at. */
function espDigest({ esp }: Facts, path: GuestPath): string | undefined {
  return esp.is === 'there' ? esp.value.files.find((file) => file.path === path)?.digest : undefined;
}

/** What would be copied without having been seen. */
function unseenSources(wants: readonly Wanted[], facts: Facts): Blocked[] {
  return wantsOf(wants, 'file').flatMap(({ change, why }) => {
    if (change.is === 'absent' || !('copyOf' in change.is)) return [];
    const { copyOf } = change.is;
    if (espDigest(facts, copyOf) !== undefined) return [];
    return [{ check: why[0]?.check ?? '', says: `${copyOf} was not read, so it is not copied` }];
  });
}

function digestsOf(steps: readonly PlannedStep[], facts: Facts): Record<GuestPath, string> {
  const digests: Record<GuestPath, string> = {};
  for (const { step } of steps) {
    if (step.kind === 'write') digests[step.path] = step.before === null ? 'absent' : digestOfText(step.before);
    else if (step.kind === 'copy') {
      digests[step.from] = espDigest(facts, step.from) ?? 'absent';
      digests[step.path] = espDigest(facts, step.path) ?? 'absent';
    } else if (step.kind === 'remove' && facts.texts[step.path] !== undefined)
      digests[step.path] = digestOfText(facts.texts[step.path] ?? '');
  }
  return digests;
}
