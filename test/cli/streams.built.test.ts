import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { binary } from '../lib/prep-guest.ts';

/** What the program writes to, and what it does when that cannot be written. */

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prep-guest-streams-'));
  mkdirSync(`${folder}/root`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function sh(command: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a report that could not be printed is neither content nor a finding', () => {
  const { status, stderr } = sh(`${binary} check --root root > /dev/full`);
  expect(stderr).toMatch(/could not be printed: ENOSPC/);
  expect(status).toBe(70);
});

test('messages that cannot be written end nothing', () => {
  expect(sh(`${binary} check --root root 2> /dev/full`)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('NOT READY'),
  });
});

test('a log that cannot be written any more ends nothing, and is told once', () => {
  const { status, stdout, stderr } = sh(`${binary} --apply --yes --root root --log-file /dev/full`);
  expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('changed 0') });
  expect(stderr.match(/the log \/dev\/full is not whole: ENOSPC/g)).toHaveLength(1);
});

test('a report is written to what is no regular file, which stays what it is', () => {
  execFileSync('mknod', [`${folder}/null`, 'c', '1', '3']);
  expect(sh(`${binary} check --root root --output null`).status).toBe(1);
  expect(lstatSync(`${folder}/null`).isCharacterDevice()).toBe(true);
  expect(sh(`${binary} check --root root --output /dev/stdout | cat`).stdout).toContain('NOT READY');
});

test('a report goes where a link leads', () => {
  writeFileSync(`${folder}/old`, 'old');
  symlinkSync('old', `${folder}/link`);
  sh(`${binary} check --root root --output link`);
  expect(lstatSync(`${folder}/link`).isSymbolicLink()).toBe(true);
  expect(readFileSync(`${folder}/old`, 'utf8')).toContain('NOT READY');
  const refused = sh(`${binary} check --root root --output old/report`);
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be written') });
});

test('the root of the running machine is no mounted guest', () => {
  for (const root of ['/', '//', '/tmp/..']) {
    expect(sh(`${binary} check --root ${root}`)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('running machine'),
    });
  }
});

test('initrd files are found where everybody else finds them', () => {
  mkdirSync(`${folder}/other`);
  writeFileSync(`${folder}/other/ümlaut`, 'no initrd');
  symlinkSync(`${folder}/other/ümlaut`, `${folder}/link`);
  for (const file of ['link', 'other/ümlaut', '/dev/stdin < link']) {
    expect(sh(`${binary} initrd ${file}`)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('neither a cpio archive'),
    });
  }
  expect(sh(`${binary} initrd /no-such-file`)).toMatchObject({
    status: 64,
    stderr: expect.stringContaining('no such file'),
  });
});

test('a check says that a run is not finished', () => {
  const run = `${folder}/root/var/lib/prep-guest/runs/20260101T000000Z-abcdef`;
  mkdirSync(run, { recursive: true });
  const begin = { say: 'begin', at: '2026-01-01T00:00:00.000Z', doing: 'apply', version: '1' };
  writeFileSync(`${run}/journal.jsonl`, `${JSON.stringify(begin)}\n`);
  expect(sh(`${binary} check --root root --only arch-64bit`)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('20260101T000000Z-abcdef did not end'),
  });
  writeFileSync(`${run}/journal.jsonl`, 'null\n');
  expect(sh(`${binary} history --root root`)).toMatchObject({ status: 0, stdout: expect.stringContaining('broken') });
});
