import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { rollback } from '../../src/apply/rollback.ts';
import { installerOf } from '../../src/families/package-manager/index.ts';
import { listRuns } from '../../src/journal/run-folder.ts';
import type { PackageFile, Step } from '../../src/model.ts';
import { makeGuest } from '../lib/phony-guest.ts';
import { isThere, openGuest, options, type Program, planOf } from './applied-guest.ts';

const paragraph = (name: string, version: string, status = 'install ok installed') =>
  `Package: ${name}\nStatus: ${status}\nVersion: ${version}\n\n`;
const status = paragraph('dpkg', '1.21') + paragraph('python3', '3.11');
const policyFile = '/usr/sbin/policy-rc.d';
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** apt and dpkg that keep their list, and nothing else. `end`: what the real run does after the agent was unpacked. */
function scripted(trial: string, end: (list: string) => { readonly list: string; readonly code: number }) {
  const seen: { policy?: string } = {};
  const at = (root: string) => join(root, 'var/lib/dpkg/status');
  const apt: Program = (root, argv) => {
    if (argv.includes('--simulate')) return trial.startsWith('E:') ? { code: 100, stderr: trial } : { stdout: trial };
    if (existsSync(join(root, policyFile))) seen.policy = readFileSync(join(root, policyFile), 'utf8');
    expect(argv.filter((word) => word.endsWith('.deb')).every((word) => existsSync(join(root, word)))).toBe(true);
    writeFileSync(join(root, 'usr/bin/waagent'), 'agent');
    const { list, code } = end(readFileSync(at(root), 'utf8'));
    writeFileSync(at(root), list);
    return { code, stderr: code === 0 ? '' : 'dpkg: error processing package waagent' };
  };
  const dpkg: Program = (root, argv) => {
    const gone = argv.slice(argv.indexOf('--') + 1);
    if (gone.includes('waagent')) rmSync(join(root, 'usr/bin/waagent'), { force: true });
    const kept = readFileSync(at(root), 'utf8')
      .split(/(?<=\n\n)/)
      .filter((one) => !gone.some((name) => one.startsWith(`Package: ${name}\n`)));
    writeFileSync(at(root), kept.join(''));
    return {};
  };
  return { seen, programs: { '/usr/bin/apt-get': apt, '/usr/bin/dpkg': dpkg } };
}

const bothCome = 'Inst python3-distro (1.8 x)\nInst waagent (2.7 x)\nConf waagent (2.7 x)\n';
const installed = (list: string) => ({
  list: list + paragraph('python3-distro', '1.8') + paragraph('waagent', '2.7'),
  code: 0,
});

async function start(trial = bothCome, end: Parameters<typeof scripted>[1] = installed) {
  const root = makeGuest({
    '/var/lib/dpkg/status': status,
    '/usr/bin': { folder: true },
    '/usr/sbin': { folder: true },
    '/etc/waagent.conf': 'old',
  });
  const outside = mkdtempSync(join(tmpdir(), 'prep-guest-deb-'));
  made.push(root, outside);
  const from = join(outside, 'waagent.deb');
  writeFileSync(from, 'a package');
  const digest = createHash('sha256').update('a package').digest('hex');
  const file: PackageFile = { from, name: 'waagent', version: '2.7', arch: 'all', bytes: 9, digest };
  const step: Step = {
    kind: 'packages',
    manager: 'apt',
    names: ['waagent'],
    files: [file],
    rewrites: installerOf('apt').rewrites,
  };
  const { seen, programs } = scripted(trial, end);
  const { guest, calls } = openGuest(root, programs);
  const outcome = await apply(await planOf(guest, [step]), guest, { ...options, runId: 'run-1' });
  const list = () => readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8');
  return { root, guest, calls, outcome, seen, list };
}

describe('installing packages', () => {
  it('brings them while no service may start, and a rollback removes exactly those', async () => {
    const { root, guest, calls, outcome, seen, list } = await start();
    expect(outcome).toEqual({ is: 'done', run: 'run-1', changed: 1 });
    expect(seen.policy).toContain('exit 101');
    expect(isThere(root, policyFile)).toBe(false);
    expect(list()).toContain('Package: waagent');
    expect(isThere(root, '/var/lib/prep-guest/runs/run-1/tmp')).toBe(false);
    expect(await rollback(guest, undefined, { version: '1' })).toMatchObject({ is: 'undone', run: 'run-1' });
    expect(calls.at(-1)).toBe('/usr/bin/dpkg --purge --force-remove-reinstreq -- python3-distro waagent');
    expect(list()).toBe(status);
    expect(isThere(root, '/usr/bin/waagent')).toBe(false);
  });

  it.each([
    ['E: unmet dependencies', 'unmet dependencies'],
    ['Remv network-manager [1.42]\nInst waagent (2.7 x)\n', 'it would remove network-manager'],
    ['Inst python3 [3.11] (3.12 x)\nInst waagent (2.7 x)\n', 'it would replace python3'],
  ])('refuses what the trial speaks against: %j', async (trial, why) => {
    const { guest, calls, outcome, list, root } = await start(trial);
    expect(outcome).toMatchObject({ is: 'refused', why: expect.stringContaining(why) });
    expect(calls).toHaveLength(1);
    expect(list()).toBe(status);
    expect(isThere(root, '/var/lib/prep-guest/runs/run-1/tmp')).toBe(false);
    expect((await listRuns(guest)).map((run) => run.state)).toEqual(['undone']);
  });

  it('a failure in the middle is undone, with what was unpacked and not set up', async () => {
    const { root, outcome, list } = await start(bothCome, (before) => ({
      list: before + paragraph('python3-distro', '1.8') + paragraph('waagent', '2.7', 'install ok half-configured'),
      code: 100,
    }));
    expect(outcome).toMatchObject({ is: 'undone', why: expect.stringContaining('error processing package waagent') });
    expect(list()).toBe(status);
    expect(isThere(root, '/usr/bin/waagent')).toBe(false);
    expect(isThere(root, policyFile)).toBe(false);
  });

  it('is broken where another package was upgraded all the same', async () => {
    const { outcome } = await start(bothCome, (list) => {
      const after = installed(list);
      return { ...after, list: after.list.replace('Version: 3.11', 'Version: 3.12') };
    });
    expect(outcome).toMatchObject({ is: 'broken', why: expect.stringContaining('python3 3.11 is 3.12 now') });
  });

  it('does not remove what somebody else has installed since, nor lose its record', async () => {
    const { root, guest, list } = await start();
    const more = list() + paragraph('nginx', '1.22');
    writeFileSync(join(root, 'var/lib/dpkg/status'), more);
    expect(await rollback(guest, undefined, { version: '1' })).toMatchObject({ is: 'refused' });
    const forced = await rollback(guest, undefined, { version: '1', force: true });
    expect(forced).toMatchObject({ is: 'broken', why: expect.stringContaining('not by this run: nginx') });
    expect(list()).toBe(more);
  });

  it('is undone only after the runs that came later', async () => {
    const { guest } = await start();
    const later: Step = { kind: 'write', path: '/etc/waagent.conf', before: 'old', content: 'new', mode: 0o644 };
    await apply(await planOf(guest, [later]), guest, { ...options, runId: 'run-2' });
    expect(await rollback(guest, 'run-1', { version: '1' })).toMatchObject({
      is: 'refused',
      hint: expect.stringContaining('run-2'),
    });
    for (const run of ['run-2', 'run-1'])
      expect(await rollback(guest, undefined, { version: '1' })).toMatchObject({ is: 'undone', run });
  });
});
