import { describe, expect, it } from 'vitest';
import { examine } from '../../src/checks/examine.ts';
import type { Change, Examined } from '../../src/model.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { debianFacts, policy } from '../lib/facts.ts';

const [anyCheck] = examine(debianFacts(), policy());

function wanting(...wants: Change[]): Examined[] {
  if (anyCheck === undefined) throw new Error('no check');
  const findings = [{ about: 'it', says: 'it says', evidence: [], wants }];
  return [{ check: anyCheck.check, status: 'fail', looked: { is: 'fail', findings } }];
}

describe('a plan', () => {
  it('of a content guest is empty and not blocked', () => {
    expect(makePlan(examine(debianFacts(), policy()), debianFacts())).toEqual({
      schema: 1,
      digests: {},
      steps: [],
      blockedBy: [],
    });
  });

  it('leaves out edits of a file that goes as a whole', () => {
    const path = '/etc/netplan/00-installer.yaml' as const;
    const facts = debianFacts((f) => {
      f.texts[path] = 'a: 1\n';
    });
    const { steps, blockedBy } = makePlan(
      wanting({ kind: 'line-off', path, line: 1, text: 'a: 1' }, { kind: 'file', path, is: 'absent' }),
      facts,
    );
    expect(blockedBy).toEqual([]);
    expect(steps.map(({ step }) => step)).toEqual([{ kind: 'remove', path }]);
  });

  it('adds the items of a list beside the lines that it switches off', () => {
    const text = 'init:\n  - x\nlate:\n  - mounts\n  - y\n';
    const facts = debianFacts((f) => {
      f.texts['/etc/cloud/cloud.cfg'] = text;
    });
    const path = '/etc/cloud/cloud.cfg' as const;
    const { steps } = makePlan(
      wanting(
        { kind: 'list-items', path, key: 'init', have: ['mounts'], after: ['x'] },
        { kind: 'line-off', path, line: 4, text: '  - mounts' },
      ),
      facts,
    );
    expect(steps.map(({ step }) => step)).toMatchObject([
      { kind: 'write', content: 'init:\n  - x\n  - mounts\nlate:\n# prep-guest:   - mounts\n  - y\n' },
    ]);
  });

  it('makes one step of all edits of a file, against the digest of what was read', () => {
    const facts = debianFacts();
    const plan = makePlan(
      wanting(
        { kind: 'setting', path: '/etc/waagent.conf', as: 'waagent', key: 'ResourceDisk.SwapSizeMB', value: '4096' },
        { kind: 'setting', path: '/etc/waagent.conf', as: 'waagent', key: 'OS.RootDeviceScsiTimeout', value: '301' },
      ),
      facts,
    );
    expect(plan.steps.map(({ step }) => step.kind)).toEqual(['write']);
    const step = plan.steps[0]?.step;
    if (step?.kind !== 'write') throw new Error('no write');
    expect(step.content).toContain('ResourceDisk.SwapSizeMB=4096');
    expect(step.content).toContain('OS.RootDeviceScsiTimeout=301');
    expect(step.before).toBe(facts.texts['/etc/waagent.conf'] ?? null);
    expect(plan.digests['/etc/waagent.conf']).toMatch(/^([0-9a-f]{64}|absent)$/);
  });

  it('trap 51: labels all files anew at the next start where SELinux is on and the root is only mounted', () => {
    const selinux = { mode: 'enforcing', at: { path: '/etc/selinux/config' }, relabels: false } as const;
    const facts = { ...debianFacts(), system: { ...debianFacts().system, selinux } };
    const want = { kind: 'setting', path: '/etc/default/grub', as: 'shell', key: 'GRUB_TIMEOUT', value: '5' } as const;
    const paths = (on: typeof facts, ...wants: Change[]) =>
      makePlan(wanting(...wants), on).steps.map(({ step }) => ('path' in step ? step.path : step.kind));
    expect(paths(facts, want)).toEqual(['/etc/default/grub', '/.autorelabel']);
    expect(paths(facts)).toEqual([]);
    expect(paths({ ...facts, where: 'live' }, want)).toEqual(['/etc/default/grub']);
  });

  it('is blocked by a file that cannot be edited without guessing', () => {
    const facts = { ...debianFacts(), texts: { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="open\n' } } as const;
    const plan = makePlan(
      wanting({ kind: 'setting', path: '/etc/default/grub', as: 'shell', key: 'GRUB_TIMEOUT', value: '5' }),
      facts,
    );
    expect(plan.blockedBy[0]?.says).toMatch(/^\/etc\/default\/grub cannot be edited: /);
  });

  it('is blocked by a file that could not be read', () => {
    const facts = { ...debianFacts(), unreadable: { '/etc/fstab': 'it is a FIFO' } } as const;
    const plan = makePlan(wanting({ kind: 'line-off', path: '/etc/fstab', line: 1, text: 'x' }), facts);
    expect(plan.blockedBy[0]?.says).toMatch(/\/etc\/fstab cannot be read.*FIFO/);
  });

  it('of a guest of an unknown distribution is blocked, and says so', () => {
    const facts = debianFacts();
    const distro = { ...facts.os.distro, family: 'unknown', pretty: 'Gentoo Linux' } as const;
    const plan = makePlan(wanting({ kind: 'initrd-fresh', kernel: 'x' }), { ...facts, os: { ...facts.os, distro } });
    expect(plan.steps).toEqual([]);
    expect(plan.blockedBy[0]?.says).toMatch(/Gentoo Linux is a distribution that is not known here/);
  });

  it('asks of a new initrd only what the kernel has as a module', () => {
    const facts = debianFacts();
    const kernel = facts.kernels[0];
    if (kernel === undefined) throw new Error('no kernel');
    const bent = {
      ...kernel,
      modules: { is: 'there', value: { hv_storvsc: 'kernel/drivers/scsi/hv_storvsc.ko' } },
    } as const;
    const plan = makePlan(wanting({ kind: 'initrd-fresh', kernel: kernel.version }), { ...facts, kernels: [bent] });
    const step = plan.steps[0]?.step;
    expect(step).toMatchObject({ kind: 'initrd', kernel: kernel.version, must: ['hv_storvsc'] });
  });

  it('never demands of a new initrd a driver that is merely useful', () => {
    const facts = debianFacts();
    const kernel = facts.kernels[0]?.version ?? '';
    const wants: Change[] = [
      { kind: 'initrd-drivers', kernel, have: ['hv_storvsc'] },
      { kind: 'initrd-fresh', kernel },
      { kind: 'initrd-config', have: ['hv_storvsc', 'hyperv_keyboard'] },
    ];
    const steps = makePlan(wanting(...wants), facts).steps.map(({ step }) => step);
    const [step, ...others] = steps.filter((one) => one.kind === 'initrd');
    expect(others).toEqual([]);
    expect(step?.must).toContain('hv_storvsc');
    expect(step?.must).not.toContain('hyperv_keyboard');
    const named = steps.flatMap((one) => (one.kind === 'write' ? [one.content] : [])).join('');
    expect(named).toContain('hyperv_keyboard');
  });
});
