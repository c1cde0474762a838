import { describe, expect, it } from 'vitest';
import { examine } from '../../src/checks/examine.ts';
import { scan } from '../../src/facts/scan.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import type { Change, Examined, Step } from '../../src/model.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { unpacker } from '../apply/applied-guest.ts';
import { debianFacts, policy } from '../lib/facts.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

const [anyCheck] = examine(debianFacts(), policy());

async function stepsFor(tree: PhonyTree, ...wants: Change[]): Promise<readonly Step[] | string> {
  if (anyCheck === undefined) throw new Error('no check');
  const os = '/etc/os-release' in tree ? {} : { '/etc/os-release': 'ID=debian\nVERSION_ID=12\n' };
  const facts = await scan(createReadOnlyGuest(makeGuest({ ...os, ...tree }), 'offline'), { unpacker });
  const findings = [{ about: 'it', says: 'it says', evidence: [], wants }];
  const examined: Examined[] = [{ check: anyCheck.check, status: 'fail', looked: { is: 'fail', findings } }];
  const plan = makePlan(examined, facts);
  return plan.blockedBy.length > 0
    ? plan.blockedBy.map(({ says }) => says).join('\n')
    : plan.steps.map(({ step }) => step);
}

const systemd = { '/sbin/init': { link: '/lib/systemd/systemd' }, '/lib/systemd/systemd': 'x' } as const;
const lib = '/lib/systemd/system';
const etc = '/etc/systemd/system';

describe('a unit', () => {
  it('is enabled by the links of its [Install] section, its mask gone', async () => {
    const tree = {
      ...systemd,
      [`${lib}/ssh.service`]: '[Service]\nExecStart=x\n[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n',
      [`${etc}/ssh.service`]: { link: '/dev/null' },
    } as const;
    expect(await stepsFor(tree, { kind: 'unit', name: 'ssh.service', state: 'enabled' })).toEqual([
      { kind: 'remove', path: `${etc}/ssh.service` },
      { kind: 'link', path: `${etc}/multi-user.target.wants/ssh.service`, to: `${lib}/ssh.service` },
      { kind: 'link', path: `${etc}/sshd.service`, to: `${lib}/ssh.service` },
    ]);
    expect(await stepsFor(tree, { kind: 'unit', name: 'ssh.service', state: 'masked' })).toEqual([
      { kind: 'link', path: `${etc}/ssh.service`, to: '/dev/null' },
    ]);
  });

  it('that nobody knows blocks the plan', async () => {
    const blocked = await stepsFor(systemd, { kind: 'unit', name: 'no.service', state: 'enabled' });
    expect(blocked).toMatch(/no\.service cannot be enabled here/);
  });

  it('of an init script is switched by links of run levels, and never masked', async () => {
    const tree = {
      '/sbin/init': 'x',
      '/etc/inittab': 'id:3:initdefault:\n',
      '/etc/rc.d/init.d/sshd': '#!/bin/sh\n# chkconfig: 2345 55 25\n',
      '/etc/init.d': { link: 'rc.d/init.d' },
      '/etc/rc.d/rc3.d/S55sshd': { link: '../init.d/sshd' },
    } as const;
    const off = await stepsFor(tree, { kind: 'unit', name: 'sshd', state: 'disabled' });
    expect(off).toContainEqual({ kind: 'remove', path: '/etc/rc.d/rc3.d/S55sshd' });
    expect(off).toContainEqual({ kind: 'link', path: '/etc/rc.d/rc3.d/K25sshd', to: '../init.d/sshd' });
    expect(await stepsFor(tree, { kind: 'unit', name: 'sshd', state: 'masked' })).toMatch(/cannot be masked/);
  });
});
