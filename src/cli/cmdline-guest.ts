import { apply } from '../apply/apply.ts';
import { exitCodes, PrepError } from '../errors.ts';
import { bootEntries, defaultEntry } from '../facts/boot.ts';
import { scan } from '../facts/scan.ts';
import { disagreements } from '../families/bootloader/agreement.ts';
import { requestedChange } from '../formats/args-request.ts';
import { joinArgs } from '../formats/kernel-line.ts';
import type { GuestFiles } from '../guest/guest.ts';
import { isRoot } from '../guest/host.ts';
import { createReadOnlyGuest, createRootedGuest } from '../guest/rooted.ts';
import { createUnpacker } from '../guest/unpack.ts';
import type { BootEntry, Change, Check, Examined, Facts, KnownLoader, Plan } from '../model.ts';
import { makePlan } from '../plan/make-plan.ts';
import { confirm } from './ask.ts';
import { guestRoot, type Session } from './session.ts';
import { emitJson, emitText } from './show/emit.ts';
import { showPlan } from './show/plan-text.ts';
import { printable } from './show/printable.ts';
import type { Printer } from './show/printer.ts';

/** The kernel line of a whole guest: what each entry is given, what later ones will be, and where both differ. */

async function read({ signal, printer }: Session, files: GuestFiles): Promise<{ facts: Facts; boot: KnownLoader }> {
  const progress = (says: string) => printer.progress(says);
  const facts = await scan(files, { unpacker: createUnpacker(), signal, progress, skipInitrds: true });
  printer.settle();
  const { boot } = facts;
  if (boot.kind === 'unknown') throw new PrepError('refused', boot.why);
  return { facts, boot };
}

function describe({ facts, boot }: { facts: Facts; boot: KnownLoader }) {
  return {
    schema: 'prep-guest/cmdline/1',
    loader: boot.kind,
    entries: boot.entries.map(({ title, isDefault, recovery, args, at }, index) => {
      return { entry: index, title, default: isDefault, recovery, args, at };
    }),
    next: { args: boot.nextArgs ?? null, at: boot.nextAt },
    alsoAsked: boot.alsoAsked,
    differences: disagreements(boot, facts.texts).map(({ asks, missing, extra, clashes }) => {
      return { at: asks.at, readBy: asks.readBy, missing, extra, clashes };
    }),
  };
}

type Described = ReturnType<typeof describe>;

function show(described: Described, printer: Printer): void {
  const line = (text: string) => printer.line(printable(text));
  line(`boot loader: ${described.loader}`);
  for (const { entry, title, args, at, ...of } of described.entries) {
    const marks = `${of.default ? ', default' : ''}${of.recovery ? ', for repair' : ''}`;
    line(`${entry}. ${title}${marks} (${at.path} line ${at.line})`);
    line(`   next boot:   ${joinArgs(args)}`);
  }
  const asked = (args: readonly string[] | null | undefined) => (args ? joinArgs(args) : 'put together by shell code');
  line(`next update:    ${asked(described.next.args)} (${described.next.at.path})`);
  for (const { args, at, readBy } of described.alsoAsked) line(`${readBy}: ${asked(args)} (${at.path})`);
  for (const { at, missing, extra, clashes } of described.differences) {
    if (missing.length > 0) line(`differs: ${at.path} asks for ${joinArgs(missing)}, which entries lack`);
    if (extra.length > 0) line(`differs: entries hold ${joinArgs(extra)}, which ${at.path} does not ask for`);
    for (const { asked: there, held } of clashes) line(`differs: ${there} in ${at.path}, ${held} in an entry`);
  }
}

function chosenEntry({ options }: Session, boot: KnownLoader): BootEntry | undefined {
  const { entry = 'all' } = options;
  if (entry === 'all') return undefined;
  const found = entry === 'default' ? defaultEntry(boot) : bootEntries(boot)[entry];
  if (found === undefined) throw new PrepError('usage', `--entry ${entry}: there is no such boot entry`);
  return found;
}

const asked: Check = {
  id: 'cmdline',
  area: 'boot',
  title: 'The kernel line is as the command line asks',
  severity: 'must',
  why: 'It was asked for.',
  source: [],
  look: () => ({ is: 'not-applicable', why: 'it is asked for by hand' }),
};

const dropped = 'the next time the menu is made anew from its sources, a change of one entry is dropped';

/** Whether a program makes the entries from sources: update-grub, update-extlinux, grub2-mkconfig of older releases. */
function isMadeAnew(boot: KnownLoader): boolean {
  return boot.kind === 'grub2' || boot.kind === 'extlinux' || (boot.kind === 'bls' && boot.rewrites);
}

/** The same plan that a finding would lead to. */
function planOf(session: Session, { facts, boot }: { facts: Facts; boot: KnownLoader }): Plan {
  const { add = '', remove = '' } = session.options;
  const entry = chosenEntry(session, boot);
  try {
    const { have, lack, only = [] } = requestedChange(add, remove);
    const want: Change = { kind: 'kernel-args', have, lack, only, ...(entry ? { entry: entry.at } : {}) };
    const about = entry?.title ?? 'every boot entry';
    const says =
      entry && isMadeAnew(boot) ? `asked for on the command line; ${dropped}` : 'asked for on the command line';
    const finding = { about, says, evidence: [], wants: [want] };
    const examined: Examined = { check: asked, status: 'fail', looked: { is: 'fail', findings: [finding] } };
    return makePlan([examined], facts);
  } catch (error) {
    if (error instanceof RangeError) throw new PrepError('usage', error.message);
    throw error;
  }
}

/** `prep-guest cmdline` without --file: lists the guest's kernel lines, or changes them through plan and journal. */
export async function runCmdlineGuest(session: Session): Promise<number> {
  const { options, printer, version, signal } = session;
  const { root, where } = guestRoot(options);
  if (options.add === undefined && options.remove === undefined) {
    const described = describe(await read(session, createReadOnlyGuest(root, where)));
    if (options.format === 'json') emitJson(described, options, printer);
    else emitText((to) => show(described, to), options, printer);
    return described.differences.length === 0 ? exitCodes.content : exitCodes.findings;
  }
  if (!isRoot()) throw new PrepError('notRoot', 'only root can change a guest', 'run it with sudo');
  const guest = createRootedGuest(root, where);
  const seen = await read(session, guest);
  const plan = planOf(session, seen);
  if (options.format === 'text' && !options.quiet) showPlan(plan, printer, 'ready');
  if (plan.blockedBy.length > 0)
    throw new PrepError('refused', plan.blockedBy.map(({ says }) => says).join('\n'), 'nothing was touched');
  if (plan.steps.length === 0) {
    if (options.format === 'json') emitJson(describe(seen), options, printer);
    return exitCodes.content;
  }
  if (!(await confirm(session, `Change ${plan.steps.length} files?`)))
    throw new PrepError('refused', 'nothing was changed');
  const progress = (says: string) => printer.progress(says);
  const outcome = await apply(plan, guest, { version, unpacker: createUnpacker(), signal, progress });
  printer.settle();
  if (outcome.is === 'refused') throw new PrepError('refused', outcome.why, outcome.hint);
  if (outcome.is !== 'done') throw new PrepError(outcome.is, `${outcome.step}: ${outcome.why}`);
  const after = describe(await read(session, guest));
  if (options.format === 'json') emitJson({ ...after, run: outcome }, options, printer);
  else emitText((to) => show(after, to), options, printer);
  return exitCodes.content;
}
