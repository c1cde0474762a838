import { chmod, link, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTree, treeChanges } from './tree.ts';

let root: string;
const inside = (name: string) => path.join(root, name);

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'prep-guest-tree-'));
  await mkdir(inside('etc'));
  await writeFile(inside('etc/hosts'), 'one');
  await writeFile(inside('etc/big'), 'x'.repeat(300_000));
  await writeFile(inside('etc/ünusual name'), '');
  await link(inside('etc/hosts'), inside('etc/same'));
  await symlink('hosts', inside('etc/link'));
});

afterEach(() => rm(root, { recursive: true }));

it('a tree that nobody touched is the same', async () => {
  const tree = await readTree(root);
  expect([...tree.keys()]).toHaveLength(7);
  expect(tree.get('/etc/same')).toMatchObject({ type: 'hard link', target: './etc/hosts' });
  expect(treeChanges(tree, await readTree(root))).toEqual([]);
});

it.each([
  ['content', () => writeFile(inside('etc/big'), 'y'.repeat(300_000)), /^changed: \/etc\/big: .*sha256/],
  ['mode', () => chmod(inside('etc/big'), 0o4755), /^changed: \/etc\/big: mode \d*644 -> \d*4755$/],
  ['time', () => utimes(inside('etc/big'), 1, 1.5), /^changed: \/etc\/big: modified \S+ -> 1\.5$/],
  ['a new file', () => writeFile(inside('etc/new'), ''), /^new: \/etc\/new/],
  ['a file that is gone', () => rm(inside('etc/ünusual name')), /^gone: \/etc\/ünusual name$/],
])('%s shows', async (_, change, expected) => {
  const before = await readTree(root);
  await change();
  expect(treeChanges(before, await readTree(root))).toEqual([expect.stringMatching(expected)]);
});

it('a hard link that became a file of its own shows', async () => {
  const before = await readTree(root);
  await rm(inside('etc/same'));
  await writeFile(inside('etc/same'), 'one');
  expect(treeChanges(before, await readTree(root))).toEqual([expect.stringContaining('type hard link -> file')]);
});

it('a folder that is left out is not looked at', async () => {
  const before = await readTree(root, { without: ['/etc'] });
  await writeFile(inside('etc/hosts'), 'two');
  expect([...before.keys()]).toEqual(['/']);
  expect(treeChanges(before, await readTree(root, { without: ['/etc'] }))).toEqual([]);
});
