import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { rollback } from '../../src/apply/rollback.ts';
import type { Guest } from '../../src/guest/guest.ts';
import { listRuns, lockState, reopenRun, runFiles } from '../../src/journal/run-folder.ts';
import type { Step } from '../../src/model.ts';
import { applyEvery, everyStep, image, isThere, openGuest, options, type Program, planOf } from './applied-guest.ts';
import { counting, poweredOffAt } from './faulty-guest.ts';
import { lookAtTree } from './look-at-tree.ts';
import { makeRoot } from './make-root.ts';

async function makeDone(more: Readonly<Record<string, Program>> = {}) {
  const root = makeRoot();
  const before = lookAtTree(root);
  const opened = openGuest(root, more);
  expect((await applyEvery(opened.guest)).is).toBe('done');
  return { root, at: (path: string) => join(root, path), before, ...opened };
}

const write = (before: string, content: string): Step => ({
  kind: 'write',
  path: '/etc/fstab',
  before,
  content,
  mode: 0o644,
});

async function writeFstab(guest: Guest, before: string, content: string, runId: string) {
  const plan = await planOf(guest, [write(before, content)]);
  expect(await apply(plan, guest, { ...options, runId })).toMatchObject({ is: 'done' });
}

describe('refused, with nothing touched', () => {
  async function refused(guest: Guest, root: string, why: RegExp, id?: string) {
    const now = lookAtTree(root);
    const outcome = await rollback(guest, id, options);
    expect(outcome).toMatchObject({ is: 'refused', why: expect.stringMatching(why) });
    expect(lookAtTree(root)).toEqual(now);
    return outcome;
  }

  test('a guest without runs, which is left without a state folder', async () => {
    const root = makeRoot();
    await refused(openGuest(root).guest, root, /there is no run to undo here/);
    expect(isThere(root, '/var/lib/prep-guest')).toBe(false);
  });

  test('a run that does not exist, and one that is undone already', async () => {
    const { guest, root } = await makeDone();
    await refused(guest, root, /there is no run run-9/, 'run-9');
    expect((await rollback(guest, 'run-1', options)).is).toBe('undone');
    await refused(guest, root, /run-1 is undone already/, 'run-1');
    await refused(guest, root, /there is no run to undo here/);
  });

  test('a sealed guest, by name or without', async () => {
    const { guest, root } = await makeDone();
    await (await reopenRun(guest, 'run-1', () => new Date())).write({ say: 'end', outcome: 'sealed' });
    await refused(guest, root, /the guest was sealed/, 'run-1');
    await refused(guest, root, /the guest was sealed/);
  });

  test('while another is at work', async () => {
    const { guest, root } = await makeDone();
    const release = await lockState(guest);
    await refused(guest, root, /another prep-guest is at work here/);
    await release();
  });

  test('a file that somebody else has changed since, unless forced; another that was put back by hand is no harm', async () => {
    const { guest, root, at, before } = await makeDone();
    writeFileSync(at('/etc/real.conf'), 'old\n');
    writeFileSync(at('/etc/default/second'), 'not ours');
    appendFileSync(at('/etc/fstab'), '/dev/sdc1 /data ext4 defaults 0 2\n');
    const outcome = await refused(guest, root, /^changed since the run run-1, and not by it: \/etc\/fstab$/);
    expect(outcome).toMatchObject({ hint: `their originals lie in ${runFiles('run-1').originals}` });
    rmSync(at('/etc/default/second'));
    expect(await rollback(guest, undefined, { ...options, force: true })).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('a new initrd from a kernel update is somebody else has changed too', async () => {
    const { guest, root, at } = await makeDone();
    writeFileSync(at(image), 'from the package');
    await refused(guest, root, new RegExp(`not by it: ${image}`));
  });

  test('an earlier run whose file a later one has written: the later one first', async () => {
    const root = makeRoot();
    const { guest } = openGuest(root);
    const [before, one] = [lookAtTree(root), '# one\n'];
    await writeFstab(guest, '/dev/sda2 none swap sw 0 0\r\n', one, 'run-1');
    await writeFstab(guest, one, '# two\n', 'run-2');
    const outcome = await refused(guest, root, /not by it: \/etc\/fstab/, 'run-1');
    expect(outcome).toMatchObject({ hint: expect.stringContaining('prep-guest rollback run-2') });
    expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone', run: 'run-2' });
    expect(readFileSync(join(root, 'etc/fstab'), 'latin1')).toBe(one);
    expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone', run: 'run-1' });
    expect(lookAtTree(root)).toEqual(before);
    expect((await listRuns(guest)).map((run) => run.state)).toEqual(['undone', 'undone']);
  });

  test.each(['removed', 'changed'])('an original that somebody has %s', async (how) => {
    const { guest, root, at } = await makeDone();
    const backup = at(`${image}.bak`);
    if (how === 'removed') rmSync(backup);
    else writeFileSync(backup, 'x');
    await refused(guest, root, new RegExp(`gone or changed: ${image}\\.bak, the original of ${image}`));
  });
});

test('originals are gone after a rollback: they may hold secrets', async () => {
  const { guest, at } = await makeDone();
  const { originals } = runFiles('run-1');
  expect(readdirSync(at(originals)).length).toBeGreaterThan(5);
  for (const name of readdirSync(at(originals))) {
    expect(lstatSync(at(`${originals}/${name}`)).isDirectory()).toBe(false);
  }
  await rollback(guest, undefined, options);
  expect(readdirSync(at(originals))).toEqual([]);
});

test('half-written files of a killed run are cleaned away, and no others', async () => {
  const { guest, root, at, before } = await makeDone();
  writeFileSync(at('/etc/.prep-guest-0123456789abcdef'), 'half');
  writeFileSync(at('/etc/..fstab.prep-guest-undo'), 'not ours: the name is another');
  writeFileSync(at(`${image}.prep-guest-new`), 'half an image');
  await rollback(guest, undefined, options);
  rmSync(at('/etc/..fstab.prep-guest-undo'));
  expect({ ...lookAtTree(root), '/etc': '' }).toEqual({ ...before, '/etc': '' });
});

test('a folder that the run has made stays when something else is in it by now', async () => {
  const { guest, at } = await makeDone();
  writeFileSync(at('/etc/dracut.conf.d/other.conf'), 'x');
  const outcome = await rollback(guest, undefined, options);
  expect(outcome).toMatchObject({ is: 'undone', notes: ['/etc/dracut.conf.d stays: something else is in it'] });
  expect(readdirSync(at('/etc/dracut.conf.d'))).toEqual(['other.conf']);
});

describe('a program that undoes (swapon)', () => {
  const broken: Record<string, Program> = { '/sbin/swapon': () => ({ code: 255, stderr: 'busy' }) };

  test('that fails is told, and the run is broken', async () => {
    const { guest } = await makeDone(broken);
    expect(await rollback(guest, undefined, options)).toMatchObject({
      is: 'broken',
      why: expect.stringContaining('ended with 255: busy'),
    });
    expect(await listRuns(guest)).toMatchObject([{ state: 'broken' }]);
  });

  test('that fails where an earlier rollback may have run it already is a note', async () => {
    const twin = counting((await makeDone()).guest);
    await rollback(twin.guest, undefined, options);
    const swapon = twin.calls.indexOf('run /sbin/swapon,/dev/sda2') + 1;
    const { root, before } = await makeDone();
    const cut = poweredOffAt(openGuest(root).guest, swapon, 'whole');
    await rollback(cut.guest, undefined, options).catch(() => {});
    expect(cut.calls[swapon - 1]).toBe('run /sbin/swapon,/dev/sda2');
    const outcome = await rollback(openGuest(root, broken).guest, undefined, options);
    expect(outcome).toMatchObject({ is: 'undone', notes: [expect.stringContaining('ended with 255: busy')] });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('is not run when the machine was started anew since: what runs now follows from the files', async () => {
    const root = makeRoot();
    let boot = 'first\n';
    const { guest, calls } = openGuest(root);
    const live: Guest = {
      ...guest,
      where: 'live',
      text: async (path) =>
        path === '/proc/sys/kernel/random/boot_id' ? { is: 'there', value: boot } : guest.text(path),
    };
    await applyEvery(live);
    boot = 'second\n';
    const outcome = await rollback(live, undefined, options);
    expect(outcome).toMatchObject({ is: 'undone', notes: [expect.stringContaining('started anew')] });
    expect(calls.filter((call) => call.startsWith('/sbin/swapon'))).toEqual([]);
  });
});

test('a run that was killed in its first step is undone by name or without', async () => {
  const root = makeRoot();
  const before = lookAtTree(root);
  for (let n = 1; ; n++) {
    const { guest, calls } = poweredOffAt(openGuest(root).guest, n, 'whole');
    await applyEvery(guest, { runId: `run-${n}` }).catch(() => {});
    if (calls[n - 1] === 'write /etc/fstab') break;
    await rollback(openGuest(root).guest, undefined, options);
  }
  expect(readFileSync(join(root, 'etc/fstab'), 'latin1')).toBe('# off\r\n');
  expect(await rollback(openGuest(root).guest, undefined, options)).toMatchObject({ is: 'undone', steps: 1 });
  expect({ ...lookAtTree(root), '/var/lib': '' }).toEqual({ ...before, '/var/lib': '' });
  expect(everyStep[0]).toMatchObject({ path: '/etc/fstab' });
  expect(existsSync(join(root, 'var/lib/prep-guest'))).toBe(true);
});
