import { severityOf } from '../../checks/examine.ts';
import { bootEntries } from '../../facts/boot.ts';
import type { CheckStatus, DriverAt, Examined, Facts, Kernel, PlannedStep, Policy, Verdict } from '../../model.ts';

/** What an apply adds to the report. */
export interface RunReport {
  readonly id: string | undefined;
  readonly changed: number;
  readonly steps: readonly PlannedStep[];
  readonly sealed: boolean;
  readonly outcome: string;
  readonly effects?: readonly { readonly what: string; readonly done: boolean; readonly says: string }[];
}

export interface ReportInput {
  readonly version: string;
  readonly at: Date;
  readonly policy: Policy;
  readonly facts: Facts;
  readonly examined: readonly Examined[];
  readonly verdict: Verdict;
  readonly run?: RunReport;
}

const shownDrivers = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc'] as const;

/** Where a kernel's driver is, for a reader of the report: in the kernel itself, in its initrd, only on disk, or nowhere. */
function driverPlace(kernel: Kernel, name: string, facts: Facts): DriverAt | 'initrd' {
  if (kernel.builtin.is === 'there' && kernel.builtin.value.includes(name)) return 'builtin';
  const initrd = facts.initrds.find((one) => one.kernel === kernel.version)?.content;
  const content = initrd?.is === 'there' ? initrd.value : undefined;
  if (
    content?.is === 'read' &&
    content.modules.some((module) => module.name === name && module.kernel === kernel.version)
  )
    return 'initrd';
  if (kernel.modules.is !== 'there' || kernel.builtin.is === 'unreadable') return 'unknown';
  return kernel.modules.value[name] === undefined ? 'missing' : 'module';
}

function kernelReport(kernel: Kernel, facts: Facts) {
  const initrd = facts.initrds.find((one) => one.kernel === kernel.version);
  const content = initrd?.content.is === 'there' ? initrd.content.value : undefined;
  const formats =
    content?.is === 'read' ? [...new Set(content.archives.map((archive) => archive.compression))].join('+') : 'unknown';
  return {
    version: kernel.version,
    class: kernel.class,
    bootable: kernel.bootable,
    default: kernel.isDefault,
    initrd: content === undefined ? null : { path: initrd?.path, format: formats, bytes: content.bytes },
    drivers: Object.fromEntries(shownDrivers.map((name) => [name, driverPlace(kernel, name, facts)])),
  };
}

/** One sentence of what the check saw. */
export function saidOf({ looked, status, skippedBy }: Examined): string {
  switch (looked?.is) {
    case 'pass':
      return looked.says;
    case 'not-applicable':
    case 'unknown':
      return looked.why;
    case 'fail':
      return looked.findings.map((finding) => finding.says).join('; ');
    default:
      return status === 'skipped' ? `left out by ${skippedBy}` : '';
  }
}

/** How many checks ended in each status. */
export function countsOf(examined: readonly Examined[]): Record<CheckStatus, number> {
  const counts: Record<CheckStatus, number> = {
    pass: 0,
    fail: 0,
    unknown: 0,
    'not-applicable': 0,
    skipped: 0,
    waived: 0,
  };
  for (const { status } of examined) counts[status]++;
  return counts;
}

/** The report as `--format json` prints it: schema prep-guest/report/1, additive from here on. */
export function jsonReport(input: ReportInput): object {
  const { facts, examined, run } = input;
  return {
    schema: 'prep-guest/report/1',
    version: input.version,
    at: input.at.toISOString(),
    profile: input.policy.profile,
    mode: input.policy.mode,
    where: facts.where,
    guest: {
      distro: facts.os.distro,
      arch: facts.os.arch.is === 'there' ? facts.os.arch.value : 'unknown',
      firmware: facts.os.firmware.is,
      init: facts.os.init,
      initrdTool: facts.initrdTool.kind,
      provisioner: facts.agent.provisioner,
      hypervisor: facts.live?.hypervisor ?? null,
    },
    kernels: facts.kernels.map((kernel) => kernelReport(kernel, facts)),
    boot: {
      loader: facts.boot.kind,
      entries: bootEntries(facts.boot).map(({ title, kernelPath, version, args, isDefault, recovery }) => ({
        title,
        kernel: kernelPath,
        version,
        args,
        default: isDefault,
        recovery,
      })),
    },
    checks: examined.map((one) => ({
      id: one.check.id,
      area: one.check.area,
      title: one.check.title,
      severity: severityOf(one),
      status: one.status,
      says: saidOf(one),
      source: one.check.source,
      findings:
        one.looked?.is === 'fail'
          ? one.looked.findings.map((finding) => ({
              about: finding.about,
              severity: finding.severity ?? one.check.severity,
              says: finding.says,
              evidence: finding.evidence,
              fix: finding.wants.length > 0 || finding.atSeal ? 'auto' : 'manual',
              ...(finding.atSeal && { atSeal: true }),
              advice: finding.advice,
            }))
          : [],
    })),
    verdict: input.verdict,
    counts: countsOf(examined),
    ...(run
      ? {
          run: {
            id: run.id,
            changed: run.changed,
            outcome: run.outcome,
            steps: run.steps,
            sealed: run.sealed,
            effects: run.effects,
          },
        }
      : {}),
  };
}
