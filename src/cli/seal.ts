import { exitCodes, PrepError } from '../errors.ts';
import type { Guest } from '../guest/guest.ts';
import { createRootedGuest } from '../guest/rooted.ts';
import type { Facts } from '../model.ts';
import { promises } from '../seal/promises.ts';
import { type SealOutcome, seal, stillSealed } from '../seal/seal.ts';
import { confirm } from './ask.ts';
import { exitCodeOf, report } from './check.ts';
import type { Options } from './options.ts';
import { guestRoot, look, type Session } from './session.ts';
import { showPromises, showSealed } from './show/run-text.ts';

/** `again`: it was sealed before and every effect is still there, so nothing was run. */
export type Sealed = SealOutcome & { readonly again?: boolean };

/** A mounted root has nothing to power off. */
export function refusePoweroffOffline(options: Options): void {
  if (options.poweroff && options.root !== undefined)
    throw new PrepError('usage', '--poweroff does not go with --root');
}

/** Seals, or sees that it is sealed still. */
export async function sealGuest(
  { options, version, printer, log }: Session,
  guest: Guest,
  facts: Facts,
): Promise<Sealed> {
  const known = await stillSealed(guest, facts, options);
  if (known !== undefined) return { is: 'sealed', effects: known, notes: [], output: '', again: true };
  const sealed = await seal(guest, facts, options.policy, {
    removeUser: options.removeUser,
    skip: options.skip,
    version,
    progress: (says) => printer.progress(says),
  });
  printer.settle();
  log.info(
    `seal: ${sealed.is}`,
    sealed.is === 'refused' ? { why: sealed.why } : { effects: sealed.effects, output: sealed.output },
  );
  return sealed;
}

/** Powers off after the seal, when that was asked for. */
export async function finish(
  { options, printer, log }: Session,
  guest: Guest,
  sealed: Sealed | undefined,
): Promise<void> {
  if (!options.poweroff || sealed?.is !== 'sealed') return;
  printer.progress('powering off');
  log.info('powering off');
  const result = await guest.run(['/sbin/poweroff'], { seconds: 60 });
  if (result.code !== 0)
    throw new PrepError(
      'unsealed',
      `the machine did not power off: ${result.stderr.trim()}`,
      'power it off by hand; do not reboot it',
    );
}

/** `prep-guest seal`: verify, and deprovision if the guest is ready. */
export async function runSeal(session: Session): Promise<number> {
  const { options, printer } = session;
  refusePoweroffOffline(options);
  const { root, where } = guestRoot(options);
  const guest = createRootedGuest(root, where);
  const seen = await look(session, guest);
  if (seen.verdict !== 'ready') {
    report(seen, session);
    printer.error('prep-guest: not sealed: not every rule that must hold does');
    return exitCodes.findings;
  }
  if (options.format === 'text' && !options.quiet) showPromises(promises(seen.facts, options), printer);
  if (!(await confirm(session, 'Seal the guest? This cannot be undone.')))
    throw new PrepError('refused', 'nothing was changed');
  const sealed = await sealGuest(session, guest, seen.facts);
  if (sealed.is === 'refused') throw new PrepError('refused', sealed.why, sealed.hint);
  report(seen, session, {
    id: undefined,
    changed: 0,
    outcome: 'done',
    steps: [],
    sealed: sealed.is === 'sealed',
    effects: sealed.effects,
  });
  showSealed(session, sealed);
  if (sealed.is === 'unsealed') return exitCodes.unsealed;
  await finish(session, guest, sealed);
  return exitCodeOf(seen, session);
}
