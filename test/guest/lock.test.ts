import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createReadOnlyGuest, createRootedGuest } from '../../src/guest/rooted.ts';
import { fill, makeFolder } from './temporary-root.ts';

const rooted = fileURLToPath(new URL('../../src/guest/rooted.ts', import.meta.url));

function makeGuest() {
  const root = makeFolder();
  fill(root, { 'var/lib/prep-guest/x': '' });
  return { root, guest: createRootedGuest(root, 'offline'), path: '/var/lib/prep-guest/lock' as const };
}

/** Another process that tries to take the lock, says what came of it, and then lives on. */
async function rival(root: string): Promise<{ child: ChildProcess; said: string }> {
  const code = `
    import { createRootedGuest } from '${rooted}';
    const lock = await createRootedGuest('${root}', 'offline').lock('/var/lib/prep-guest/lock');
    console.log('heldBy' in lock ? lock.heldBy : 'taken');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(createInterface(child.stdout), 'line');
  return { child, said };
}

test('a lock is held by one, until it is released', async () => {
  const { guest, path } = makeGuest();
  const first = await guest.lock(path);
  const second = await guest.lock(path);
  expect(second).toEqual({ heldBy: expect.stringContaining(`process ${process.pid}, since 2`) });
  if ('release' in first) await first.release();
  expect(await guest.lock(path)).toHaveProperty('release');
});

test('of several at once exactly one gets it, and when it is killed the next', async () => {
  const { root, guest, path } = makeGuest();
  const rivals = await Promise.all([rival(root), rival(root), rival(root), rival(root)]);
  const winners = rivals.filter(({ said }) => said === 'taken');
  expect(winners).toHaveLength(1);
  const [winner] = winners;
  expect(await guest.lock(path)).toEqual({ heldBy: expect.stringContaining(`process ${winner?.child.pid}`) });
  winner?.child.kill('SIGKILL');
  if (winner) await once(winner.child, 'exit');
  expect(await guest.lock(path)).toHaveProperty('release');
  expect(readFileSync(join(root, path), 'utf8')).toContain(`process ${process.pid},`);
});

test('a program that we start does not keep the lock alive', async () => {
  const { root, path } = makeGuest();
  const code = `
    import { spawn } from 'node:child_process';
    import { createRootedGuest } from '${rooted}';
    const guest = createRootedGuest('${root}', 'offline');
    await guest.lock('${path}');
    console.log(spawn('sleep', ['1000'], { stdio: 'ignore', detached: true }).pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = await once(createInterface(child.stdout), 'line');
  onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await createRootedGuest(root, 'offline').lock(path)).toHaveProperty('release');
});

test('a lock whose file was removed holds nobody up, and is not shared', async () => {
  const { root, guest, path } = makeGuest();
  expect(await guest.lock(path)).toHaveProperty('release');
  rmSync(join(root, path));
  expect(await guest.lock(path)).toHaveProperty('release');
  expect(await guest.lock(path)).toHaveProperty('heldBy');
});

test('a link in its place is refused', async () => {
  const { root, guest, path } = makeGuest();
  symlinkSync('x', join(root, path));
  await expect(guest.lock(path)).rejects.toMatchObject({ name: 'GuestError', code: 'ELOOP' });
  expect(readFileSync(join(root, 'var/lib/prep-guest/x'), 'utf8')).toBe('');
});

test('who holds it shows by looking, which takes it from nobody; what a dead process has left counts for nothing', async () => {
  const { root, guest, path } = makeGuest();
  const onlyLooking = createReadOnlyGuest(root, 'offline');
  expect(await onlyLooking.lockedBy(path)).toBeUndefined();
  const { child } = await rival(root);
  expect(await onlyLooking.lockedBy(path)).toContain(`process ${child.pid}, since 2`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readFileSync(join(root, path), 'latin1')).toContain(`process ${child.pid}, since 2`);
  expect(await onlyLooking.lockedBy(path)).toBeUndefined();
  const lock = await guest.lock(path);
  expect(await onlyLooking.lockedBy(path)).toContain(`process ${process.pid}, since 2`);
  if ('release' in lock) await lock.release();
  expect(await onlyLooking.lockedBy(path)).toBeUndefined();
});
