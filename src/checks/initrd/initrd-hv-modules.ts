import { bakedRoot } from '../../formats/baked-root.ts';
import type { Change, Check, Facts, Finding, Initrd, InitrdContent, Kernel, Looked, Policy } from '../../model.ts';
import type { Doubt } from '../answer.ts';
import { initrdByHand } from '../by-hand.ts';
import { driverAt, eachKernel, rootDrivers, type Seen } from '../drivers.ts';
import { realPath, remedy } from '../fixable.ts';
import {
  configWants,
  entriesOf,
  holds,
  initrdsOf,
  isAskedFor,
  isKept,
  named,
  softNeeds,
  withNeeds,
} from '../initrds.ts';
import { article, articleNow, driverArticle, lisa } from '../sources.ts';

/** Network before the root is mounted, and the keyboard at an emergency prompt (CJ-26). The article names two only. */
const useful = ['hv_netvsc', 'hyperv_keyboard'];
/** The mouse: LISA's fifth, outside Azure only. */
const fifth = 'hid_hyperv';
const forNvme = ['nvme', 'pci_hyperv'];

function needed(policy: Policy): { must: string[]; should: string[] } {
  const must = [...rootDrivers, ...(policy.targets.includes('nvme') ? forNvme : [])];
  return { must, should: policy.profile === 'seed-2018' ? [] : useful };
}

type Content = Extract<InitrdContent, { is: 'read' }>;

/** Sorts drivers, with all they need, into those that are not in the image and those that cannot be told. */
function sort(kernel: Kernel, content: Content | undefined, drivers: readonly string[]) {
  const missing: string[] = [];
  const unknown: string[] = [];
  for (const driver of withNeeds(kernel, drivers)) {
    const at = driverAt(kernel, driver);
    if (at === 'builtin' || (content !== undefined && holds(content, kernel, driver))) continue;
    // A driver that the kernel does not have is kernel-hyperv-drivers' to report; no initrd can supply it.
    if (at === 'unknown' || content?.hidden !== undefined) unknown.push(driver);
    else missing.push(driver);
  }
  return { missing, unknown };
}

function lacks(kernel: Kernel, content: Content, driver: string): boolean {
  return content.hidden === undefined && !holds(content, kernel, driver);
}

type Told = Pick<Finding, 'about' | 'says' | 'evidence'>;

/** Without these it does not boot: an image without them is never put in the place of the old one. */
function vitalFinding(facts: Facts, kernel: Kernel, initrd: Initrd, missing: readonly string[], told: Told): Finding {
  const have = missing.filter((driver) => driverAt(kernel, driver) === 'module');
  const roots = have.filter((driver) => [...rootDrivers, ...forNvme].includes(driver));
  const wants = [
    { kind: 'initrd-drivers' as const, ...named(facts, initrd), have },
    ...depWants(kernel),
    ...configWants(facts, roots),
  ];
  const possible = have.length === missing.length && !isKept(initrd) ? wants : [];
  return { ...told, ...remedy(facts, possible, initrdByHand(facts, kernel.version, missing)) };
}

/**
 * Without these it boots, with less. They come in by being named; where they are named and still lacking, another image of
 * the same tool would lack them too.
 */
function usefulFinding(facts: Facts, kernel: Kernel, initrd: Initrd, missing: readonly string[], told: Told): Finding {
  const isNeeded = (driver: string) => missing.some((other) => kernel.dependsOn[other]?.includes(driver));
  const roots = missing.filter((driver) => driverAt(kernel, driver) === 'module' && !isNeeded(driver));
  const isNamed = roots.every((driver) => isAskedFor(facts, driver));
  const wants: Change[] = [
    { kind: 'initrd-fresh', ...named(facts, initrd) },
    ...depWants(kernel),
    ...configWants(facts, [], roots),
  ];
  const possible = !isNamed && !isKept(initrd) ? wants : [];
  const byHand = initrdByHand(facts, kernel.version, missing);
  return { ...told, severity: 'should', ...remedy(facts, possible, byHand) };
}

function depWants({ hasModulesDep, version }: Kernel): Change[] {
  return hasModulesDep ? [] : [{ kind: 'modules-dep', kernel: version }];
}

function lookInside(facts: Facts, kernel: Kernel, initrd: Initrd, content: Content | undefined, policy: Policy): Seen {
  const { must, should } = needed(policy);
  const vitals = sort(kernel, content, must);
  // What cannot be had from the kernel at all is reported once, by kernel-hyperv-drivers.
  const others = sort(kernel, content, [
    ...should.filter((driver) => driverAt(kernel, driver) === 'module'),
    ...softNeeds(kernel, must),
  ]);
  const rest = others.missing.filter((driver) => !vitals.missing.includes(driver));
  const where = content === undefined ? 'it has no initrd and has not built in' : `${initrd.path} lacks`;
  const findings: Finding[] = [];
  const about = kernel.version;
  const evidence = [{ path: initrd.path }];
  if (vitals.missing.length > 0) {
    const says = `kernel ${kernel.version} would not find its root disk on Hyper-V: ${where} ${vitals.missing.join(', ')}`;
    findings.push(vitalFinding(facts, kernel, initrd, vitals.missing, { about, says, evidence }));
  }
  if (content !== undefined && rest.length > 0) {
    const says = `the initrd of ${kernel.version} lacks ${rest.join(', ')}`;
    findings.push(usefulFinding(facts, kernel, initrd, rest, { about, says, evidence }));
  }
  // Not worth an image of its own; one that is made for the others mostly brings it.
  const isAlone = findings.length === 0 && should.length > 0 && driverAt(kernel, fifth) === 'module';
  if (isAlone && content !== undefined && lacks(kernel, content, fifth))
    findings.push({
      about: kernel.version,
      says: `the initrd of ${kernel.version} lacks ${fifth}: no mouse before the root is mounted`,
      severity: 'info',
      evidence,
      wants: [],
      advice: initrdByHand(facts, kernel.version, [fifth]),
    });
  const baked = bakedRoot(content?.texts ?? {});
  if (baked !== undefined) {
    const says = `${initrd.path} would mount ${baked.device} (${baked.path}), a device of the machine that it was made on`;
    findings.push(vitalFinding(facts, kernel, initrd, [], { about, says, evidence }));
  }
  const hidden = content?.hidden ?? 'the module lists of this kernel cannot be read';
  const doubt = (names: readonly string[], severity?: 'should'): Doubt[] =>
    names.length === 0
      ? []
      : [
          {
            about: initrd.path,
            why: `whether it holds ${names.join(', ')} is not seen: ${hidden}`,
            ...(severity ? { severity } : {}),
            evidence,
            advice: `\`lsinitrd ${initrd.path}\` or \`lsinitramfs ${initrd.path}\` lists what it holds`,
          },
        ];
  return { findings, doubts: [...doubt(vitals.unknown), ...doubt(others.unknown, 'should')] };
}

/** The boot loader may load another file than those that were read; then what was read proves nothing. */
function otherFile(facts: Facts, kernel: Kernel, initrds: readonly Initrd[]): Doubt[] {
  const own = initrds.map((initrd) => realPath(facts, initrd.path));
  return entriesOf(facts, kernel)
    .filter((entry) => entry.initrds.length > 0 && !entry.initrds.some((path) => own.includes(realPath(facts, path))))
    .map((entry) => ({
      about: own[0] ?? kernel.version,
      why: `boot entry "${entry.title}" loads ${entry.initrds.join(' ')} instead, which was not read`,
      evidence: [{ path: entry.at.path, line: entry.at.line }],
      advice: `have every entry of this kernel load ${own[0]}, or look into the other with \`prep-guest initrd FILE\``,
    }));
}

function lookAtImage(facts: Facts, kernel: Kernel, initrd: Initrd, policy: Policy): Seen {
  const { content } = initrd;
  const doubt = (why: string): Seen => ({
    findings: [],
    doubts: [{ about: initrd.path, why, evidence: [{ path: initrd.path }] }],
  });
  if (content.is === 'unreadable') return doubt(content.why);
  if (content.is === 'absent') return lookInside(facts, kernel, initrd, undefined, policy);
  if (content.value.is === 'unknown')
    return doubt(`${content.value.why} (at byte ${content.value.offset} of ${content.value.bytes})`);
  return lookInside(facts, kernel, initrd, content.value, policy);
}

function lookAt(facts: Facts, kernel: Kernel, policy: Policy): Seen {
  const none: Initrd = { kernel: kernel.version, path: '/boot', content: { is: 'absent' } };
  const [first = none, ...others] = initrdsOf(facts, kernel);
  const deciding = lookAtImage(facts, kernel, first, policy);
  // What other entries of the same kernel load is not what boots when nobody chooses.
  const rest = others.map((initrd) => lookAtImage(facts, kernel, initrd, policy));
  const milder = { severity: 'should' as const };
  return {
    findings: [
      ...deciding.findings,
      ...rest.flatMap((seen) =>
        seen.findings.map((finding) => ({ ...finding, about: aboutOther(finding), ...milder })),
      ),
    ],
    doubts: [
      ...deciding.doubts,
      ...rest.flatMap((seen) => seen.doubts.map((one) => ({ ...one, ...milder }))),
      ...(first.content.is === 'there' ? otherFile(facts, kernel, [first, ...others]) : []),
    ],
  };
}

function aboutOther(finding: Finding): string {
  return finding.evidence[0]?.path ?? finding.about;
}

function look(facts: Facts, policy: Policy): Looked {
  const says = 'the initrd of every bootable kernel holds what the root disk on Hyper-V needs';
  return eachKernel(facts, says, (kernel) => lookAt(facts, kernel, policy));
}

export const initrdHvModules: Check = {
  id: 'initrd-hv-modules',
  area: 'initrd',
  title: 'Every initrd holds the Hyper-V drivers',
  severity: 'must',
  why: 'An initrd made outside Hyper-V often holds only the drivers of the machine it was made on; on Azure it then finds no root disk.',
  source: [article, articleNow, driverArticle, lisa('verify_initrd_modules')],
  fix: {
    all: 'apply: the drivers are named in the configuration and the initrd is rebuilt, read back and swapped in',
    debian: 'apply: /etc/initramfs-tools/modules (or dracut), then mkinitramfs',
    ubuntu: 'apply: /etc/initramfs-tools/modules (or dracut), then mkinitramfs',
    rhel: 'apply: /etc/dracut.conf.d/azure.conf, then dracut -f',
  },
  look,
};
