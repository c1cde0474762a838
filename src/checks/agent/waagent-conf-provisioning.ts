import type { Change, Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { type ConfRule, deadKeys, provisioningRules } from '../conf-rules.ts';
import { namesOf, ownersOf } from '../duties.ts';
import { remedy } from '../fixable.ts';
import { agentSettings, knowsAgentKey, provisionerToBe } from '../provisioner.ts';
import { articleNow, rhelArticle, ubuntuArticle, waagent } from '../sources.ts';
import { beforeConf, confFindings, settingWant, withoutConf } from '../waagent-conf.ts';

/** The fix that --allow names: of a machine that moves as it is, nothing is changed unasked. */
const allow = 'disable-provisioning';

/** The agent refuses to provision beside an enabled cloud-init: where the agent is to do it, cloud-init stands down. */
function standDown(facts: Facts, policy: Policy, rule: ConfRule): Change[] {
  if (rule.severity !== 'must' || provisionerToBe(facts, policy) !== 'waagent') return [];
  return facts.agent.cloudInit.units
    .filter((unit) => unit.enabled && !unit.masked)
    .map(({ name }): Change => ({ kind: 'unit', name, state: 'masked' }));
}

function dead(facts: Facts): Finding[] {
  return deadKeys(facts).flatMap((key): Finding[] => {
    const now = agentSettings(facts)[key];
    if (now === undefined) return [];
    return [
      {
        about: key,
        says: `${key} means nothing to agent ${facts.agent.waagent.version}: Provisioning.Agent took its place in 2.2.45`,
        severity: 'info',
        evidence: [now.at],
        ...remedy(facts, [settingWant(facts, key, null)], `take ${key} out of ${now.at.path}`),
      },
    ];
  });
}

/** cloud-init sets up the machine, and is told to leave its name alone. */
function nameless(facts: Facts, policy: Policy): Finding[] {
  if (provisionerToBe(facts, policy) !== 'cloud-init' || facts.agent.provisioner !== 'cloud-init') return [];
  if (ownersOf(facts, 'host-name').length > 0) return [];
  return [
    {
      about: 'host name',
      says: 'nobody gives the new machine its name: cloud-init is told to preserve the one in the image',
      severity: 'should',
      evidence: [],
      wants: [],
      advice: 'take preserve_hostname: true out of /etc/cloud',
    },
  ];
}

/** One machine that moves as it is must not be set up a second time. */
function movesAsItIs(facts: Facts, policy: Policy): Looked {
  const now = agentSettings(facts)['Provisioning.Agent'];
  const says = 'the agent sets nothing up: this one machine moves as it is';
  if (!knowsAgentKey(facts) || now?.value === 'disabled') return { is: 'pass', says };
  const wants = policy.allow.includes(allow) ? [settingWant(facts, 'Provisioning.Agent', 'disabled')] : [];
  return {
    is: 'fail',
    findings: [
      {
        about: 'Provisioning.Agent',
        says: `Provisioning.Agent is ${now?.value ?? 'not set'}: should its state be lost, this machine is set up a second time`,
        severity: 'info',
        evidence: [now?.at ?? { path: facts.agent.waagent.conf }],
        ...remedy(facts, wants, `set Provisioning.Agent=disabled (--allow ${allow} does it)`),
      },
    ],
  };
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return withoutConf(facts) ?? movesAsItIs(facts, policy);
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const findings = confFindings(facts, provisioningRules(facts, policy), (rule) => standDown(facts, policy, rule));
  findings.push(...nameless(facts, policy), ...dead(facts));
  const owners = ownersOf(facts, 'user');
  const says = owners.length > 0 ? namesOf(owners) : provisionerToBe(facts, policy);
  return judge(findings, [], `${says} sets up the new machine`);
}

export const waagentConfProvisioning: Check = {
  id: 'waagent-conf-provisioning',
  area: 'agent',
  title: 'Exactly one program sets up the new machine',
  severity: 'must',
  why: 'With nobody in charge the machine stays "creating" for half an hour and fails; with two in charge the agent gives up.',
  source: [articleNow, rhelArticle, ubuntuArticle, waagent],
  fix: {
    all: 'apply: Provisioning.Agent (before 2.2.45: Provisioning.Enabled and UseCloudInit) and its companions, so that exactly one provisions; with --mode specialized only --allow disable-provisioning changes it',
  },
  look,
};
