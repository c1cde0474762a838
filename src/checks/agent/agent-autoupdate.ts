import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { allowUpdates, oldestAgent, updatesOff } from '../conf-rules.ts';
import { remedy } from '../fixable.ts';
import { agentSettings } from '../provisioner.ts';
import { agentArticle, certification } from '../sources.ts';
import { beforeConf, settingWant } from '../waagent-conf.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const { version, conf } = facts.agent.waagent;
  if (version === undefined)
    return { is: 'unknown', why: 'whether this agent can update itself depends on its version' };
  // An agent that is recent enough does its work as it is (CJ-19); for an older one agent-min-version asks for it.
  const isRecent = compareVersions(version, oldestAgent) >= 0;
  const findings = updatesOff(facts).map((key): Finding => {
    const now = agentSettings(facts)[key];
    const wants = policy.allow.includes(allowUpdates) || !isRecent ? [settingWant(facts, key, 'y')] : [];
    return {
      about: key,
      says: `${key} is n: the agent stays ${version} until its package is upgraded`,
      ...(isRecent ? { severity: 'info' as const } : {}),
      evidence: now === undefined ? [] : [now.at],
      ...remedy(facts, wants, `set ${key}=y in ${conf} (--allow ${allowUpdates} does it), or leave it to the package`),
    };
  });
  return judge(findings, [], `agent ${version} may update itself, if it can`);
}

export const agentAutoupdate: Check = {
  id: 'agent-autoupdate',
  area: 'agent',
  title: 'The Azure agent may update itself',
  severity: 'should',
  why: 'Fixes of the agent reach the machine without a new image; distributions that ship it switched off bring them as packages.',
  source: [certification, agentArticle],
  fix: {
    all: 'with --allow agent-autoupdate: AutoUpdate keys y',
    debian: 'ships AutoUpdate.Enabled=n: nothing need be done',
  },
  look,
};
