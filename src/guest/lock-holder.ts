import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import type { GuestPath } from '../model.ts';
import { hostPath, type Root, resolve } from './resolve.ts';

/** A lock file is one line. Somebody else's may be anything. */
const lineLimit = 200;

/**
 * What the lock file says of its holder, where that process has the file open: a line that a dead one has left counts for
 * nothing. Looks only: to try the lock would take it, if only for a moment, from a process that wants it. Undefined also
 * where this cannot be seen (no /proc, a process in another PID namespace).
 */
export function findLockHolder(root: Root, path: GuestPath): string | undefined {
  const found = resolve(root, path, 'keep');
  if (found.is !== 'there' || !found.value.stat?.isFile() || found.value.stat.size > lineLimit) return undefined;
  const at = hostPath(root, found.value.path);
  const line = seen(() => readFileSync(at, 'latin1').trim()) ?? '';
  const process = /^process ([1-9]\d*), /.exec(line)?.[1];
  if (process === undefined) return undefined;
  const { ino, dev } = lstatSync(at);
  const name = path.slice(path.lastIndexOf('/'));
  return openFiles(process, name).some((stat) => stat.ino === ino && stat.dev === dev) ? line : undefined;
}

/** The files of that name which a process has open: one elsewhere may lie on a server that does not answer. */
function openFiles(process: string, name: string): Stats[] {
  const folder = `/proc/${process}/fd`;
  return (seen(() => readdirSync(folder)) ?? []).flatMap((fd) => {
    const open = `${folder}/${fd}`;
    return seen(() => (readlinkSync(open).endsWith(name) ? statSync(open) : undefined)) ?? [];
  });
}

/** Undefined where a process, or one of its files, has gone while it was looked at, or is not ours to look at. */
function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
