import { asksFor, genericBecause, initrdFaults, initrdSettings, omittedDrivers } from '../../families/initrd/index.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { initrdByHand } from '../by-hand.ts';
import { bootDrivers, bootKernels, driverAt, mountBoot } from '../drivers.ts';
import { remedy } from '../fixable.ts';
import { configWants, unasked } from '../initrds.ts';
import { article, driverArticle, rhelArticle, suseArticle } from '../sources.ts';

/** Lines of the tool's configuration that undo or spoil what is asked for elsewhere. */
function spoilt(facts: Facts): Finding[] {
  const omitted = omittedDrivers(facts.initrdTool)
    .filter((omit) => (bootDrivers as readonly string[]).includes(omit.name))
    .map(
      ({ name, at }): Finding => ({
        about: at.path,
        says: `omit_drivers keeps ${name} out of every initrd`,
        evidence: [at],
        ...remedy(
          facts,
          [{ kind: 'initrd-config', have: [name] }],
          `take ${name} out of omit_drivers in ${at.path}, then run prep-guest again`,
        ),
      }),
    );
  const faults = initrdFaults(facts.initrdTool).map(
    ({ says, at, advice }): Finding => ({
      about: at.path,
      says,
      severity: 'should',
      evidence: [at],
      wants: [],
      advice,
    }),
  );
  return [...omitted, ...faults];
}

function look(facts: Facts, policy: Policy): Looked {
  const tool = facts.initrdTool;
  if (tool.kind === 'unknown') return { is: 'unknown', why: tool.why };
  const kernels = bootKernels(facts);
  // The article names two; the third comes along whenever something is written (CJ-26).
  const wanted = policy.profile === 'seed-2018' ? bootDrivers.slice(0, 2) : bootDrivers;
  const modular = wanted.filter((name) => kernels.some((kernel) => driverAt(kernel, name) === 'module'));
  const missing = unasked(facts, modular);
  const generic = genericBecause(tool);
  const untold = generic
    ? []
    : wanted.filter((name) =>
        kernels.some((kernel) => driverAt(kernel, name) === 'unknown' && !asksFor(name, kernel, tool)),
      );
  const findings = spoilt(facts);
  if (missing.length > 0) {
    findings.unshift({
      about: tool.kind,
      says: `no lasting setting of ${tool.kind} asks for ${missing.join(', ')}: the next kernel update may lose them`,
      evidence: initrdSettings(tool),
      ...remedy(facts, configWants(facts), initrdByHand(facts, kernels[0]?.version ?? 'VERSION', bootDrivers)),
    });
  }
  const doubts: Doubt[] =
    kernels.length === 0
      ? [{ about: 'kernels', why: 'no bootable one was found: is /boot mounted?', advice: mountBoot }]
      : untold.length > 0
        ? [{ about: tool.kind, why: `whether ${untold.join(', ')} is built in cannot be told` }]
        : [];
  const told =
    modular.length === 0
      ? 'the Hyper-V drivers are built into the kernel'
      : `${tool.kind} is told to add the Hyper-V drivers`;
  return judge(findings, doubts, generic ?? told);
}

export const initrdPersistentConfig: Check = {
  id: 'initrd-persistent-config',
  area: 'initrd',
  title: 'Later initrds hold the Hyper-V drivers too',
  severity: 'must',
  why: 'Every kernel update makes a new initrd from the configuration; a rebuild by hand lasts only until then.',
  source: [article, driverArticle, rhelArticle, suseArticle, 'dracut.conf(5)', 'initramfs-tools(7)'],
  fix: {
    all: 'apply: add_drivers+=" hv_vmbus hv_netvsc hv_storvsc " in /etc/dracut.conf.d/azure.conf where dracut builds',
    debian: 'apply: one name per line in /etc/initramfs-tools/modules',
    ubuntu: 'apply: one name per line in /etc/initramfs-tools/modules; dracut from 25.10 on',
    suse: 'apply: dracut; INITRD_MODULES of /etc/sysconfig/kernel on release 11',
    arch: 'apply: MODULES=() of /etc/mkinitcpio.conf',
    alpine: 'apply: /etc/mkinitfs/features.d/hyperv.modules and features= of mkinitfs.conf',
  },
  look,
};
