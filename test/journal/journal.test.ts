import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { openJournal, readEntries } from '../../src/journal/journal.ts';
import {
  listRuns,
  lockState,
  newRunId,
  openRun,
  reopenRun,
  runFiles,
  unfinishedRun,
} from '../../src/journal/run-folder.ts';
import type { Plan } from '../../src/model.ts';
import { makeGuest } from '../lib/phony-guest.ts';

const clock = () => new Date('2026-11-23T06:45:12.345Z');
const plan: Plan = { schema: 1, digests: {}, steps: [], blockedBy: [] };
const will = (step: number, what = 'write /etc/fstab') =>
  ({ say: 'will', step, what, originals: [], made: [], folders: [], leftovers: [] }) as const;

function makeState() {
  const root = makeGuest({ '/etc/fstab': '# one\n', '/var/lib': { folder: true } });
  return { root, guest: createRootedGuest(root, 'offline') };
}

/** A run whose journal says these things after its beginning. */
async function makeRun(
  guest: ReturnType<typeof makeState>['guest'],
  id: string,
  ...entries: Parameters<Awaited<ReturnType<typeof openRun>>['write']>[0][]
) {
  const journal = await openRun(guest, id, plan, clock);
  await journal.write({ say: 'begin', doing: 'apply', version: '1.2.3' });
  for (const entry of entries) await journal.write(entry);
  return journal;
}

test('what was written is read back, in order, with its time', async () => {
  const { guest } = makeState();
  await makeRun(guest, 'a', will(1), { say: 'did', step: 1, now: { '/etc/fstab': 'ab' } });
  const read = await readEntries(guest, runFiles('a').journal);
  expect(read?.torn).toBe(false);
  expect(read?.entries.map((entry) => entry.say)).toEqual(['begin', 'will', 'did']);
  expect(read?.entries[0]).toMatchObject({ at: '2026-11-23T06:45:12.345Z', version: '1.2.3' });
});

test('a path that is no UTF-8 survives: the journal is plain ASCII', async () => {
  const { guest, root } = makeState();
  await makeRun(guest, 'a', { ...will(1), made: ['/etc/caf\xe9\xff'] });
  const file = join(root, runFiles('a').journal);
  expect(readFileSync(file).every((byte) => byte < 0x80)).toBe(true);
  const read = await readEntries(guest, runFiles('a').journal);
  expect(read?.entries[1]).toMatchObject({ made: ['/etc/caf\xe9\xff'] });
});

test('a last line that a power cut has torn is dropped wherever it is cut, and does not glue itself to the next', async () => {
  const { guest, root } = makeState();
  await makeRun(guest, 'a', will(1));
  const file = join(root, runFiles('a').journal);
  const whole = readFileSync(file, 'latin1');
  const lastLine = whole.slice(whole.lastIndexOf('\n', whole.length - 2) + 1);
  const before = whole.slice(0, -lastLine.length);
  for (let length = 1; length < lastLine.length; length++) {
    writeFileSync(file, before + lastLine.slice(0, length));
    const journal = await reopenRun(guest, 'a', clock);
    expect(journal.entries.map((entry) => entry.say)).toEqual(['begin']);
    await journal.write({ say: 'end', outcome: 'undone' });
    const read = await readEntries(guest, runFiles('a').journal);
    expect(read).toMatchObject({ torn: false });
    expect(read?.entries.map((entry) => entry.say)).toEqual(['begin', 'end']);
  }
});

test('after an append that failed halfway the journal is written anew', async () => {
  const { guest, root } = makeState();
  const path = runFiles('a').journal;
  await makeRun(guest, 'a');
  let full = true;
  const cramped = {
    ...guest,
    append: async (at: typeof path, content: string) => {
      if (!full) return guest.append(at, content);
      appendFileSync(join(root, at), content.slice(0, 10));
      throw new Error('no space left on the device');
    },
  };
  const journal = openJournal(cramped, path, clock, await readEntries(guest, path));
  await expect(journal.write(will(1))).rejects.toThrow('no space');
  full = false;
  await journal.write({ say: 'failed', step: 1, why: 'no space' });
  const read = await readEntries(guest, path);
  expect(read?.entries.map((entry) => entry.say)).toEqual(['begin', 'failed']);
});

test('a journal that is damaged in the middle is not guessed at', async () => {
  const { guest, root } = makeState();
  await makeRun(guest, 'a', will(1));
  const file = join(root, runFiles('a').journal);
  writeFileSync(file, readFileSync(file, 'latin1').replace('"will"', '"wi'));
  await expect(readEntries(guest, runFiles('a').journal)).rejects.toMatchObject({ name: 'PrepError', code: 'refused' });
  expect(await listRuns(guest)).toMatchObject([{ id: 'a', state: 'broken' }]);
  expect(await unfinishedRun(guest)).toMatchObject({ id: 'a' });
});

describe('history', () => {
  test('a guest that was never prepared has none, and is not touched by asking', async () => {
    const { guest, root } = makeState();
    expect(await listRuns(guest)).toEqual([]);
    expect(await unfinishedRun(guest)).toBeUndefined();
    expect(() => statSync(join(root, 'var/lib/prep-guest'))).toThrow('ENOENT');
  });

  test.each([
    { state: 'applied', entries: [will(1), { say: 'end', outcome: 'done' }] },
    { state: 'undone', entries: [will(1), { say: 'undid', step: 1 }, { say: 'end', outcome: 'undone' }] },
    { state: 'broken', entries: [will(1), { say: 'end', outcome: 'broken', why: 'lost' }] },
    { state: 'sealed', entries: [will(1), { say: 'end', outcome: 'done' }, { say: 'end', outcome: 'sealed' }] },
    { state: 'unfinished', entries: [will(1)] },
    { state: 'unfinished', entries: [] },
    {
      state: 'unfinished',
      entries: [will(1), { say: 'end', outcome: 'done' }, { say: 'begin', doing: 'rollback', version: '1' }],
    },
  ] as const)('$state after $entries', async ({ state, entries }) => {
    const { guest } = makeState();
    await makeRun(guest, 'a', ...entries);
    expect(await listRuns(guest)).toMatchObject([{ id: 'a', at: '2026-11-23T06:45:12.345Z', state }]);
    expect((await unfinishedRun(guest))?.id).toBe(state === 'unfinished' || state === 'broken' ? 'a' : undefined);
  });

  test('it is sorted by time and names the steps', async () => {
    const { guest } = makeState();
    await makeRun(guest, newRunId(new Date('2026-11-24T00:00:00Z')), { say: 'end', outcome: 'done' });
    await makeRun(guest, newRunId(new Date('2026-11-23T23:59:59Z')), will(1), will(2, 'link /etc/x to /dev/null'));
    const runs = await listRuns(guest);
    expect(runs.map((run) => run.id.slice(0, 16))).toEqual(['20261123T235959Z', '20261124T000000Z']);
    expect(runs[0]?.steps).toEqual(['write /etc/fstab', 'link /etc/x to /dev/null']);
  });

  test('a run that was killed before its first line has touched nothing, and is none', async () => {
    const { guest } = makeState();
    await openRun(guest, 'a', plan, clock);
    expect(await listRuns(guest)).toEqual([]);
    await expect(reopenRun(guest, 'a', clock)).rejects.toThrow('there is no run a');
  });
});

test('the state folder is for root alone, and making it does not change the time of /var/lib', async () => {
  const { guest, root } = makeState();
  const before = statSync(join(root, 'var/lib'), { bigint: true }).mtimeNs;
  const release = await lockState(guest);
  await makeRun(guest, 'a');
  await release();
  expect(statSync(join(root, 'var/lib'), { bigint: true }).mtimeNs).toBe(before);
  for (const folder of ['var/lib/prep-guest', 'var/lib/prep-guest/runs', 'var/lib/prep-guest/runs/a']) {
    expect(statSync(join(root, folder)).mode & 0o777).toBe(0o700);
  }
  expect(statSync(join(root, runFiles('a').plan)).mode & 0o777).toBe(0o600);
});

test('the lock is held by one, and refused to the next by name', async () => {
  const { guest } = makeState();
  const release = await lockState(guest);
  await expect(lockState(guest)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await release();
  await (await lockState(guest))();
});
