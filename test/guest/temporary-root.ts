import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of this test's own, gone when it ends. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'prep-guest-test-')));
  // Never across a mount: a root under test may have one.
  onTestFinished(() => void execFileSync('rm', ['-rf', '--one-file-system', folder]));
  return folder;
}

/** Text files by path below `root`, with their folders. */
export function fill(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function librariesOf(program: string): readonly string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...listed.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []);
}

/** A root in which a few programs of this machine run: the smallest thing that can be entered. */
export function makeRunnableRoot(): string {
  const root = makeFolder();
  for (const folder of ['dev', 'proc', 'sys', 'run', 'tmp', 'etc']) mkdirSync(join(root, folder));
  const names = ['sh', 'ls', 'cat', 'env', 'hostname', 'sleep', 'setsid', 'stat', 'mount', 'touch', 'readlink'];
  const programs = names.map((name) => `/usr/bin/${name}`);
  for (const path of new Set([...programs, ...programs.flatMap(librariesOf)])) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
  return root;
}
