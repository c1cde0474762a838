import { readBerkeleyHash } from '../formats/berkeley-hash.ts';
import type { Blob } from '../formats/blob.ts';
import { readNdb } from '../formats/ndb.ts';
import { readSqliteTable } from '../formats/sqlite-table.ts';
import type { ByteSource, GuestFiles } from '../guest/guest.ts';
import type { GuestPath, Read } from '../model.ts';
import { below } from './folders.ts';

/** Where rpm keeps its database: the newer place first, to which the older one is often a link. */
const folders: readonly GuestPath[] = ['/usr/lib/sysimage/rpm', '/var/lib/rpm'];

type Headers = (source: ByteSource, log: ByteSource | undefined) => Generator<Blob>;

/** Newest format first: a database that was converted may have left the older file behind. */
const formats: readonly { readonly name: string; readonly headers: Headers }[] = [
  { name: 'rpmdb.sqlite', headers: (source, log) => readSqliteTable(source, log, 'Packages', 1) },
  { name: 'Packages.db', headers: readNdb },
  { name: 'Packages', headers: readBerkeleyHash },
];

/** SQLite's marks of what is not, or not yet, in the database itself. */
const logSuffix = '-wal';
const journalSuffix = '-journal';

/**
 * Hands the header of every installed rpm to `use`, which may stop early, and returns what that returns. The headers are
 * read piece by piece while `use` asks for them. Absent where there is no database with a package in it.
 */
export async function readRpmDatabase<T>(
  files: GuestFiles,
  use: (headers: Iterable<Blob>) => T,
): Promise<Read<{ readonly path: GuestPath; readonly value: T }>> {
  for (const { name, headers } of formats) {
    for (const folder of folders) {
      const path = below(folder, name);
      const value = await readOne(files, path, headers, use);
      if (value.is === 'unreadable') return { is: 'unreadable', why: `${path}: ${value.why}` };
      if (value.is === 'there') return { is: 'there', value: { path, value: value.value } };
    }
  }
  return { is: 'absent' };
}

async function readOne<T>(
  files: GuestFiles,
  path: GuestPath,
  headers: Headers,
  use: (headers: Iterable<Blob>) => T,
): Promise<Read<T>> {
  const opened = await files.open(path);
  if (opened.is !== 'there') return opened;
  try {
    // A file that was only touched, as by `rpm` on a system of another package manager.
    if (opened.value.size === 0) return { is: 'absent' };
    const unfinished = await isUnfinished(files, `${path}${journalSuffix}`);
    if (unfinished.is !== 'there') return unfinished;
    const log = await files.open(`${path}${logSuffix}`);
    if (log.is === 'unreadable') return log;
    try {
      return useOne(opened.value, log.is === 'there' ? log.value : undefined, headers, use);
    } finally {
      if (log.is === 'there') log.value.close();
    }
  } finally {
    opened.value.close();
  }
}

function useOne<T>(
  source: ByteSource,
  log: ByteSource | undefined,
  headers: Headers,
  use: (headers: Iterable<Blob>) => T,
): Read<T> {
  let count = 0;
  const counted = function* () {
    for (const header of headers(source, log)) {
      count++;
      yield header;
    }
  };
  try {
    const value = use(counted());
    return count === 0 ? { is: 'absent' } : { is: 'there', value };
  } catch (error) {
    return { is: 'unreadable', why: (error as Error).message };
  }
}

/** A rollback journal that was not taken back means that the database is halfway through a change. */
async function isUnfinished(files: GuestFiles, path: GuestPath): Promise<Read<true>> {
  const opened = await files.open(path);
  if (opened.is === 'absent') return { is: 'there', value: true };
  if (opened.is === 'unreadable') return opened;
  try {
    const head = new Uint8Array(1);
    const hot = opened.value.readAt(head, 0) > 0 && head[0] !== 0;
    return hot ? { is: 'unreadable', why: 'a change of it did not end' } : { is: 'there', value: true };
  } catch (error) {
    return { is: 'unreadable', why: (error as Error).message };
  } finally {
    opened.value.close();
  }
}
