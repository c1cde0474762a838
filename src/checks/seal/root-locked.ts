import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { leftAlone } from '../answer.ts';
import { atSeal } from '../at-seal.ts';
import { lisa, waagent } from '../sources.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { users, shadow, rootLockedByAgent } = facts.accounts;
  if (rootLockedByAgent) return { is: 'pass', says: "root's line is the one that waagent writes: no password" };
  const root = users.find((user) => user.name === 'root')?.password;
  if (root === 'locked') return { is: 'pass', says: 'root is locked' };
  const milder = facts.sealed === undefined ? { severity: 'info' as const } : {};
  if (shadow.is !== 'there' || root === undefined || root === 'unknown') {
    const why = shadow.is === 'unreadable' ? shadow.why : 'there is no line for root in /etc/shadow';
    return { is: 'unknown', why, ...milder };
  }
  const says = root === 'none' ? 'root can log in without a password' : 'root has a password';
  return { is: 'fail', findings: [atSeal(facts, { about: 'root', says, evidence: [{ path: '/etc/shadow' }] })] };
}

export const rootLocked: Check = {
  id: 'root-locked',
  area: 'seal',
  title: 'root has no password in the image',
  severity: 'must',
  why: 'One password for root would open every machine that is made from the image.',
  source: [waagent, lisa('verify_no_pre_exist_users')],
  fix: { all: 'The seal has waagent replace the line of root (Provisioning.DeleteRootPassword=y).' },
  look,
};
