import {
  appendFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PrepError } from '../errors.ts';
import type { LogSink } from '../log.ts';

/** What is done on the machine that the program runs on, outside of any guest: its log, its reports. */

/** A log is renamed to NAME.1 … NAME.3 when it reaches this size. */
const rotateAt = 5 * 1024 * 1024;
const kept = 3;

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0; // not there yet
  }
}

function rotate(path: string): void {
  rmSync(`${path}.${kept}`, { force: true });
  for (let number = kept - 1; number >= 1; number--) {
    if (sizeOf(`${path}.${number}`) > 0) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}

/**
 * Opens the log of this machine for appending, 0600, rotated by size. Refused when the file cannot be written. Later on a
 * log must not end a run halfway (the disk may fill up meanwhile): `lost` is told once, and the log goes on where it can.
 */
export function openLogFile(path: string, lost: (why: string) => void): LogSink {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (sizeOf(path) >= rotateAt) rotate(path);
    appendFileSync(path, '', { mode: 0o600 });
  } catch (error) {
    throw new PrepError(
      'refused',
      `the log ${path} cannot be written: ${(error as Error).message}`,
      'choose another with --log-file',
    );
  }
  let size = sizeOf(path);
  let told = false;
  return (line) => {
    try {
      if (size >= rotateAt) {
        rotate(path);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch (error) {
      if (!told) lost(`the log ${path} is not whole: ${(error as Error).message}`);
      told = true;
    }
  };
}

/**
 * Writes a report for the user: beside, then renamed. What is no regular file (/dev/null, /dev/stdout, a FIFO) is written
 * to and never replaced, and a link stays a link.
 */
export function writeReport(path: string, text: string): void {
  let beside: string | undefined;
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) {
      writeFileSync(path, text);
      return;
    }
    const end = there === undefined ? path : realpathSync(path);
    beside = `${end}.${process.pid}.part`;
    writeFileSync(beside, text);
    renameSync(beside, end);
  } catch (error) {
    if (beside !== undefined && existsSync(beside)) rmSync(beside);
    throw new PrepError('refused', `the report ${path} cannot be written: ${(error as Error).message}`);
  }
}

/** Effective user id 0. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** True for a folder that can be a mounted guest's root; a sentence otherwise. */
export function checkFolder(path: string): true | string {
  try {
    const folder = statSync(path);
    if (!folder.isDirectory()) return `${path} is not a folder`;
    const machine = statSync('/');
    if (folder.dev === machine.dev && folder.ino === machine.ino)
      return `${path} is the root of the running machine: leave --root out to work on that`;
    return true;
  } catch (error) {
    return `${path} cannot be used: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`;
  }
}
