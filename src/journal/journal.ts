import { PrepError } from '../errors.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import type { GuestPath } from '../model.ts';
import { folderOf, within } from './content.ts';
import { asciiJson, type Entry, type NewEntry, parseEntries } from './entry.ts';

export type Clock = () => Date;

/** An append-only record of one run. What `write` returned from is on the disk. */
export interface Journal {
  readonly path: GuestPath;
  /** Everything said so far, also what was read back. */
  readonly entries: readonly Entry[];
  write(entry: NewEntry): Promise<void>;
}

/** Reads a journal back. Undefined when there is none, or when not even its first line was finished. */
export async function readEntries(
  guest: GuestFiles,
  path: GuestPath,
): Promise<{ entries: Entry[]; torn: boolean } | undefined> {
  const text = await guest.text(path);
  if (text.is === 'absent') return undefined;
  if (text.is === 'unreadable') throw new PrepError('refused', `the journal ${path} cannot be read: ${text.why}`);
  try {
    const read = parseEntries(text.value);
    return read.entries.length === 0 ? undefined : read;
  } catch (error) {
    // Only the last line can be torn by a power cut; anything else was written by somebody else.
    throw new PrepError(
      'refused',
      `the journal ${path} is damaged: ${(error as Error).message}`,
      `its originals lie in ${within(folderOf(path), 'originals')}`,
    );
  }
}

/** Opens the journal at `path` for writing: a new one, or one read back by `readEntries`. */
export function openJournal(
  guest: Guest,
  path: GuestPath,
  clock: Clock,
  known: { entries: Entry[]; torn: boolean } = { entries: [], torn: false },
): Journal {
  const entries = [...known.entries];
  // A line that was not finished would glue itself to the next one: then the whole is written anew, beside and renamed.
  let torn = known.torn;
  return {
    path,
    entries,
    write: async (entry) => {
      const dated = { ...entry, at: clock().toISOString() } as Entry;
      if (torn) {
        await guest.write(path, Buffer.from([...entries, dated].map((one) => asciiJson(one)).join('')), {
          mode: 0o600,
        });
        torn = false;
      } else {
        torn = true;
        await guest.append(path, asciiJson(dated));
        torn = false;
      }
      entries.push(dated);
    },
  };
}
