import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { provisionerToBe, resourceDiskRules } from '../provisioner.ts';
import { article, articleNow, rhelArticle, ubuntuArticle } from '../sources.ts';
import { beforeConf, lookAtConf } from '../waagent-conf.ts';

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const says = `the temporary disk and its swap are ${provisionerToBe(facts, policy)}'s alone`;
  return lookAtConf(facts, resourceDiskRules(facts, policy), says);
}

export const waagentConfResourcedisk: Check = {
  id: 'waagent-conf-resourcedisk',
  area: 'agent',
  title: 'One owner formats the temporary disk and makes swap there',
  severity: 'must',
  why: 'Swap belongs on the temporary disk. Agent and cloud-init can both prepare it, but not both at once.',
  source: [article, articleNow, rhelArticle, ubuntuArticle],
  fix: { all: 'apply: Format and EnableSwap y where the agent provisions, n where cloud-init does' },
  look,
};
