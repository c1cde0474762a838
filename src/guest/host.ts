import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** Opens the log of this machine for appending, 0600, rotated by size. Refused when the file cannot be written. */
export function openLogFile(path: string): LogSink {
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
  return (line) => {
    if (size >= rotateAt) {
      rotate(path);
      size = 0;
    }
    appendFileSync(path, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  };
}

/** Writes a report for the user: beside, then renamed. */
export function writeReport(path: string, text: string): void {
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new PrepError('refused', `the report ${path} cannot be written: ${(error as Error).message}`);
  }
}

/** Effective user id 0. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** True for a folder that exists; a sentence otherwise. */
export function checkFolder(path: string): true | string {
  try {
    return statSync(path).isDirectory() ? true : `${path} is not a folder`;
  } catch (error) {
    return `${path} cannot be used: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`;
  }
}
