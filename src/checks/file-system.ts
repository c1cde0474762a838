import type { Facts, Finding, Kernel, Looked, Severity } from '../model.ts';
import { fullKernelByHand } from './by-hand.ts';
import { doubtOf, eachKernel, type Seen, sortDrivers } from './drivers.ts';
import { blockFindings } from './modprobe.ts';

/**
 * Whether every bootable kernel can mount a file system: its modules are there or built in, and nothing blocks them.
 * `purpose` follows "without them". `extra` gives, per kernel, sets of which one member is enough (character sets).
 */
export function lookAtFileSystem(
  facts: Facts,
  what: { modules: readonly string[]; purpose: string; severity?: Severity },
  extra: (kernel: Kernel) => readonly (readonly string[])[] = () => [],
): Looked {
  const milder = what.severity ? { severity: what.severity } : {};
  const lookAt = (kernel: Kernel): Seen => {
    const { missing, unknown } = sortDrivers(kernel, what.modules);
    for (const choice of extra(kernel)) {
      const of = sortDrivers(kernel, choice);
      if (of.missing.length === choice.length) missing.push(choice.join(' or '));
      else if (of.missing.length + of.unknown.length === choice.length) unknown.push(choice.join(' or '));
    }
    const finding: Finding = {
      about: kernel.version,
      says: `kernel ${kernel.version} lacks ${missing.join(', ')}: without them ${what.purpose}`,
      ...milder,
      evidence: kernel.modulesDir === undefined ? [] : [{ path: kernel.modulesDir }],
      wants: [],
      advice: fullKernelByHand(facts, kernel.version),
    };
    return {
      findings: missing.length > 0 ? [finding] : [],
      doubts: unknown.length > 0 ? [doubtOf(kernel, unknown, what.severity)] : [],
    };
  };
  const blocks = blockFindings(facts, what.modules).map((finding) => ({ ...finding, ...milder }));
  return eachKernel(facts, `every bootable kernel has ${what.modules.join(', ')}`, lookAt, {
    findings: blocks,
    doubts: [],
  });
}
