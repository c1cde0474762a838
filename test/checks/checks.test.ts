import { describe, expect, it } from 'vitest';
import { examine, verdictOf } from '../../src/checks/examine.ts';
import { checks } from '../../src/checks/index.ts';
import { editArgs } from '../../src/formats/kernel-line.ts';
import type { Facts, Policy } from '../../src/model.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { collectWants, contradictions, wantsOf } from '../../src/plan/wants.ts';
import { type Bendable, debianFacts, policy } from '../lib/facts.ts';
import { accounts } from './accounts.cases.ts';
import { agents } from './agent.cases.ts';
import { boot } from './boot.cases.ts';
import { type Cases, lookAt, verify } from './cases.ts';
import { initrds } from './initrd.cases.ts';
import { kernels } from './kernel.cases.ts';
import { network } from './network.cases.ts';
import { platform } from './platform.cases.ts';
import { seals } from './seal.cases.ts';
import { ssh } from './ssh.cases.ts';
import { swap } from './swap.cases.ts';
import { systems } from './system.cases.ts';

const all: Cases = {
  ...platform,
  ...kernels,
  ...initrds,
  ...boot,
  ...network,
  ...ssh,
  ...agents,
  ...swap,
  ...accounts,
  ...seals,
  ...systems,
};
const each = Object.entries(all).flatMap(([id, cases]) =>
  cases.map((one) => ({ id, one, name: `${id}: a guest ${one.guest} -> ${one.is}` })),
);

/** What all rules together want of the kernel line. */
function kernelArgsOf(facts: Facts, asked: Policy) {
  return wantsOf(collectWants(examine(facts, asked)), 'kernel-args').map((want) => want.change);
}

/** Answers that a check cannot give: these two read nothing that could be unknown. */
const never: Readonly<Record<string, readonly string[]>> = {
  'networkmanager-conflict': ['unknown'],
  'ssh-server-installed': ['unknown'],
  'ssh-server-enabled': ['unknown'],
  // Labels cannot be seen from outside: what is changed there is labelled anew by the plan itself.
  'selinux-labels': ['fail'],
  'agent-installed': ['unknown'],
  // No guest tells what its package sources have by now.
  'packages-updated': ['pass', 'fail'],
  'agent-enabled': ['unknown'],
};

describe('each check, case by case', () => {
  it.each(each)('$name', ({ id, one }) => verify(id, one));
});

describe('the cases', () => {
  it.each(checks.map((check) => check.id))('%s has one for every answer it can give', (id) => {
    const answers = new Set(all[id]?.map((one) => one.is));
    const isPatch = id.startsWith('kernel-patch-');
    const due = ['pass', ...(isPatch ? [] : ['fail']), 'unknown'].filter((is) => !never[id]?.includes(is));
    expect(due.filter((is) => !answers.has(is as never))).toEqual([]);
  });

  it('name no check that does not exist', () => {
    const ids = new Set(checks.map((check) => check.id));
    expect(Object.keys(all).filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('a Debian guest that is ready', () => {
  it('is called so, and nothing is wanted of it', () => {
    const examined = examine(debianFacts(), policy());
    const settled = ['pass', 'not-applicable'];
    const odd = examined.filter((one) => !settled.includes(one.status) && one.check.id !== 'packages-updated');
    expect(odd.map((one) => [one.check.id, one.looked])).toEqual([]);
    expect(verdictOf(examined)).toBe('ready');
  });

  it('lacks what only the article of 2018 asks for', () => {
    const examined = examine(debianFacts(), policy({ profile: 'seed-2018' }));
    expect(examined.filter((one) => one.status === 'fail').map((one) => one.check.id)).toEqual([
      'kernel-cmdline-rootdelay',
      'agent-pyasn1',
    ]);
  });
});

describe('every finding', () => {
  const failing = Object.entries(all).map(([id, cases]) => ({ id, cases: cases.filter((one) => one.is === 'fail') }));

  it.each(failing)('of $id is one line with either a want or advice', ({ id, cases }) => {
    for (const one of cases) {
      const looked = lookAt(id, one);
      if (looked.is !== 'fail') throw new Error('does not fail');
      for (const finding of looked.findings) {
        expect(finding.says).not.toMatch(/\n|undefined|\[object/);
        expect(finding.about).not.toBe('');
        expect([finding.wants.length > 0, finding.advice !== undefined]).not.toEqual([false, false]);
        expect(finding.advice ?? '').not.toMatch(/undefined|\[object/);
      }
    }
  });

  it.each(failing)('of a guest made for $id wants nothing that another rule forbids', ({ cases }) => {
    for (const one of cases) {
      const examined = examine(debianFacts(one.bend), policy(one.policy));
      const broken = examined.filter(({ looked }) => looked?.is === 'unknown' && looked.why.includes('internal error'));
      expect(broken).toEqual([]);
      expect(contradictions(collectWants(examined)), one.guest).toEqual([]);
      expect(makePlan(examined, debianFacts(one.bend)).blockedBy, one.guest).toEqual([]);
    }
  });

  it.each(failing)('of a guest made for $id about the kernel line is content with what it asked for', ({ cases }) => {
    for (const one of cases) {
      const facts = debianFacts(one.bend);
      const wants = kernelArgsOf(facts, policy(one.policy));
      if (facts.boot.kind !== 'grub2' || wants.length === 0) continue;
      const change = {
        have: wants.flatMap((want) => want.have),
        lack: wants.flatMap((want) => want.lack),
        swap: wants.flatMap((want) => want.swap ?? []),
      };
      const entries = facts.boot.entries.map((entry) => ({ ...entry, args: editArgs(entry.args, change) }));
      const after = {
        ...facts,
        boot: { ...facts.boot, entries, nextArgs: editArgs(facts.boot.nextArgs ?? [], change) },
      };
      expect(kernelArgsOf(after, policy(one.policy)), one.guest).toEqual([]);
    }
  });

  it.each(failing)('of a guest made for $id wants nothing where nothing may be edited', ({ cases }) => {
    const inspected = (facts: Bendable<Facts>) => {
      facts.os.distro.family = 'unknown';
    };
    const imageBased = (facts: Bendable<Facts>) => {
      facts.os.imageBased = 'ostree';
    };
    for (const one of cases) {
      for (const also of [inspected, imageBased]) {
        const facts = debianFacts((bent) => {
          one.bend?.(bent);
          also(bent);
        });
        expect(collectWants(examine(facts, policy(one.policy))), one.guest).toEqual([]);
      }
    }
  });
});
