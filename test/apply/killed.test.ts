import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rollback } from '../../src/apply/rollback.ts';
import { runFiles } from '../../src/journal/run-folder.ts';
import { applyEvery, image, openGuest, options } from './applied-guest.ts';
import { lookAtTree } from './look-at-tree.ts';
import { makeRoot } from './make-root.ts';

test('a process that is killed lets go of the lock; the next start asks for a rollback, which gives the tree back', async () => {
  const root = makeRoot();
  const before = lookAtTree(root);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-apply.ts'), root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const { guest } = openGuest(root);
  expect(await rollback(guest, undefined, options)).toMatchObject({
    is: 'refused',
    why: expect.stringContaining(`another prep-guest is at work here: process ${child.pid}`),
  });
  expect(lookAtTree(root)).not.toEqual(before);
  const scratch = join(root, runFiles('run-1').scratch);
  expect(readdirSync(scratch)).toEqual(['mkinitramfs_XyZ012']);
  expect(statSync(scratch).mode & 0o777).toBe(0o700);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await applyEvery(guest)).toMatchObject({ is: 'refused', why: 'the run run-1 did not end' });
  expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone', run: 'run-1' });
  expect(lookAtTree(root)).toEqual(before);
  expect(existsSync(join(root, `${image}.bak`))).toBe(false);
  expect(existsSync(scratch)).toBe(false);
});
