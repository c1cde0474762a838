import type { Check, Facts, Kernel, Looked } from '../../model.ts';
import { decides, eachKernel, nothing, type Seen } from '../drivers.ts';
import { oracleArticle } from '../sources.ts';

/** Oracle's second Unbreakable Enterprise Kernel, for release 5 and 6. */
const uek2 = /^2\.6\.39-.*\.el[56]uek/;

function lookAt(facts: Facts, kernel: Kernel): Seen {
  if (!uek2.test(kernel.version)) return nothing;
  const weight = decides(kernel, facts) ? {} : { severity: 'should' as const };
  const finding = {
    about: kernel.version,
    says: `kernel ${kernel.version} is Oracle's UEK2, which has no drivers for Hyper-V`,
    ...weight,
    evidence: kernel.image === undefined ? [] : [{ path: kernel.image }],
    wants: [],
    advice: 'install UEK3 or later, or boot the Red Hat compatible kernel: make it the default in /boot/grub/grub.conf',
  };
  return { findings: [finding], doubts: [] };
}

function look(facts: Facts): Looked {
  return eachKernel(facts, "no bootable kernel is Oracle's UEK2", (kernel) => lookAt(facts, kernel));
}

export const kernelUek2: Check = {
  id: 'kernel-uek2',
  area: 'kernel',
  title: "No kernel is Oracle's UEK2",
  severity: 'must',
  why: 'UEK2 was built before the Hyper-V drivers were part of it; such a kernel sees neither disk nor network.',
  source: [oracleArticle],
  fix: { all: 'by hand', oracle: 'by hand: UEK3 or later, or the Red Hat compatible kernel made the default' },
  look,
};
