import type { Change, Check, Facts, Looked, Policy } from '../../model.ts';
import type { ConfRule } from '../provisioner.ts';
import { provisionerToBe, provisioningRules } from '../provisioner.ts';
import { articleNow, rhelArticle, ubuntuArticle, waagent } from '../sources.ts';
import { beforeConf, lookAtConf } from '../waagent-conf.ts';

/** The agent refuses to provision beside an enabled cloud-init: where the agent is to do it, cloud-init stands down. */
function standDown(facts: Facts, policy: Policy, rule: ConfRule): Change[] {
  if (rule.severity !== 'must' || provisionerToBe(facts, policy) !== 'waagent') return [];
  return facts.agent.cloudInit.units
    .filter((unit) => unit.enabled && !unit.masked)
    .map(({ name }): Change => ({ kind: 'unit', name, state: 'masked' }));
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const says = `${provisionerToBe(facts, policy)} sets up the new machine`;
  return lookAtConf(facts, provisioningRules(facts, policy), says, (rule) => standDown(facts, policy, rule));
}

export const waagentConfProvisioning: Check = {
  id: 'waagent-conf-provisioning',
  area: 'agent',
  title: 'Exactly one program sets up the new machine',
  severity: 'must',
  why: 'With nobody in charge the machine stays "creating" for half an hour and fails; with two in charge the agent gives up.',
  source: [articleNow, rhelArticle, ubuntuArticle, waagent],
  fix: { all: 'apply: Provisioning.Agent and its companions, so that exactly one provisions' },
  look,
};
