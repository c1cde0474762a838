import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { refuseUnended } from '../../src/apply/refusals.ts';
import { rollback } from '../../src/apply/rollback.ts';
import type { Guest } from '../../src/guest/guest.ts';
import { listRuns, lockState, openRun, runFiles } from '../../src/journal/run-folder.ts';
import type { GuestPath, Step } from '../../src/model.ts';
import {
  applyEvery,
  everyStep,
  goodInitrd,
  image,
  initrdStep,
  isThere,
  kernel,
  modules,
  oldInitrd,
  openGuest,
  options,
  type Program,
  planOf,
} from './applied-guest.ts';
import { lookAtTree } from './look-at-tree.ts';
import { makeInitrd } from './make-initrd.ts';
import { makeRoot } from './make-root.ts';

const fstab: Step = {
  kind: 'write',
  path: '/etc/fstab',
  before: '/dev/sda2 none swap sw 0 0\r\n',
  content: '# off\r\n',
  mode: 0o644,
};
const failing: Step = { kind: 'run', argv: ['/bin/false'], rewrites: [] };

/** A guest, and one in which `program` is played so. */
function makeApplied(more: Readonly<Record<string, Program>> = {}) {
  const root = makeRoot();
  const at = (path: string) => join(root, path);
  return {
    root,
    at,
    before: lookAtTree(root),
    ...openGuest(root, { '/bin/false': () => ({ code: 1, stderr: 'no\n' }), ...more }),
  };
}

const run = async (guest: Guest, steps: readonly Step[], more = {}) =>
  apply(await planOf(guest, steps), guest, { ...options, ...more });

describe('what is done', () => {
  test('every kind of step', async () => {
    const { guest, root, at, calls } = makeApplied();
    expect(await applyEvery(guest)).toEqual({ is: 'done', run: 'run-1', changed: everyStep.length });
    expect(readFileSync(at('/etc/fstab'), 'latin1')).toBe('# off\r\n');
    expect(lstatSync(at('/etc/fstab'))).toMatchObject({ uid: 1234, gid: 5678 });
    expect(lstatSync(at('/etc/fstab')).mode & 0o7777).toBe(0o640);
    expect(readFileSync(at('/etc/second-name'), 'latin1')).toBe('changed\n');
    expect(lstatSync(at('/etc/linked.conf')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('/etc/real.conf'), 'latin1')).toBe('new\n');
    expect(readFileSync(at('/etc/dracut.conf.d/deep/azure.conf'), 'latin1')).toBe('a="\xe9"\n');
    expect(lstatSync(at('/etc/dracut.conf.d/deep/azure.conf')).mode & 0o7777).toBe(0o600);
    for (const gone of ['/etc/udev/rules.d/70-persistent-net.rules', '/etc/resume', '/etc/empty-folder']) {
      expect(isThere(root, gone), gone).toBe(false);
    }
    expect(existsSync(at(runFiles('run-1').scratch))).toBe(false);
    expect(calls).toEqual([
      '/sbin/swapoff /dev/sda2',
      `/sbin/depmod -a ${kernel}`,
      `/usr/sbin/mkinitramfs -o ${image}.prep-guest-new ${kernel}`,
    ]);
    expect(await listRuns(guest)).toMatchObject([
      { id: 'run-1', state: 'applied', steps: expect.arrayContaining(['write /etc/fstab']) },
    ]);
  });

  test('the initrd: the old one is NAME.bak and the same file, mode and owner are the old ones', async () => {
    const { guest, at } = makeApplied();
    const old = lstatSync(at(image));
    chmodSync(at(image), 0o600);
    await run(guest, [initrdStep]);
    expect(readFileSync(at(image))).toEqual(goodInitrd);
    expect(lstatSync(at(image)).mode & 0o7777).toBe(0o600);
    expect(lstatSync(at(image)).mtimeMs).toBeGreaterThan(old.mtimeMs);
    expect(lstatSync(at(`${image}.bak`)).ino).toBe(old.ino);
    expect(readdirSync(at('/boot')).sort()).toEqual(['grub', `initrd.img-${kernel}`, `initrd.img-${kernel}.bak`]);
  });

  test('an older NAME.bak is kept: it is the state before anybody began', async () => {
    const { guest, at } = makeApplied();
    writeFileSync(at(`${image}.bak`), 'the oldest');
    await run(guest, [initrdStep], { runId: 'run-7' });
    expect(readFileSync(at(`${image}.bak`), 'latin1')).toBe('the oldest');
    expect(readFileSync(at(`${image}.bak.run-7`))).toEqual(oldInitrd);
  });

  test('an old initrd that has no room beside it is kept in the folder of the run, and comes back from there', async () => {
    const { guest, root, at } = makeApplied();
    const isBoot = (path: string) => /^\/boot(\/|$)/.test(path);
    // A small vfat: no second names, and room for the estimate of the new image only, in whole blocks.
    const room = Math.ceil((oldInitrd.length * 1.3 + 1024 * 1024) / 4096) * 4096;
    const vfat: Guest = {
      ...guest,
      stat: async (path) => {
        const stat = await guest.stat(path);
        return stat.is === 'there' && isBoot(path) ? { is: 'there', value: { ...stat.value, device: 4711 } } : stat;
      },
      free: async (path) =>
        isBoot(path) ? { bytes: room, inodes: Number.POSITIVE_INFINITY, hardLinks: false } : guest.free(path),
    };
    const before = lookAtTree(root);
    const said: string[] = [];
    expect(
      await run(vfat, [initrdStep], { runId: 'run-8', progress: (line: string) => said.push(line) }),
    ).toMatchObject({
      is: 'done',
    });
    expect(readFileSync(at(image))).toEqual(goodInitrd);
    expect(readdirSync(at('/boot')).filter((name) => name.endsWith('.bak'))).toEqual([]);
    const kept = `${runFiles('run-8').originals}/1`;
    expect(readFileSync(at(kept))).toEqual(oldInitrd);
    expect(said).toContain(`no room for ${image}.bak: the old image is kept as ${kept}`);
    expect(await rollback(vfat, undefined, options)).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('where there was no initrd there is one, and no backup', async () => {
    const { guest, root, at } = makeApplied();
    renameSync(at(image), at('/etc/elsewhere'));
    const big: Program = (_root, argv) => {
      writeFileSync(at(argv[2] ?? ''), makeInitrd(kernel, ['hv_vmbus', 'hv_storvsc'], 600_000));
      return {};
    };
    const before = lookAtTree(root);
    const { guest: again } = openGuest(root, { '/usr/sbin/mkinitramfs': big });
    expect(await run(again, [initrdStep])).toMatchObject({ is: 'done' });
    expect(readdirSync(at('/boot')).sort()).toEqual(['grub', `initrd.img-${kernel}`]);
    expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('a plan without steps changes nothing and leaves no trace', async () => {
    const { guest, root, before } = makeApplied();
    expect(await run(guest, [])).toEqual({ is: 'done', run: '', changed: 0 });
    expect(lookAtTree(root)).toEqual(before);
    expect(isThere(root, '/var/lib/prep-guest')).toBe(false);
  });

  test('progress names each step', async () => {
    const { guest } = makeApplied();
    const said: string[] = [];
    await run(guest, [fstab, initrdStep], { progress: (says: string) => said.push(says) });
    expect(said).toEqual(['write /etc/fstab', `build ${image} for ${kernel}`, `reading ${image}.prep-guest-new back`]);
  });
});

describe('refused, and not even a state folder is left behind', () => {
  async function refused(
    steps: readonly Step[],
    why: RegExp,
    change: Partial<Guest> = {},
    meddle: (root: string) => void = () => {},
  ) {
    const { guest, root, calls } = makeApplied();
    const plan = await planOf(guest, steps);
    meddle(root);
    const before = lookAtTree(root);
    const outcome = await apply(plan, { ...guest, ...change }, options);
    expect(outcome).toMatchObject({ is: 'refused', why: expect.stringMatching(why) });
    expect(lookAtTree(root)).toEqual(before);
    expect(isThere(root, '/var/lib/prep-guest')).toBe(false);
    expect(calls).toEqual([]);
  }

  test('a plan that is blocked', async () => {
    const { guest, root } = makeApplied();
    const plan = {
      ...(await planOf(guest, [fstab])),
      blockedBy: [{ check: 'a-check', says: 'unknown boot loader', advice: 'do x' }],
    };
    expect(await apply(plan, guest, options)).toEqual({
      is: 'refused',
      why: 'a-check: unknown boot loader',
      hint: 'do x',
    });
    expect(isThere(root, '/var/lib/prep-guest')).toBe(false);
  });

  test('a guest that has moved since the plan was made', () =>
    refused([fstab], /changed since the plan was made: \/etc\/fstab/, {}, (root) =>
      writeFileSync(join(root, 'etc/fstab'), 'x'),
    ));

  test('a new file that is there by now', () =>
    refused([{ kind: 'write', path: '/etc/new', before: null, content: 'a', mode: 0o644 }], /\/etc\/new/, {}, (root) =>
      writeFileSync(join(root, 'etc/new'), 'b'),
    ));

  test('too few bytes, with what is needed and what is free, by file system', () =>
    refused([fstab, initrdStep], /^the file system of \/\S* needs \d+(\.\d)? MiB and has 1\.0 MiB free$/, {
      free: async () => ({ bytes: 1024 * 1024, inodes: 1e6 }),
    }));

  test('too few inodes', () =>
    refused([fstab], /needs \d+ inodes and has 3 free/, { free: async () => ({ bytes: 1e12, inodes: 3 }) }));

  test('what is in the way of a file: a read-only file system, an immutable file', () =>
    refused([fstab, initrdStep], /^\/boot\/initrd\S+ cannot be changed: read-only$/, {
      obstacle: async (path: GuestPath) => (path.startsWith('/boot') ? 'read-only' : undefined),
    }));

  test('a folder where a file should be written', () =>
    refused([{ kind: 'write', path: '/etc/default', before: null, content: 'a', mode: 0o644 }], /\/etc\/default/));
});

test('refused while another holds the lock, by name', async () => {
  const { guest, root, before } = makeApplied();
  const release = await lockState(guest);
  expect(await run(guest, [fstab])).toMatchObject({
    is: 'refused',
    why: expect.stringContaining(`process ${process.pid}`),
  });
  expect(lookAtTree(root)).toEqual(before);
  await release();
});

test('refused while another is in the middle of its run: it is to be waited for, not to be undone', async () => {
  const { guest } = makeApplied();
  const empty = { schema: 1, digests: {}, steps: [], blockedBy: [] } as const;
  const release = await lockState(guest);
  const journal = await openRun(guest, 'its-run', empty, () => new Date());
  await journal.write({ say: 'begin', doing: 'apply', version: '1' });
  const busy = {
    why: expect.stringContaining(`another prep-guest is at work here: process ${process.pid}`),
    hint: 'wait until it has ended',
  };
  expect(await run(guest, [fstab])).toMatchObject({ is: 'refused', ...busy });
  expect(await refuseUnended(guest)).toMatchObject(busy);
  await release();
  expect(await run(guest, [fstab])).toMatchObject({ is: 'refused', why: 'the run its-run did not end' });
  expect(await refuseUnended(guest)).toMatchObject({ why: 'the run its-run did not end' });
});

test('a journal that was emptied, filled with zeros or removed does not hide a run whose originals are there', async () => {
  const { guest, root, at } = makeApplied();
  await applyEvery(guest);
  const { journal, originals } = runFiles('run-1');
  for (const damage of [
    () => writeFileSync(at(journal), ''),
    () => writeFileSync(at(journal), Buffer.alloc(4096)),
    () => rmSync(at(journal)),
  ]) {
    damage();
    const before = lookAtTree(root);
    expect(await listRuns(guest)).toMatchObject([
      { id: 'run-1', state: 'broken', why: expect.stringContaining(originals) },
    ]);
    const refused = {
      is: 'refused',
      why: expect.stringContaining(`${journal} is damaged`),
      hint: expect.stringContaining(originals),
    };
    expect(await run(guest, [fstab])).toMatchObject(refused);
    expect(await rollback(guest, undefined, options)).toMatchObject(refused);
    expect(await rollback(guest, 'run-1', { ...options, force: true })).toMatchObject(refused);
    expect(lookAtTree(root)).toEqual(before);
  }
});

test('refused while a run is unfinished or could not be undone, also when there is nothing to do', async () => {
  const { guest, root } = makeApplied();
  const empty = { schema: 1, digests: {}, steps: [], blockedBy: [] } as const;
  const journal = await openRun(guest, 'old-run', empty, () => new Date());
  await journal.write({ say: 'begin', doing: 'apply', version: '1' });
  const before = lookAtTree(root);
  for (const steps of [[fstab], []]) {
    expect(await run(guest, steps)).toMatchObject({
      is: 'refused',
      why: 'the run old-run did not end',
      hint: expect.stringContaining('prep-guest rollback old-run'),
    });
  }
  await journal.write({ say: 'end', outcome: 'broken', why: 'lost' });
  expect(await run(guest, [fstab])).toMatchObject({ is: 'refused', why: 'the run old-run could not be undone (lost)' });
  expect(lookAtTree(root)).toEqual(before);
});

test('a second apply of the same plan is refused: its files have moved', async () => {
  const { guest } = makeApplied();
  const plan = await planOf(guest, [fstab]);
  expect((await apply(plan, guest, options)).is).toBe('done');
  expect(await apply(plan, guest, options)).toMatchObject({ is: 'refused' });
});

describe('a step that fails undoes everything', () => {
  async function undone(steps: readonly Step[], why: RegExp, more: Readonly<Record<string, Program>> = {}) {
    const { guest, root, before } = makeApplied(more);
    const outcome = await run(guest, steps, { runId: 'run-1' });
    expect(outcome).toMatchObject({ is: 'undone', run: 'run-1', why: expect.stringMatching(why) });
    expect(lookAtTree(root)).toEqual(before);
    expect(await listRuns(guest)).toMatchObject([{ state: 'undone' }]);
    expect(readdirSync(join(root, runFiles('run-1').originals))).toEqual([]);
    return outcome;
  }

  test('a program that ends with another code than 0, with the end of what it said', async () => {
    const outcome = await undone([...everyStep, failing], /^\/bin\/false ended with exit code 1: no$/);
    expect(outcome).toMatchObject({ step: 'run /bin/false' });
  });

  test('a file with several names that a program has replaced is the same file under all of them again', async () => {
    const dep: GuestPath = `${modules}/modules.dep`;
    const replaces: Program = (root) => {
      writeFileSync(join(root, `${dep}.new`), 'new dep\n');
      renameSync(join(root, `${dep}.new`), join(root, dep));
      return {};
    };
    const { guest, root, at } = makeApplied({ '/sbin/depmod': replaces });
    linkSync(at(dep), at('/etc/other-name'));
    const before = lookAtTree(root);
    const depmod: Step = { kind: 'run', argv: ['/sbin/depmod'], rewrites: [dep] };
    expect(await run(guest, [depmod, failing])).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
    expect(statSync(at(dep)).ino).toBe(statSync(at('/etc/other-name')).ino);
  });

  test('a file right below the root: the time of the root folder is put back too', async () => {
    const { guest, root, at } = makeApplied();
    writeFileSync(at('/swapfile'), 'swap');
    lutimesSync(root, 1.5e9, 1.5e9);
    const before = lookAtTree(root);
    expect(await run(guest, [{ kind: 'remove', path: '/swapfile' }, failing])).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('a program that says much: the line about a full disk, what is free, and the rest in the journal', async () => {
    const { guest, root } = makeApplied();
    const stderr = "W: a firmware\ncp: error writing '/x': No space left on device\n\nE: gone\n";
    const { guest: full } = openGuest(root, { '/usr/sbin/mkinitramfs': () => ({ code: 1, stderr }) });
    const said: string[] = [];
    const outcome = await run({ ...full, free: async () => ({ bytes: 9e9, inodes: 9e9 }) }, [initrdStep], {
      runId: 'run-1',
      progress: (says: string) => said.push(says),
    });
    const why = "/usr/sbin/mkinitramfs ended with exit code 1: cp: error writing '/x': No space left on device";
    const { journal } = runFiles('run-1');
    expect(outcome).toEqual({
      is: 'undone',
      run: 'run-1',
      step: `build ${image} for ${kernel}`,
      why: `${why} (/boot has 8583 MiB free); 2 more lines in ${journal}`,
    });
    // The reason is shown by who called, not twice.
    expect(said.filter((line) => line.includes('No space'))).toEqual([]);
    const text = await guest.text(journal);
    expect(text.is === 'there' && text.value).toContain('"said":["W: a firmware","cp: error');
  });

  test('one that is killed, one that hangs, one that is not there', async () => {
    await undone([fstab, failing], /was ended by SIGKILL and said nothing/, {
      '/bin/false': () => ({ code: undefined, signal: 'SIGKILL' }),
    });
    await undone([fstab, failing], /did not end within 30 minutes/, {
      '/bin/false': () => ({ code: undefined, timedOut: true }),
    });
    await undone([fstab, { kind: 'run', argv: ['/bin/nothing'], rewrites: [] }], /unscripted: \/bin\/nothing/);
  });

  test('a file that another step has changed under it', () =>
    undone([{ kind: 'run', argv: ['/bin/edit'], rewrites: ['/etc/fstab'] }, fstab], /\/etc\/fstab was changed since/, {
      '/bin/edit': (root) => {
        writeFileSync(join(root, 'etc/fstab'), 'edited');
        return {};
      },
    }));

  test('a folder that is not empty is not removed', () =>
    undone([fstab, { kind: 'remove', path: '/etc/udev' }], /with something in it/));

  test('a link that leads nowhere is not written through', async () =>
    undone(
      [fstab, { kind: 'write', path: '/etc/old-link', before: null, content: 'a', mode: 0o600 }],
      /leads nowhere/,
    ));

  const builds = (bytes: Uint8Array | undefined, code = 0): Readonly<Record<string, Program>> => ({
    '/usr/sbin/mkinitramfs': (root, argv) => {
      if (bytes !== undefined) writeFileSync(join(root, argv[2] ?? ''), bytes);
      return { code, stderr: code === 0 ? '' : 'cp: no space left on device\n' };
    },
  });

  test.each([
    { what: 'no image at all (exit code 0)', bytes: undefined, why: /no image came out/ },
    { what: 'an empty one', bytes: Buffer.alloc(0), why: /is not used/ },
    { what: 'noise', bytes: Buffer.alloc(2_000_000, 'noise'), why: /is not used: it cannot be read at offset 0/ },
    {
      what: 'one without the modules',
      bytes: makeInitrd(kernel, ['ata_piix', 'hv_vmbus']),
      why: /it lacks hv_storvsc for 6\.1\.0/,
    },
    {
      what: 'one for another kernel',
      bytes: makeInitrd('6.1.0-17-amd64', ['hv_vmbus', 'hv_storvsc']),
      why: /it lacks hv_vmbus, hv_storvsc for 6\.1\.0-18-amd64; it holds modules of 6\.1\.0-17-amd64/,
    },
    { what: 'one that was cut short', bytes: goodInitrd.subarray(0, -200), why: /is not used/ },
    {
      what: 'one without its end',
      bytes: makeInitrd(kernel, ['hv_vmbus', 'hv_storvsc'], 500, false),
      why: /is not used/,
    },
    { what: 'one much shorter than the old one', bytes: makeInitrd(kernel, [], 0), why: /is not used/ },
  ])('traps 18, 19, 32, 59: a builder that leaves $what', async ({ bytes, why }) => {
    await undone([fstab, initrdStep], why, builds(bytes));
  });

  test('a builder that fails although its image is good', () =>
    undone([initrdStep], /exit code 1: cp: no space/, builds(goodInitrd, 1)));

  test('a driver that is built into the kernel need not be in the image', async () => {
    const { guest, at } = makeApplied(builds(makeInitrd(kernel, ['hv_storvsc', 'hv_netvsc', 'x'])));
    writeFileSync(at(`/lib/modules/${kernel}/modules.builtin`), 'kernel/drivers/hv/hv-vmbus.ko\n');
    expect(await run(guest, [initrdStep])).toMatchObject({ is: 'done' });
  });
});

describe('SIGINT and SIGTERM', () => {
  test('between two steps', async () => {
    const stop = new AbortController();
    const stopping: Program = () => {
      stop.abort();
      return {};
    };
    const { guest, root, before } = makeApplied({ '/sbin/swapoff': stopping });
    const outcome = await applyEvery(guest, { signal: stop.signal });
    expect(outcome).toMatchObject({ is: 'undone', why: 'it was interrupted' });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('while a program runs: it is handed the signal, and what undoes is not', async () => {
    const stop = new AbortController();
    let undoing: AbortSignal | undefined | 'not asked' = 'not asked';
    const { guest, root, before, calls } = makeApplied({
      '/usr/sbin/mkinitramfs': (_root, _argv, { signal }) => {
        expect(signal).toBe(stop.signal);
        stop.abort();
        return { code: undefined, signal: 'SIGTERM' };
      },
      '/sbin/swapon': (_root, _argv, { signal }) => {
        undoing = signal;
        return {};
      },
    });
    expect(await applyEvery(guest, { signal: stop.signal })).toMatchObject({
      is: 'undone',
      step: `build ${image} for ${kernel}`,
    });
    expect(lookAtTree(root)).toEqual(before);
    expect(calls.at(-1)).toBe('/sbin/swapon /dev/sda2');
    expect(undoing).toBeUndefined();
  });

  test('after the last step, before the run has ended', async () => {
    const stop = new AbortController();
    const { guest, root, before } = makeApplied({
      '/sbin/depmod': () => {
        stop.abort();
        return {};
      },
    });
    const depmod = everyStep.filter((step) => step.kind === 'run');
    expect(await run(guest, depmod, { signal: stop.signal })).toMatchObject({ is: 'undone' });
    expect(lookAtTree(root)).toEqual(before);
  });
});

describe('what cannot be put back', () => {
  test('is named, everything else is put back, and the run is broken until it is mended', async () => {
    const { guest, root, at, before } = makeApplied();
    const stuck = {
      ...guest,
      copy: (from: GuestPath, to: GuestPath) =>
        to === '/etc/fstab' ? Promise.reject(new Error('it is immutable')) : guest.copy(from, to),
    };
    const outcome = await run(stuck, [...everyStep, failing], { runId: 'run-1' });
    expect(outcome).toMatchObject({ is: 'broken', step: 'run /bin/false' });
    expect(outcome).toMatchObject({
      why: expect.stringMatching(
        /no; and not everything could be put back: \/etc\/fstab is not as it was: it is immutable/,
      ),
    });
    expect(readFileSync(at('/etc/fstab'), 'latin1')).toBe('# off\r\n');
    expect(readFileSync(at('/etc/real.conf'), 'latin1')).toBe('old\n');
    expect(readFileSync(at(image))).toEqual(oldInitrd);
    expect(await run(guest, [])).toMatchObject({ is: 'refused' });
    expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone', steps: 1 });
    expect(lookAtTree(root)).toEqual(before);
  });

  test('a program that undoes and fails', async () => {
    const { guest } = makeApplied({ '/sbin/swapon': () => ({ code: 255, stderr: 'swapon: cannot find it' }) });
    expect(await run(guest, [...everyStep, failing])).toMatchObject({
      is: 'broken',
      why: expect.stringContaining('/sbin/swapon /dev/sda2 ended with 255: swapon: cannot find it'),
    });
  });
});

test('trap 32: a disk that is full up to the journal still lets everything be put back', async () => {
  const { guest, root, before } = makeApplied();
  let full = false;
  const cramped = {
    ...guest,
    run: async (...args: Parameters<Guest['run']>) => {
      full ||= args[0][0] === '/bin/false';
      return guest.run(...args);
    },
    append: (path: GuestPath, content: string) =>
      full ? Promise.reject(new Error('ENOSPC')) : guest.append(path, content),
    write: (...args: Parameters<Guest['write']>) =>
      full && args[0].startsWith('/var') ? Promise.reject(new Error('ENOSPC')) : guest.write(...args),
  };
  expect(await run(cramped, [...everyStep, failing])).toMatchObject({ is: 'undone' });
  expect(lookAtTree(root)).toEqual(before);
  // The journal could not say so: the next start asks for a rollback, which finds nothing left to put back.
  expect(await listRuns(guest)).toMatchObject([{ state: 'unfinished' }]);
  expect(await rollback(guest, undefined, options)).toMatchObject({ is: 'undone' });
  expect(lookAtTree(root)).toEqual(before);
});

test("trap 33: nothing in /boot but the article's NAME.bak, and nothing at all after a rollback", async () => {
  const { guest, at } = makeApplied();
  await run(guest, everyStep);
  expect(readdirSync(at('/boot')).filter((name) => /^(vmlinuz|initrd)/.test(name))).toEqual([
    `initrd.img-${kernel}`,
    `initrd.img-${kernel}.bak`,
  ]);
  await rollback(guest, undefined, options);
  expect(readdirSync(at('/boot')).sort()).toEqual(['grub', `initrd.img-${kernel}`]);
  expect(existsSync(at(`${image}.bak`))).toBe(false);
});
