import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const binary = join(root, 'dist', 'prep-guest');
const sources = ['src/**/*.ts', 'scripts/{build,bundle,pack,pkg-base}.ts', 'scripts/prelude.cjs', 'package-lock.json'];

/** Before the tests that run dist/prep-guest: builds it where it is older than what it is made of. */
export function setup(): void {
  const newest = Math.max(...globSync(sources, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs));
  if (existsSync(binary) && statSync(binary).mtimeMs > newest) return;
  execFileSync(process.execPath, [join(root, 'scripts', 'build.ts')], { stdio: 'inherit' });
}
