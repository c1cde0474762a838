import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const binary = join(root, 'dist', 'prep-guest');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const saysVersion = { status: 0, stdout: `prep-guest ${version}\n`, stderr: '' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prep-guest-binary-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  return { status, stdout, stderr };
}

test('it says the version of package.json, with an empty environment', () => {
  expect(run(binary, ['--version'], { env: {}, cwd: '/' })).toEqual(saysVersion);
});

test('no variable makes it a plain node, and NODE_OPTIONS is not heard', () => {
  for (const env of [
    { PKG_EXECPATH: 'PKG_INVOKE_NODEJS' },
    { PKG_EXECPATH: binary },
    { NODE_OPTIONS: '--no-such-option' },
  ]) {
    expect(run(binary, ['--version'], { env })).toEqual(saysVersion);
    expect(run(binary, ['-p', '6*7'], { env }).stdout).not.toContain('42');
  }
});

test('it needs no newer C library than glibc 2.17, nor a newer C++ library than that of GCC 4.8', () => {
  const symbols = execFileSync('readelf', ['--dyn-syms', '--wide', binary], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const newest = (library: string) =>
    Math.max(...[...symbols.matchAll(new RegExp(`@${library}_([0-9]+)\\.([0-9]+)`, 'g'))].map(asNumber));
  expect(newest('GLIBC')).toBe(asNumber(['', '2', '17']));
  expect(newest('GLIBCXX')).toBeLessThanOrEqual(asNumber(['', '3', '4']));
  const cxxPatch = Math.max(...[...symbols.matchAll(/@GLIBCXX_3\.4\.(\d+)/g)].map((match) => Number(match[1])));
  expect(cxxPatch).toBeLessThanOrEqual(18);
});

function asNumber([, major, minor]: readonly (string | undefined)[]): number {
  return Number(major) * 1000 + Number(minor);
}

test('it runs from a folder that nobody can write to, beside no other file', () => {
  copyFileSync(binary, join(folder, 'prep-guest'));
  execFileSync('chmod', ['-R', 'a-w', folder]);
  expect(run(join(folder, 'prep-guest'), ['--version'], { env: {}, cwd: folder })).toEqual(saysVersion);
  execFileSync('chmod', ['u+w', folder]);
});

test('it runs in a root that holds nothing but it and the libraries it names', (context) => {
  if (process.getuid?.() !== 0) context.skip('only root can change the root folder');
  const libraries = execFileSync('ldd', [binary], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of libraries) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(file, join(folder, file));
  }
  copyFileSync(binary, join(folder, 'prep-guest'));
  expect(run('/usr/sbin/chroot', [folder, '/prep-guest', '--version'], { env: {} })).toEqual(saysVersion);
});

test('a copy that is one byte short says so and does not run', () => {
  const bytes = readFileSync(binary);
  const cut = join(folder, 'cut');
  writeFileSync(cut, bytes.subarray(0, bytes.length - 1), { mode: 0o755 });
  expect(run(cut, ['--version'])).toEqual({ status: 1, stdout: '', stderr: 'Pkg: Error reading from file.\n' });
});
