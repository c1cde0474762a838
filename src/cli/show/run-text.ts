import type { Outcome } from '../../model.ts';
import type { Promised } from '../../seal/promises.ts';
import type { Sealed } from '../seal.ts';
import type { Seen, Session } from '../session.ts';
import { printable } from './printable.ts';
import { type Printer, wrap } from './printer.ts';

/** What the seal will do, before it does it: none of it can be undone. */
export function showPromises(promised: readonly Promised[], printer: Printer): void {
  printer.line();
  printer.line(printer.paint('bold', 'Then the seal, which cannot be undone:'));
  for (const { by, what } of promised) {
    const who = by === 'nobody' ? 'note' : by === 'agent' ? 'waagent' : 'prep-guest';
    for (const part of wrap(printable(what), printer.width - 16, ' '.repeat(14))) {
      printer.line(part.startsWith(' ') ? part : `  ${who.padEnd(11)} ${part}`);
    }
  }
}

/** How the seal went: each effect that was looked at. */
export function showSealed({ options, printer }: Session, sealed: Sealed): void {
  if (options.format !== 'text') return;
  if (sealed.is === 'refused') {
    printer.line(printer.paint('bad', `Not sealed: ${printable(sealed.why)}.`));
    if (sealed.hint !== undefined) printer.line(`  ${printable(sealed.hint)}`);
    return;
  }
  printer.line();
  if (sealed.again === true) printer.line('Sealed before, and still so.');
  for (const { done, what, says } of sealed.effects) {
    if (done && (options.quiet || sealed.again === true)) continue;
    const word = done ? printer.paint('good', 'done  ') : printer.paint('bad', 'MISSED');
    const parts = wrap(printable(done ? what : `${what}: ${says}`), printer.width - 10, '          ');
    printer.line(`  ${word}  ${parts[0] ?? ''}`);
    for (const part of parts.slice(1)) printer.line(part);
  }
  for (const note of sealed.notes)
    for (const part of wrap(printable(`note: ${note}`), printer.width - 4, '  ')) printer.line(`  ${part}`);
  if (sealed.is === 'unsealed') {
    printer.line(printer.paint('bad', 'NOT SEALED: waagent did not do all that it promises. Its last words:'));
    for (const line of sealed.output.split('\n').slice(-10)) printer.line(`  ${printable(line)}`);
    return;
  }
  printer.line(printer.paint('good', 'SEALED: the guest is deprovisioned.'));
  if (options.root !== undefined) printer.line('Unmount it and upload the disk; do not boot it before.');
  else if (!options.poweroff) {
    printer.line('What a child process cannot do for you, in your own shell, now:');
    printer.line('  export HISTSIZE=0; history -c; logout');
    printer.line('Then power the machine off; a reboot would make new host keys and leases.');
  }
}

/** The end of an apply: what was changed, whether it was sealed, and what to do now. */
export function showOutcome(
  session: Session,
  outcome: Extract<Outcome, { is: 'done' }>,
  after: Seen,
  sealed: Sealed | undefined,
): void {
  const { options, printer } = session;
  if (options.format !== 'text') return;
  printer.line();
  const run = outcome.run === '' ? '' : ` (run ${outcome.run})`;
  printer.line(`changed ${outcome.changed}${run}`);
  if (sealed !== undefined) showSealed(session, sealed);
  else if (after.verdict === 'ready')
    printer.line(
      options.policy.mode === 'specialized'
        ? 'Not sealed: a specialized machine keeps its identity.'
        : 'Not sealed, as asked: `prep-guest seal` does it.',
    );
}
