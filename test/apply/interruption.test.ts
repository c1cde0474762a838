import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rollback } from '../../src/apply/rollback.ts';
import { unfinishedRun } from '../../src/journal/run-folder.ts';
import { readTree, treeChanges } from '../lib/tree.ts';
import { applyEachWay, applyEvery, eachWay, everyStep, openGuest, options } from './applied-guest.ts';
import { counting, failingAt, poweredOffAt } from './faulty-guest.ts';
import { lookAtTree } from './look-at-tree.ts';
import { makeRoot } from './make-root.ts';

/**
 * Design: rollback gives the tree back byte for byte, wherever the run was stopped. Every point is tried: each change that the
 * guest is asked for, in a plan that holds every kind of step. Traps 32 to 35.
 */

/** Every change of one apply of the plan, in words. */
async function changesOfApply(): Promise<readonly string[]> {
  const counted = counting(openGuest(makeRoot()).guest);
  expect(await applyEachWay(counted.guest)).toMatchObject({ is: 'done', changed: eachWay.length });
  return counted.calls;
}

/** Every change of its rollback. */
async function changesOfRollback(): Promise<readonly string[]> {
  const { guest } = openGuest(makeRoot());
  await applyEachWay(guest);
  const counted = counting(guest);
  expect((await rollback(counted.guest, undefined, options)).is).toBe('undone');
  return counted.calls;
}

/** The numbers of the changes at which to stop. Only these can be half done: see faulty-guest.ts. */
function stops(changes: readonly string[], how: 'whole' | 'half'): number[] {
  const numbers = changes.map((_change, index) => index + 1);
  return how === 'whole' ? numbers : numbers.filter((n) => /^(append|write|run) /.test(changes[n - 1] ?? ''));
}

test('a whole run and its rollback, with extended attributes looked at as well', async () => {
  const root = makeRoot();
  const { guest, calls } = openGuest(root);
  const [before, beforeByTar] = [lookAtTree(root), await readTree(root, { without: ['/var/lib/prep-guest'] })];
  expect(await applyEvery(guest)).toMatchObject({ is: 'done', changed: everyStep.length });
  expect(lookAtTree(root)).not.toEqual(before);
  expect(await rollback(guest, undefined, options)).toMatchObject({
    is: 'undone',
    run: 'run-1',
    steps: everyStep.length,
    notes: [],
  });
  expect(lookAtTree(root)).toEqual(before);
  expect(treeChanges(beforeByTar, await readTree(root, { without: ['/var/lib/prep-guest'] }))).toEqual([]);
  expect(calls.at(-1)).toBe('/sbin/swapon /dev/sda2');
});

test.concurrent('a change that fails, whichever it is, leaves the tree as it was', async () => {
  for (const n of stops(await changesOfApply(), 'whole')) {
    const root = makeRoot();
    const before = lookAtTree(root);
    const { guest, calls } = failingAt(openGuest(root).guest, n);
    const outcome = await applyEachWay(guest);
    expect(outcome, calls[n - 1]).toMatchObject({
      is: expect.stringMatching(/^(undone|refused)$/),
      why: expect.stringContaining('the disk says no'),
    });
    expect(withoutVarLib(lookAtTree(root)), calls[n - 1]).toEqual(withoutVarLib(before));
    expect(await unfinishedRun(guest)).toBeUndefined();
    rmSync(root, { recursive: true });
  }
}, 300_000);

describe.each(['whole', 'half'] as const)('the power goes, and the change under way is %s', (how) => {
  test.concurrent('wherever that was, a rollback gives the tree back', async () => {
    for (const n of stops(await changesOfApply(), how)) {
      const root = makeRoot();
      const before = lookAtTree(root);
      const { guest, calls } = poweredOffAt(openGuest(root).guest, n, how);
      await applyEachWay(guest).catch(() => {});
      const again = openGuest(root).guest;
      const last = calls[n - 1];
      const rolledBack = await rollback(again, undefined, options);
      // Before its first line a run has touched nothing.
      if (rolledBack.is === 'refused') expect(rolledBack.why, last).toBe('there is no run to undo here');
      else expect(rolledBack.is, last).toBe('undone');
      expect(withoutVarLib(lookAtTree(root)), last).toEqual(withoutVarLib(before));
      expect(await unfinishedRun(again)).toBeUndefined();
      rmSync(root, { recursive: true });
    }
  }, 300_000);

  test.concurrent('also when it goes once more during the rollback', async () => {
    for (const n of stops(await changesOfRollback(), how)) {
      const root = makeRoot();
      const before = lookAtTree(root);
      await applyEachWay(openGuest(root).guest);
      const { guest, calls } = poweredOffAt(openGuest(root).guest, n, how);
      await rollback(guest, undefined, options).catch(() => {});
      const second = await rollback(openGuest(root).guest, 'run-1', options);
      const last = calls[n - 1];
      // Where it went after the last line was written, all was done.
      if (second.is === 'refused') expect(second.why, last).toBe('the run run-1 is undone already');
      else expect(second.is, last).toBe('undone');
      expect(lookAtTree(root), last).toEqual(before);
      rmSync(root, { recursive: true });
    }
  }, 300_000);
});

/** Its time is put back after the state folder is made in it: no power cut may be expected to fall in between unseen. */
function withoutVarLib(tree: Record<string, string>): Record<string, string> {
  return { ...tree, '/var/lib': '' };
}
