import { joinArgs } from '../formats/kernel-line.ts';
import type { Change, Evidence, Facts, Finding, Severity } from '../model.ts';
import type { Doubt } from './answer.ts';
import { kernelLineByHand, menuByHand } from './by-hand.ts';
import { remedy } from './fixable.ts';

/** One kernel command line that counts: of a normal boot entry, or what the sources would give the next menu. */
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

/** Both stores are asked, since the menu gives the next boot and the sources the boot after the next kernel update. */
export function kernelLines(facts: Facts): KernelLines {
  const { boot } = facts;
  if (boot.kind !== 'grub2')
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
  const defaultKnown = normal.some((entry) => entry.isDefault);
  const lines: KernelLine[] = normal.map((entry) => ({
    from: 'menu',
    title: entry.title,
    args: entry.args,
    at: { path: entry.at.path, line: entry.at.line, text: joinArgs(entry.args) },
    decides: entry.isDefault || !defaultKnown,
  }));
  const source = sourceOf(facts);
  const unreadable = Object.entries(facts.unreadable).find(([path]) => path.startsWith('/etc/default/grub'));
  if (unreadable !== undefined) doubts.push({ about: unreadable[0], why: `it cannot be read: ${unreadable[1]}` });
  else if (boot.nextArgs === undefined)
    doubts.push({
      about: source.path,
      why: 'the kernel line is put together by shell code, so what the next update gives is not known',
      evidence: [source],
      advice: `write plain values in ${source.path}, without $(...) and the like`,
    });
  else lines.push({ from: 'sources', title: source.path, args: boot.nextArgs, at: source, decides: true });
  return { lines, doubts };
}

/** Where the sources set the kernel line, as evidence. */
function sourceOf(facts: Facts): Evidence {
  const settings = facts.boot.kind === 'grub2' ? facts.boot.settings : {};
  const of = (name: string) => settings[name];
  const odd = [of('GRUB_CMDLINE_LINUX'), of('GRUB_CMDLINE_LINUX_DEFAULT')].find((one) => one?.literal === false);
  const found = odd ?? of('GRUB_CMDLINE_LINUX_DEFAULT') ?? of('GRUB_CMDLINE_LINUX');
  return found?.at ?? { path: '/etc/default/grub' };
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
