import { editArgs, keyOf } from '../../formats/kernel-line.ts';
import type { BootEntry, Change, Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { cloudinitNotDisabled } from '../agent/cloudinit-not-disabled.ts';
import { type Doubt, judge } from '../answer.ts';
import { menuByHand } from '../by-hand.ts';
import { remedy } from '../fixable.ts';
import { kernelCmdlineNumaOff } from '../kernel/kernel-cmdline-numa-off.ts';
import { kernelDvdPath } from '../kernel/kernel-dvd-path.ts';
import { modprobeNotBlocked } from '../kernel/modprobe-not-blocked.ts';
import { kernelLines } from '../kernel-lines.ts';
import { rootByPersistentId } from '../platform/root-by-persistent-id.ts';
import { articleNow, kernelBootArticle, rhelArticle } from '../sources.ts';
import { kernelCmdlineConsole } from './kernel-cmdline-console.ts';
import { kernelCmdlineEarlyprintk } from './kernel-cmdline-earlyprintk.ts';
import { kernelCmdlineNoCrashkernelAuto } from './kernel-cmdline-no-crashkernel-auto.ts';
import { kernelCmdlineNoQuiet } from './kernel-cmdline-no-quiet.ts';
import { kernelCmdlineNoRhgb } from './kernel-cmdline-no-rhgb.ts';
import { kernelCmdlineNoStaleResume } from './kernel-cmdline-no-stale-resume.ts';
import { kernelCmdlineRootdelay } from './kernel-cmdline-rootdelay.ts';

/** The other rules that ask for kernel arguments: what they change is not asked for here, lest two wants contradict. */
const lineRules: readonly Check[] = [
  rootByPersistentId,
  modprobeNotBlocked,
  kernelDvdPath,
  kernelCmdlineNumaOff,
  kernelCmdlineConsole,
  kernelCmdlineEarlyprintk,
  kernelCmdlineRootdelay,
  kernelCmdlineNoRhgb,
  kernelCmdlineNoQuiet,
  kernelCmdlineNoCrashkernelAuto,
  kernelCmdlineNoStaleResume,
  cloudinitNotDisabled,
];

type KernelArgs = Extract<Change, { kind: 'kernel-args' }>;

/** What GRUB's own scripts add to an entry: no source file asks for it. */
const generated = new Set(['root', 'ro', 'rw', 'rootflags', 'rootfstype', 'BOOT_IMAGE', 'init', 'panic', 'vt.handoff']);

function isGenerated(arg: string): boolean {
  return arg.startsWith('$') || generated.has(keyOf(arg));
}

/** What `these` holds beyond `those`. The very same argument twice says no more than once. */
function beyond(these: readonly string[], those: readonly string[]): string[] {
  return these.filter((arg) => !those.includes(arg) && !isGenerated(arg));
}

/** Entries of 40_custom or os-prober are not made from the sources: the marker above them says which script wrote them. */
function isFromSources(entry: BootEntry, facts: Facts): boolean {
  const text = facts.texts[entry.at.path];
  if (text === undefined) return true;
  const above = text.split('\n').slice(0, entry.at.line);
  const marker = above.findLast((line) => line.startsWith('### BEGIN /etc/grub.d/'));
  return marker === undefined || /_linux(_|\b)/.test(marker);
}

function othersWant(facts: Facts, policy: Policy): KernelArgs[] {
  return lineRules.flatMap((rule) => {
    const looked = rule.look(facts, policy);
    if (looked.is !== 'fail') return [];
    return looked.findings.flatMap((finding) => finding.wants.filter((want) => want.kind === 'kernel-args'));
  });
}

function merged(changes: readonly KernelArgs[]): KernelArgs {
  return {
    kind: 'kernel-args',
    have: [...new Set(changes.flatMap((change) => change.have))],
    lack: [...new Set(changes.flatMap((change) => change.lack))],
    swap: changes.flatMap((change) => change.swap ?? []),
  };
}

/** Entries that lack what the sources ask for: the menu was not made anew after an edit. */
function outdated(facts: Facts, entries: readonly BootEntry[], next: readonly string[], policy: Policy): Finding[] {
  const behind = entries.filter((entry) => beyond(next, entry.args).length > 0);
  const first = behind[0];
  if (first === undefined) return [];
  const others = othersWant(facts, policy);
  const change = merged(others);
  const own = behind.flatMap((entry) => beyond(editArgs(next, change), editArgs(entry.args, change)));
  const have = [...new Set(own)].filter((arg) => !change.lack.includes(arg));
  // The others' wants may be all that is needed; naming them here as well costs nothing, since equal wants are one.
  const wants: Change[] = [...others, ...(have.length > 0 ? [{ kind: 'kernel-args' as const, have, lack: [] }] : [])];
  const missing = [...new Set(behind.flatMap((entry) => beyond(next, entry.args)))];
  const which = behind.length === 1 ? `boot entry "${first.title}" does` : `${behind.length} boot entries do`;
  return [
    {
      about: first.at.path,
      says: `the sources ask for ${missing.join(' ')}, which ${which} not hold`,
      evidence: behind.map(({ at, args }) => ({ ...at, text: args.join(' ') })),
      ...remedy(facts, wants, menuByHand(facts)),
    },
  ];
}

/** Arguments that stand only in the menu: they last until the next kernel update. */
function shortLived(entries: readonly BootEntry[], next: readonly string[]): Finding[] {
  const ahead = entries.filter((entry) => beyond(entry.args, next).length > 0);
  const first = ahead[0];
  if (first === undefined) return [];
  const extra = [...new Set(ahead.flatMap((entry) => beyond(entry.args, next)))];
  return [
    {
      about: first.at.path,
      says: `${extra.join(' ')} stands only in the menu: the next update drops it`,
      severity: 'info',
      evidence: ahead.map(({ at, args }) => ({ ...at, text: args.join(' ') })),
      wants: [],
      advice: 'add it to GRUB_CMDLINE_LINUX in /etc/default/grub if it is meant to stay',
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  const { boot } = facts;
  const doubts: readonly Doubt[] = kernelLines(facts).doubts;
  if (boot.kind !== 'grub2' || boot.nextArgs === undefined || doubts.length > 0) return judge([], doubts, '');
  const entries = boot.entries.filter((entry) => !entry.recovery && isFromSources(entry, facts));
  const findings = [...outdated(facts, entries, boot.nextArgs, policy), ...shortLived(entries, boot.nextArgs)];
  return judge(findings, [], `the boot menu holds what ${boot.sources[0] ?? 'its sources'} asks for`);
}

export const grubConfigRegenerated: Check = {
  id: 'grub-config-regenerated',
  area: 'boot',
  title: 'The boot menu agrees with its sources',
  severity: 'must',
  why: 'GRUB reads the generated menu, updates read the sources: where they differ, either the next boot or the next update brings a surprise.',
  source: [articleNow, rhelArticle, kernelBootArticle],
  fix: { all: 'apply: sources and generated menu are both edited as text, so that they agree; no generator is run' },
  look,
};
