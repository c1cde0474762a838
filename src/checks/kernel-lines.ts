import { joinArgs } from '../formats/kernel-line.ts';
import type { Change, Evidence, Facts, Finding, KnownLoader, Severity } from '../model.ts';
import type { Doubt } from './answer.ts';
import { kernelLineByHand, menuByHand } from './by-hand.ts';
import { remedy } from './fixable.ts';

/** One kernel command line that counts: of a normal boot entry, or what the sources would give later ones. */
export interface KernelLine {
  readonly from: 'menu' | 'sources';
  readonly title: string;
  readonly args: readonly string[];
  readonly at: Evidence;
  /** Decides a `must`: the default entry, any entry where the default is not known, and the sources. */
  readonly decides: boolean;
}

/** Every kernel line that counts, and what could not be told of the others. */
export interface KernelLines {
  readonly lines: readonly KernelLine[];
  readonly doubts: readonly Doubt[];
}

/** Every store is asked: entries give the next boot, and what they are made from the boot after the next kernel update. */
export function kernelLines(facts: Facts): KernelLines {
  const { boot } = facts;
  if (boot.kind === 'unknown')
    return {
      lines: [],
      doubts: [
        {
          about: 'boot loader',
          why: boot.why,
          evidence: boot.evidence,
          advice: "look at the boot loader's own files: this program does not know them",
        },
      ],
    };
  const normal = boot.entries.filter((entry) => !entry.recovery);
  const doubts: Doubt[] = [];
  if (normal.length === 0)
    doubts.push({ about: boot.cfg, why: 'no boot entry could be read in it', advice: menuByHand(facts) });
  if (boot.fixed !== undefined) doubts.push({ about: boot.cfg, why: boot.fixed });
  const defaultKnown = normal.some((entry) => entry.isDefault);
  const lines: KernelLine[] = normal.map((entry) => ({
    from: 'menu',
    title: entry.title,
    args: entry.args,
    at: { path: entry.at.path, line: entry.at.line, text: joinArgs(entry.args) },
    decides: entry.isDefault || !defaultKnown,
  }));
  const rootless = boot.kind === 'systemd-boot' ? undefined : normal.find((entry) => !namesRoot(entry.args));
  if (rootless !== undefined)
    doubts.push({
      about: rootless.at.path,
      why: `boot entry "${rootless.title}" names no root file system: part of its line was not found (a variable of grubenv, say)`,
      evidence: [rootless.at],
      advice: 'see what its options refer to, and that the file which sets it is there and whole',
    });
  const sources = sourceLines(facts, boot);
  return { lines: [...lines, ...sources.lines], doubts: [...doubts, ...sources.doubts] };
}

/** Only systemd can find a root by its partition type; elsewhere a line without root= starts nothing that is installed. */
function namesRoot(args: readonly string[]): boolean {
  return args.some((arg) => /^"?(?:root|rootfs|nfsroot|ostree|boot)=/.test(arg) || /\$\{?\w*root/i.test(arg));
}

/** What later entries are made from, each place once. An entry that others are made like is a line of its own already. */
function sourceLines(facts: Facts, boot: KnownLoader): KernelLines {
  const lines: KernelLine[] = [];
  const doubts: Doubt[] = boot.sources.flatMap((path) => {
    const why = facts.unreadable[path];
    return why === undefined ? [] : [{ about: path, why: `it cannot be read: ${why}` }];
  });
  if (doubts.length > 0) return { lines, doubts };
  const likeEntry = boot.entries.some(({ at }) => at.path === boot.nextAt.path && at.line === boot.nextAt.line);
  const next = { at: boot.nextAt, args: boot.nextArgs, decides: true };
  const also = boot.alsoAsked.map(({ at, args }) => ({ at, args, decides: false }));
  for (const { at, args, decides } of [...(likeEntry ? [] : [next]), ...also]) {
    if (args !== undefined) lines.push({ from: 'sources', title: at.path, args, at, decides });
    else
      doubts.push({
        about: at.path,
        why: 'the kernel line is put together by shell code, so what the next update gives is not known',
        evidence: [at],
        advice: `write plain values in ${at.path}, without $(...) and the like`,
      });
  }
  return { lines, doubts };
}

/** Whether some line that counts has an argument that satisfies the test. */
export function anyArg(lines: readonly KernelLine[], test: (arg: string) => boolean): boolean {
  return lines.some((line) => line.args.some(test));
}

/** The distinct arguments of all lines that satisfy the test, in order of appearance. */
export function argsLike(lines: readonly KernelLine[], test: (arg: string) => boolean): string[] {
  return [...new Set(lines.flatMap((line) => line.args.filter(test)))];
}

type KernelArgs = Extract<Change, { kind: 'kernel-args' }>;

export interface LineFault {
  /** Follows the subject: "lacks console=ttyS0". */
  readonly says: string;
  readonly want: Pick<KernelArgs, 'have' | 'lack' | 'swap'> | undefined;
  /** Default: how to make `want` true by hand. */
  readonly byHand?: string;
  readonly severity?: Severity;
}

/**
 * At most two findings for one fault, one for the menu and one for its sources: fifteen entries that lack the same argument
 * are one thing to mend. Only where a deciding line is at fault the check's own severity counts, else `should`.
 */
export function lineFindings(facts: Facts, faulty: readonly KernelLine[], fault: LineFault): Finding[] {
  const { want } = fault;
  const hand = fault.byHand ?? kernelLineByHand(facts, want?.have ?? [], want?.lack ?? []);
  const wants: Change[] = want === undefined ? [] : [{ kind: 'kernel-args', ...want }];
  return (['menu', 'sources'] as const).flatMap((from): Finding[] => {
    const lines = faulty.filter((line) => line.from === from);
    const first = lines[0];
    if (first === undefined) return [];
    const subject = from === 'sources' ? 'what the next update would give' : entriesNamed(lines);
    const severity = fault.severity ?? (lines.some((line) => line.decides) ? undefined : 'should');
    return [
      {
        about: first.at.path,
        says: `${subject} ${fault.says}`,
        ...(severity ? { severity } : {}),
        evidence: lines.map((line) => line.at),
        ...remedy(facts, wants, hand),
      },
    ];
  });
}

function entriesNamed(lines: readonly KernelLine[]): string {
  const titles = [...new Set(lines.map((line) => `"${line.title}"`))];
  if (titles.length === 1) return `boot entry ${titles[0]}`;
  return `each of ${lines.length} boot entries (${titles[0]}, ...)`;
}
