import type { Change, Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { realPath, remedy } from '../fixable.ts';
import { articleNow, lisa } from '../sources.ts';
import { unread } from '../unread.ts';

const allow = 'remove-keys';

/** Who prepares a running machine is not to be locked out of it, and certification leaves out the account it logs in with. */
function isOperator(facts: Facts, name: string): boolean {
  const uid = facts.accounts.users.find((user) => user.name === name)?.uid;
  return uid !== undefined && uid !== 0 && facts.live?.operator === uid;
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const findings = facts.accounts.authorizedKeys.map(({ user, path, keys }): Finding => {
    const wants: Change[] =
      policy.allow.includes(allow) && realPath(facts, path) === path ? [{ kind: 'file', path, is: 'absent' }] : [];
    return {
      about: path,
      ...(isOperator(facts, user) ? { severity: 'should' as const } : {}),
      says: `${path} lets ${keys === 1 ? 'the holder of a key' : `the holders of ${keys} keys`} log in as ${user}`,
      evidence: [{ path }],
      ...remedy(facts, wants, `rm '${path}' (--allow ${allow} does it; have another way in until you are done)`),
    };
  });
  return judge(findings, unread(facts, /\/\.ssh\/authorized_keys2?$/), 'no account can be entered with a key');
}

export const usersNoAuthorizedKeys: Check = {
  id: 'users-no-authorized-keys',
  area: 'accounts',
  title: 'Nobody holds a key to the image',
  severity: 'must',
  why: 'Whoever holds the private half gets into every machine that is made from the image.',
  source: [lisa('verify_no_pre_exist_users'), articleNow],
  fix: {
    all: `With --allow ${allow} the files are removed; cloud-init's stub for root, which lets nobody in, may stay.`,
  },
  look,
};
