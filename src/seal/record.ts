import { PrepError } from '../errors.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { asciiJson } from '../journal/entry.ts';
import type { Clock } from '../journal/journal.ts';
import {
  listRunIds,
  listRuns,
  removeTree,
  reopenRun,
  runFiles,
  sealedFile,
  sealingFile,
} from '../journal/run-folder.ts';
import type { Before } from './effect.ts';
import type { SealedEffect } from './seal.ts';

export async function readAttempt(guest: GuestFiles): Promise<Before | undefined> {
  const text = await guest.text(sealingFile);
  if (text.is === 'unreadable') throw new PrepError('refused', `${sealingFile} cannot be read: ${text.why}`);
  // Written beside and renamed: it is whole or not there.
  return text.is === 'there' ? (JSON.parse(text.value) as Before) : undefined;
}

/** From here on the seal is begun, until `markSealed` has ended it. */
export async function writeAttempt(guest: Guest, before: Before): Promise<void> {
  await guest.write(sealingFile, Buffer.from(asciiJson(before)), { mode: 0o600 });
  // Of an earlier seal, after which the guest was used.
  await guest.remove(sealedFile);
}

/** A short record of the seal that stays in the image. */
export interface SealRecord {
  readonly version: string;
  readonly at: string;
  /** Which start of the machine this was; a machine that is made from the image finds the record of another. */
  readonly boot?: string;
  readonly effects: readonly SealedEffect[];
}

/**
 * Removes the originals and plans of all runs (an image must not carry old secrets; a plan holds whole files), and says in
 * each journal that the run is sealed, so that a rollback is refused.
 */
export async function markSealed(guest: Guest, record: SealRecord, clock: Clock): Promise<SealedEffect> {
  const effect = { id: 'originals', by: 'prep-guest', what: 'originals kept for a rollback are gone' } as const;
  try {
    const runs = await listRuns(guest);
    for (const id of await listRunIds(guest)) {
      const files = runFiles(id);
      const run = runs.find((one) => one.id === id);
      // The journal first: what it calls sealed is never put back from originals that are half gone.
      if (run !== undefined && run.state !== 'undone' && run.state !== 'sealed') {
        await (await reopenRun(guest, id, clock)).write({ say: 'end', outcome: 'sealed' });
      }
      await removeTree(guest, files.originals);
      await removeTree(guest, files.scratch);
      await guest.remove(files.plan);
    }
    await guest.write(sealedFile, Buffer.from(asciiJson(record, 2)), { mode: 0o600 });
    await guest.remove(sealingFile);
    return { ...effect, done: true, says: 'gone' };
  } catch (error) {
    return { ...effect, done: false, says: (error as Error).message };
  }
}
