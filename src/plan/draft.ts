import { agreedArgs } from '../families/bootloader/agreement.ts';
import type { Edit } from '../families/bootloader/bootloader.ts';
import { kernelArgsEdits } from '../families/bootloader/index.ts';
import { initrdConfigEdits } from '../families/initrd/index.ts';
import { setIni } from '../formats/ini-edit.ts';
import { commentLine, setLine } from '../formats/lines.ts';
import { setShellVar } from '../formats/shell-vars.ts';
import { setSshd } from '../formats/sshd-config.ts';
import { setWaagent } from '../formats/waagent-conf.ts';
import { addItems } from '../formats/yaml-list.ts';
import type { Change, Facts, GuestPath, PlannedStep } from '../model.ts';
import { type Reason, type Wanted, wantsOf } from './wants.ts';

/** Files as they would read after every edit so far. All edits of one file become one step. */
interface Draft {
  readonly files: Map<
    GuestPath,
    { readonly before: string | null; now: string | null; readonly mode: number; readonly why: Reason[] }
  >;
  readonly blocked: { check: string; says: string }[];
  /** Files that are to be replaced or removed as a whole: an edit of what goes would only be in the way. */
  readonly whole: ReadonlySet<GuestPath>;
}

function edit(
  draft: Draft,
  facts: Facts,
  path: GuestPath,
  why: readonly Reason[],
  change: Edit['change'],
  mode = 0o644,
): void {
  const real = facts.links[path] ?? path;
  if (draft.whole.has(path) || draft.whole.has(real)) return;
  const unreadable = facts.unreadable[real] ?? facts.unreadable[path];
  if (unreadable !== undefined) {
    draft.blocked.push({
      check: why[0]?.check ?? '',
      says: `${path} cannot be read, so it is not edited: ${unreadable}`,
    });
    return;
  }
  const before = facts.texts[real] ?? null;
  const known = draft.files.get(real) ?? { before, now: before, mode, why: [] };
  let next: string | null;
  try {
    next = change(known.now);
  } catch (error) {
    // The editors refuse what they cannot edit without guessing (an unclosed quote, a line that reads otherwise).
    if (!(error instanceof RangeError)) throw error;
    draft.blocked.push({ check: why[0]?.check ?? '', says: `${path} cannot be edited: ${error.message}` });
    return;
  }
  if (next === known.now) return;
  known.now = next;
  for (const reason of why) if (!known.why.some((other) => sameReason(other, reason))) known.why.push(reason);
  draft.files.set(real, known);
}

function sameReason(a: Reason, b: Reason): boolean {
  return a.check === b.check && a.about === b.about && a.says === b.says;
}

function applyEdits(draft: Draft, facts: Facts, edits: readonly Edit[] | string, why: readonly Reason[]): void {
  if (typeof edits === 'string') draft.blocked.push({ check: why[0]?.check ?? '', says: edits });
  else for (const one of edits) edit(draft, facts, one.path, why, one.change, one.mode);
}

function setting(change: Extract<Change, { kind: 'setting' }>): Edit['change'] {
  const ini = (text: string, key: string, value: string | null) => setIni(text, change.section ?? '', key, value);
  const editor = { shell: setShellVar, waagent: setWaagent, sshd: setSshd, ini }[change.as];
  return (text) => (text === null && change.value === null ? null : editor(text ?? '', change.key, change.value));
}

type KernelArgs = Extract<Change, { kind: 'kernel-args' }>;

/** Every kernel line wanted of all entries in one, so that each store is edited once; those of one entry come after it. */
function kernelLineWants(wants: readonly Wanted[], facts: Facts): Wanted<KernelArgs>[] {
  const all = wantsOf(wants, 'kernel-args');
  const everywhere = all.filter((want) => want.change.entry === undefined);
  const agree = wantsOf(wants, 'kernel-args-agree');
  const lack = [...new Set(everywhere.flatMap((want) => want.change.lack))];
  const swap = everywhere.flatMap((want) => want.change.swap ?? []);
  const only = [...new Set(everywhere.flatMap((want) => want.change.only ?? []))];
  const asked = { have: everywhere.flatMap((want) => want.change.have), lack, swap, only };
  const have = [...new Set([...asked.have, ...(agree.length > 0 ? agreedArgs(facts, asked) : [])])];
  const why = [...everywhere, ...agree].flatMap((want) => want.why);
  const merged: Wanted<KernelArgs> = { change: { kind: 'kernel-args', ...asked, have }, why };
  return [...(why.length > 0 ? [merged] : []), ...all.filter((want) => want.change.entry !== undefined)];
}

/**
 * The text edits of all wants as one write step per file. Edits that name a line number come first: they keep the number
 * of lines, the others need not.
 */
export function draftWrites(
  wants: readonly Wanted[],
  facts: Facts,
): { steps: PlannedStep[]; blocked: Draft['blocked'] } {
  const whole = new Set(wantsOf(wants, 'file').map((want) => want.change.path));
  const draft: Draft = { files: new Map(), blocked: [], whole };
  for (const { change, why } of wantsOf(wants, 'line-off')) {
    edit(draft, facts, change.path, why, (text) =>
      text === null ? null : commentLine(text, change.line, change.text),
    );
  }
  for (const { change, why } of wantsOf(wants, 'line')) {
    edit(draft, facts, change.path, why, (text) =>
      text === null ? null : setLine(text, change.line, change.text, change.to),
    );
  }
  for (const { change, why } of wantsOf(wants, 'list-items')) {
    edit(draft, facts, change.path, why, (text) =>
      text === null ? null : addItems(text, change.key, change.have, change.after),
    );
  }
  for (const { change, why } of kernelLineWants(wants, facts))
    applyEdits(draft, facts, kernelArgsEdits(change, facts), why);
  const drivers = wantsOf(wants, 'initrd-config');
  if (drivers.length > 0) {
    const names = [...new Set(drivers.flatMap((want) => want.change.have))];
    const why = drivers.flatMap((want) => want.why);
    applyEdits(draft, facts, initrdConfigEdits(names, facts), why);
  }
  for (const { change, why } of wantsOf(wants, 'setting')) edit(draft, facts, change.path, why, setting(change));
  const steps: PlannedStep[] = [];
  for (const [path, { before, now, mode, why }] of draft.files) {
    if (now === null || now === before) continue;
    steps.push({ step: { kind: 'write', path, before, content: now, mode }, why });
  }
  return { steps, blocked: draft.blocked };
}
