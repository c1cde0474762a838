import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { type Doubt, judge } from '../answer.ts';
import { remedy } from '../fixable.ts';
import { agentSettings, isYes } from '../provisioner.ts';
import { certification, lisa, marketplace } from '../sources.ts';
import { settingWant } from '../waagent-conf.ts';

type User = Facts['accounts']['users'][number];

const allow = 'lock-passwords';
const shadow: GuestPath = '/etc/shadow';
const rootKey = 'Provisioning.DeleteRootPassword';

/** At the seal the agent puts a locked line for root in place of whatever stands there, when it is told to. */
function sealLocksRoot(facts: Facts): boolean {
  return facts.agent.waagent.program !== undefined && isYes(agentSettings(facts)[rootKey]?.value);
}

function lockFinding(facts: Facts, user: User, policy: Policy): Finding {
  const empty = user.password === 'none';
  // Certification leaves out the account it logs in with, and nobody should be locked out of the machine he is preparing.
  const own = !empty && user.uid !== 0 && facts.live?.operator === user.uid;
  const wants: Change[] = policy.allow.includes(allow) ? [{ kind: 'password-locked', user: user.name }] : [];
  return {
    about: user.name,
    says: empty
      ? `${user.name} can log in without a password`
      : `${user.name}${own ? ', your own account,' : ''} has a password, which would go out with the image`,
    ...(own ? { severity: 'should' as const } : {}),
    evidence: [{ path: shadow }],
    ...remedy(facts, wants, `passwd -l ${user.name} (--allow ${allow} does it; log in by SSH key from then on)`),
  };
}

function rootFinding(facts: Facts, user: User, policy: Policy): Finding {
  const hasConf = facts.agent.waagent.program !== undefined && facts.agent.waagent.settings.is === 'there';
  if (!hasConf) return lockFinding(facts, user, policy);
  return {
    about: user.name,
    says: `root has a password, and ${rootKey} does not have the agent remove it at the end`,
    evidence: [{ path: shadow }, agentSettings(facts)[rootKey]?.at ?? { path: facts.agent.waagent.conf }],
    ...remedy(
      facts,
      [settingWant(facts, rootKey, 'y')],
      `set ${rootKey}=y in ${facts.agent.waagent.conf}, or passwd -l root`,
    ),
  };
}

function findingsFor(facts: Facts, user: User, policy: Policy): Finding[] {
  if (user.password === 'none') return [lockFinding(facts, user, policy)];
  if (user.password !== 'set' || policy.mode === 'specialized') return [];
  if (user.name !== 'root') return [lockFinding(facts, user, policy)];
  return sealLocksRoot(facts) ? [] : [rootFinding(facts, user, policy)];
}

function look(facts: Facts, policy: Policy): Looked {
  const { users, shadow: read } = facts.accounts;
  if (read.is !== 'there')
    return { is: 'unknown', why: `${shadow}: ${read.is === 'absent' ? 'there is none' : read.why}` };
  const findings = users.flatMap((user) => findingsFor(facts, user, policy));
  const doubts = users
    .filter((user) => user.password === 'unknown')
    .map(
      (user): Doubt => ({
        about: user.name,
        why: `${shadow} does not tell whether it has a password`,
        advice: `pwck tells what is wrong with ${shadow}`,
      }),
    );
  const rootSet = users.some((user) => user.name === 'root' && user.password === 'set');
  const says =
    policy.mode === 'specialized'
      ? 'no account is open without a password; with --mode specialized those that are set stay'
      : rootSet
        ? `no account has a password but root, whose password the seal removes (${rootKey}=y)`
        : 'no account has a password';
  return judge(findings, doubts, says);
}

export const usersNoPasswords: Check = {
  id: 'users-no-passwords',
  area: 'accounts',
  title: 'No account carries a password',
  severity: 'must',
  why: 'Whoever gets the image gets its passwords too, and a known password on many machines is an open door.',
  source: [lisa('verify_no_pre_exist_users'), certification, marketplace],
  fix: { all: 'apply with --allow lock-passwords: passwd -l; else by hand' },
  look,
};
