import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, root } from '../../scripts/bundle.ts';

let folder: string;
let meta: Metafile;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prep-guest-bundle-'));
  meta = await bundle(join(root, 'src', 'main.ts'), join(folder, 'out.cjs'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The packages whose code runs before main does: reached without passing an import(). */
function loadedAtStart(): readonly string[] {
  const seen = new Set(['src/main.ts']);
  for (const file of seen) {
    for (const { path, kind, external } of meta.inputs[file]?.imports ?? []) {
      if (kind !== 'dynamic-import' && external !== true) seen.add(path);
    }
  }
  return [...new Set([...seen].map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? ''))].filter(
    Boolean,
  );
}

test('a start loads no heavy package', () => {
  const heavy = ['winston', 'systeminformation', 'node-cron', 'zstddec'];
  expect(loadedAtStart().filter((name) => heavy.includes(name))).toEqual([]);
});

test('the bundle is ASCII, one byte a character', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
  expect(readFileSync(join(folder, 'out.cjs'), 'utf8').match(/[^\x00-\x7f]/g)).toBe(null);
});

test('a module that is neither packed nor part of Node is refused, also where its absence would be caught', async () => {
  const entry = join(folder, 'entry.cts');
  writeFileSync(entry, "try { require('no-such-package'); } catch {}\n");
  await expect(bundle(entry, join(folder, 'refused.cjs'))).rejects.toThrow('left out of the bundle: no-such-package');
});
