import { keyOf, valueOf as valueOfArg } from '../../formats/kernel-line.ts';
import type { Check, Facts, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { kernelLineByHand } from '../by-hand.ts';
import { kernelLines, lineFindings } from '../kernel-lines.ts';
import { lisa } from '../sources.ts';

const call = 'arm_pmu_acpi_init';

function has(arg: string): boolean {
  return keyOf(arg) === 'initcall_blacklist' && (valueOfArg(arg) ?? '').split(',').includes(call);
}

function look(facts: Facts): Looked {
  const { arch } = facts.os;
  if (arch.is !== 'there') return { is: 'unknown', why: 'the architecture is not known' };
  if (!/^(aarch64|arm64)$/.test(arch.value))
    return { is: 'not-applicable', why: `for arm64 only, this is ${arch.value}` };
  const { lines, doubts } = kernelLines(facts);
  const faulty = lines.filter((line) => !line.args.some(has));
  const findings = lineFindings(facts, faulty, {
    says: `lacks initcall_blacklist=${call}: the kernel may wait for counters that the host does not give`,
    want: undefined,
    byHand: kernelLineByHand(facts, [`initcall_blacklist=${call}`], []),
    severity: 'info',
  });
  return judge(findings, doubts, 'the performance counters of arm64 are left alone');
}

export const arm64PmuParam: Check = {
  id: 'arm64-pmu-param',
  area: 'kernel',
  title: 'arm64: the performance counters are left alone',
  severity: 'info',
  why: "Microsoft's acceptance test expects arm64 images to leave the performance monitoring unit alone.",
  source: [lisa('verify_pmu_disabled_for_arm64')],
  fix: { all: 'by hand: initcall_blacklist=arm_pmu_acpi_init on the kernel line' },
  look,
};
