import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { binary } from '../lib/prep-guest.ts';

const folder = mkdtempSync(join(tmpdir(), 'cmdline-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const menu = join(folder, 'menu.lst');
const text = 'title caf\xe9\n\tkernel /v ro quiet console=tty0\r\ntitle b\n\tkernel /v ro';
writeFileSync(menu, text, 'latin1');

function cmdline(args: readonly string[], input = '') {
  return spawnSync(binary, ['cmdline', ...args], { input, encoding: 'latin1' });
}

test('prints the file with every other byte as it was, and touches nothing', () => {
  const words = ['--file', menu, '--as', 'grub-legacy', '--entry', '0', '--add', 'a="b c"', '--add', 'console=ttyS0'];
  const ran = cmdline([...words, '--remove', 'quiet']);
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toBe(text.replace('quiet console=tty0', 'console=tty0 a="b c" console=ttyS0'));
  expect(readFileSync(menu, 'latin1')).toBe(text);
  expect(readdirSync(folder)).toEqual(['menu.lst']);
});

test('reads standard input', () => {
  expect(cmdline(['--file', '-', '--as', 'kernel-cmdline', '--remove', 'quiet'], 'ro quiet').stdout).toBe('ro');
});

test.each([
  [64, ['--file', '/no/such/file', '--as', 'bls', '--add', 'a']],
  [64, ['--file', menu, '--add', 'a']],
  [64, ['--file', menu, '--as', 'bls']],
  [64, ['--file', menu, '--as', 'default-grub', '--entry', '0', '--add', 'a']],
  [64, ['--file', menu, '--as', 'grub-legacy', '--add', 'a="b']],
  [64, ['--file', menu, '--as', 'grub-legacy', '--entry', 'first', '--add', 'a']],
  [2, ['--file', menu, '--as', 'bls', '--add', 'a']],
  [2, ['--file', menu, '--as', 'grub-legacy', '--entry', '2', '--add', 'a']],
  [2, ['--file', '/dev/null', '--as', 'grub2', '--add', 'a']],
])('exit code %i of %j', (code, args) => {
  const ran = cmdline(args);
  expect([ran.status, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toMatch(/^prep-guest: /);
});
