import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { GuestPath } from '../model.ts';
import { GuestError } from './guest-error.ts';
import { bornInto, cleanEnvironment, hostProgram, spawnPlainly } from './host-programs.ts';
import type { HeldFolder } from './resolve.ts';

/** A lock that is held, or who holds it. */
export type Lock = { readonly release: () => Promise<void> } | { readonly heldBy: string };

/** What flock is told to exit with when another holds the lock. */
const busy = 200;

/**
 * The kernel's lock on an open file. flock(1) takes it on the descriptor that it shares with us, and ends: from then on it
 * is ours, until we close the file or die. So a dead process never holds it, and two can never take it over at once.
 */
function tryLock(fd: number, path: GuestPath): Promise<boolean> {
  const program = hostProgram('flock', 'util-linux');
  const args = ['--exclusive', '--nonblock', '--conflict-exit-code', String(busy), '3'];
  return new Promise((done, fail) => {
    const child = spawnPlainly(program, args, { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'ignore', fd] });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (signal === bornInto) return done(tryLock(fd, path));
      if (code === 0 || code === busy) done(code === 0);
      else fail(new GuestError('ENOLCK', path, `cannot lock ${path}: flock ended with ${code}`));
    });
  });
}

/** Somebody may have removed or replaced the file between our opening and locking it: that lock would be worth nothing. */
function isStill(fd: number, folder: HeldFolder, name: string): boolean {
  const there = lstatSync(folder.at(name), { throwIfNoEntry: false });
  const ours = fstatSync(fd);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

function readHolder(fd: number): string {
  const buffer = Buffer.alloc(200);
  return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0)).trim() || 'another process';
}

/**
 * Takes the lock `name` in `folder`, or says who holds it. The file stays when the lock is released: removing it would
 * let two processes lock two files of one name.
 */
export async function takeLock(folder: HeldFolder, name: string, path: GuestPath): Promise<Lock> {
  for (;;) {
    const fd = openSync(folder.at(name), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    let taken = false;
    try {
      if (!fstatSync(fd).isFile()) throw new GuestError('EINVAL', path, `cannot lock ${path}: not a regular file`);
      if (!(await tryLock(fd, path))) return { heldBy: readHolder(fd) };
      if (!isStill(fd, folder, name)) continue;
      ftruncateSync(fd, 0);
      writeSync(fd, `process ${process.pid}, since ${new Date().toISOString()}\n`, 0);
      taken = true;
      return { release: async () => closeSync(fd) };
    } finally {
      if (!taken) closeSync(fd);
    }
  }
}
