import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackRoot } from '../../scripts/guest/build-root.ts';
import { removeTree } from '../../scripts/guest/cache.ts';
import { type MountSpace, withMountSpace } from '../../scripts/guest/mount-space.ts';
import { type GuestRecipe, spoiledGuest } from '../../scripts/guest/spoiled-guest.ts';
import { account, binary, type PrepGuestRun, prepGuest } from '../lib/prep-guest.ts';
import { readTree, type Tree, treeChanges } from '../lib/tree.ts';

const minute = 60_000;

/** A spoiled root that all mishaps share, since each must leave it as it was. */
interface Place {
  readonly root: string;
  readonly work: string;
  readonly args: readonly string[];
  program(args: readonly string[], space?: MountSpace): Promise<PrepGuestRun>;
  /** Without /var/lib/prep-guest: the journal of the undone run stays, for the one who wants to know. */
  tree(space?: MountSpace): Promise<Tree>;
}

const mishaps = {
  'a full /boot: refused or undone, in it and around it': fullBoot,
  'an initrd generator that fails: exit code 3': (place: Place) =>
    brokenHook(place, 'echo "no such thing" >&2; exit 1'),
  'an initrd generator that leaves a driver out and says nothing: exit code 3': (place: Place) =>
    brokenHook(place, `find "$DESTDIR" -name 'hv_storvsc.ko*' -delete`),
  'SIGTERM while an initrd is built: exit code 3': terminated,
  'rollback takes a whole run back': rolledBack,
} as const;

export type Mishap = keyof typeof mishaps;
export const allMishaps = Object.keys(mishaps) as Mishap[];

/** What can go wrong in the middle: after each the tree is byte for byte what it was. */
export function describeUndo(recipe: GuestRecipe, names: readonly Mishap[] = allMishaps): void {
  describe('undone', () => {
    let place: Place;

    beforeAll(async () => {
      const guest = await spoiledGuest(recipe);
      const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-vm-'));
      const root = path.join(work, 'root');
      const args = ['--root', root, '--log-file', path.join(work, 'prep-guest.log')];
      place = {
        ...{ root, work, args },
        program: (words, space) => prepGuest([...words, ...args], { enter: space?.enter ?? [] }),
        tree: (space) => readTree(root, { without: ['/var/lib/prep-guest'], enter: space?.enter ?? [] }),
      };
      await unpackRoot(guest.tarball, root);
    }, 10 * minute);

    afterAll(async () => {
      if (place) await removeTree(place.work);
    }, minute);

    for (const name of names) it(name, { timeout: 5 * minute }, () => mishaps[name](place));
  });
}

async function fullBoot({ root, work, program, tree }: Place): Promise<void> {
  await withMountSpace(async (space) => {
    const boot = path.join(root, 'boot');
    const aside = path.join(work, 'boot');
    await space.must(['cp', '-a', boot, aside]);
    // Room for small edits, none for an initrd.
    const mebibytes = Number.parseInt(await space.must(['du', '-sm', boot]), 10) + 4;
    await space.must(['mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'none', boot]);
    await space.must(['cp', '-a', `${aside}/.`, boot]);
    const before = { boot: await readTree(boot, { enter: space.enter }), root: await tree(space) };
    const ran = await program(['--apply', '--yes'], space);
    expect([2, 3], account(ran)).toContain(ran.code);
    expect(treeChanges(before.boot, await readTree(boot, { enter: space.enter }))).toEqual([]);
    expect(treeChanges(before.root, await tree(space))).toEqual([]);
    await space.must(['umount', boot]);
  });
}

/** A hook of initramfs-tools runs while the image is built, after the modules were chosen. */
async function brokenHook({ root, program, tree }: Place, hook: string): Promise<void> {
  const file = path.join(root, 'etc/initramfs-tools/hooks/zz-test');
  await writeFile(file, `#!/bin/sh\n[ "$1" != prereqs ] || exit 0\n${hook}\n`);
  await chmod(file, 0o755);
  try {
    const before = await tree();
    const ran = await program(['--apply', '--yes']);
    expect(ran.code, account(ran)).toBe(3);
    expect(treeChanges(before, await tree())).toEqual([]);
  } finally {
    await rm(file);
  }
}

async function terminated({ args, tree }: Place): Promise<void> {
  const before = await tree();
  const child = spawn(binary, ['--apply', '--yes', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  const building = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/^build \/boot\/initrd/m.test(said)) resolve();
    });
  });
  try {
    await Promise.race([building, ended]);
    // The generator takes some fifteen seconds.
    await delay(2000);
    expect(child.exitCode, said).toBeNull();
    child.kill('SIGTERM');
    const stillThere = delay(minute, 'a minute after SIGTERM it is still there', { ref: false });
    expect(await Promise.race([ended, stillThere]), said).toEqual([3, null]);
  } finally {
    child.kill('SIGKILL');
  }
  expect(treeChanges(before, await tree())).toEqual([]);
}

async function rolledBack({ program, tree }: Place): Promise<void> {
  const before = await tree();
  const applied = await program(['--apply', '--yes', '--no-deprovision']);
  expect(applied.code, account(applied)).toBe(0);
  expect(applied.report?.run).toMatchObject({ sealed: false });
  expect(treeChanges(before, await tree()).length).toBeGreaterThan(5);
  const back = await program(['rollback', '--yes']);
  expect(back.code, account(back)).toBe(0);
  expect(treeChanges(before, await tree())).toEqual([]);
}
