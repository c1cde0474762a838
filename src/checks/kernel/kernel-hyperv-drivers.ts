import type { Check, Facts, Finding, Kernel, Looked } from '../../model.ts';
import { fullKernelByHand } from '../by-hand.ts';
import { bootDrivers, doubtOf, driverAt, eachKernel, type Seen, sortDrivers } from '../drivers.ts';
import { article, driverArticle, lisa } from '../sources.ts';

/** Clock, shutdown, memory, console input, accelerated networking: missed, but the machine is reachable without (CJ-33). */
const useful = ['hv_utils', 'hv_balloon', 'hyperv_keyboard', 'hid_hyperv', 'pci_hyperv'] as const;
/** hyperv_fb left the kernel with 7.0 and Debian's cloud kernel has no hyperv_drm: one of the two is enough. */
const display = ['hyperv_drm', 'hyperv_fb'] as const;

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const { version } = kernel;
  const advice = fullKernelByHand(facts, version);
  const vital = sortDrivers(kernel, bootDrivers);
  const other = sortDrivers(kernel, useful);
  const screens = display.map((driver) => driverAt(kernel, driver));
  if (screens.every((at) => at === 'missing')) other.missing.push(display.join(' or '));
  const finding = (names: readonly string[], says: string, severity?: 'should'): Finding[] =>
    names.length === 0
      ? []
      : [
          {
            about: version,
            says: `kernel ${version} lacks ${names.join(', ')}: ${says}`,
            ...(severity ? { severity } : {}),
            evidence: kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }],
            wants: [],
            advice,
          },
        ];
  return {
    findings: [
      ...finding(vital.missing, 'it sees neither disk nor network on Hyper-V without them'),
      ...finding(other.missing, 'the machine runs, with less comfort', 'should'),
    ],
    doubts: [
      ...(vital.unknown.length > 0 ? [doubtOf(kernel, vital.unknown)] : []),
      ...(other.unknown.length > 0 ? [doubtOf(kernel, other.unknown, 'should')] : []),
    ],
  };
}

function look(facts: Facts): Looked {
  return eachKernel(facts, 'every bootable kernel has the Hyper-V drivers', (kernel) => lookAt(facts, kernel));
}

export const kernelHypervDrivers: Check = {
  id: 'kernel-hyperv-drivers',
  area: 'kernel',
  title: 'Every bootable kernel has the Hyper-V drivers',
  severity: 'must',
  why: 'Disk and network of the virtual machine hang on the VMBus; a kernel without its drivers finds no root file system.',
  source: [article, driverArticle, lisa('verify_hyperv_modules')],
  fix: {
    all: 'by hand: install the full kernel package',
    ubuntu: 'by hand: apt-get install linux-modules-extra-VERSION',
    suse: 'by hand: kernel-default in the place of kernel-default-base',
    rhel: 'by hand: install kernel-modules-VERSION',
  },
  look,
};
