import type { Check, Facts, Kernel, Looked } from '../../model.ts';
import { fullKernelByHand } from '../by-hand.ts';
import { doubtOf, driverAt, eachKernel, type Seen } from '../drivers.ts';
import { lisa } from '../sources.ts';

const symbols = { cifs: 'CONFIG_CIFS', watchdog: 'CONFIG_WATCHDOG' } as const;
const drivers = ['cifs', 'watchdog'] as const;

/** The configuration tells both kinds; where it is not there the lists of modules do. */
function at(kernel: Kernel, driver: (typeof drivers)[number]) {
  if (kernel.config.is === 'there')
    return /^[ym]$/.test(kernel.config.value[symbols[driver]] ?? '') ? 'there' : 'missing';
  const found = driverAt(kernel, driver);
  return found === 'builtin' || found === 'module' ? 'there' : found;
}

function lookAt(facts: Facts, kernel: Kernel): Seen {
  const missing = drivers.filter((driver) => at(kernel, driver) === 'missing');
  const unknown = drivers.filter((driver) => at(kernel, driver) === 'unknown');
  const finding = {
    about: kernel.version,
    says: `kernel ${kernel.version} lacks ${missing.join(' and ')}`,
    evidence: [{ path: `/boot/config-${kernel.version}` as const }],
    wants: [],
    advice: fullKernelByHand(facts, kernel.version),
  };
  return {
    findings: missing.length > 0 ? [finding] : [],
    doubts: unknown.length > 0 ? [doubtOf(kernel, unknown)] : [],
  };
}

function look(facts: Facts): Looked {
  return eachKernel(facts, 'every bootable kernel has cifs and a watchdog', (kernel) => lookAt(facts, kernel));
}

export const kernelCifsWatchdog: Check = {
  id: 'kernel-cifs-watchdog',
  area: 'kernel',
  title: 'The kernel can mount Azure Files, and has a watchdog',
  severity: 'should',
  why: "Azure Files is mounted by cifs, and Microsoft's acceptance test fails a kernel without either.",
  source: [lisa('verify_essential_kernel_modules')],
  fix: { all: 'by hand: a kernel that was built with both' },
  look,
};
