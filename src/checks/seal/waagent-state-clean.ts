import type { Check } from '../../model.ts';
import { countOf, lookForTraces } from '../at-seal.ts';
import { ubuntuArticle, waagent } from '../sources.ts';

export const waagentStateClean: Check = {
  id: 'waagent-state-clean',
  area: 'seal',
  title: 'The agent does not remember this machine',
  severity: 'should',
  why: 'With what it has kept the agent takes a clone for provisioned, and an account that was removed comes back.',
  source: [waagent, ubuntuArticle, 'Azure/WALinuxAgent#1945'],
  fix: { all: 'The seal has waagent empty /var/lib/waagent and /var/log/azure.' },
  look: (facts, policy) =>
    lookForTraces(facts, policy, {
      traces: ['agent-state'],
      says: (paths) => `${countOf(paths, 'path')} of the agent's state`,
      clean: 'the agent remembers nothing',
    }),
};
