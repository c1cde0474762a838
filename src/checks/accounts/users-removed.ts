import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { articleNow } from '../sources.ts';

/** nobody and its like: 65534 and beyond belong to no person. */
const lastUid = 60_000;

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { users, firstUid, shadow } = facts.accounts;
  if (users.length === 0)
    return { is: 'unknown', why: shadow.is === 'unreadable' ? shadow.why : '/etc/passwd names no account' };
  const people = users.filter(({ uid }) => uid >= firstUid && uid <= lastUid);
  const findings = people.map(({ name, uid }) => ({
    about: name,
    says: `the account ${name} (uid ${uid}) would be in every machine made from the image`,
    evidence: [{ path: '/etc/passwd' as const }],
    wants: [],
    advice: `userdel -r ${name}; the account that Azure made goes with --remove-user`,
  }));
  return judge(findings, [], 'there are no accounts of people');
}

export const usersRemoved: Check = {
  id: 'users-removed',
  area: 'accounts',
  title: 'The image has no accounts of people',
  severity: 'should',
  why: 'Azure makes the account that each machine is asked for; those of whoever made the image are doors that nobody watches.',
  source: [articleNow],
  fix: {
    all: 'userdel -r NAME by hand, since the home goes with it; --remove-user has waagent remove the account that Azure made.',
  },
  look,
};
