import type { Check, Facts, Looked } from '../../model.ts';
import { enableByHand } from '../by-hand.ts';
import { remedy } from '../fixable.ts';
import { article, articleNow, suseArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const { program, unit } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  if (unit.installed && unit.enabled && !unit.masked) return { is: 'pass', says: `${unit.name} starts at boot` };
  const state = unit.masked ? 'is masked' : unit.installed ? 'is not started at boot' : 'does not exist';
  return {
    is: 'fail',
    findings: [
      {
        about: unit.name,
        says: `${unit.name} ${state}`,
        evidence: unit.at === undefined ? [] : [{ path: unit.at }],
        ...remedy(
          facts,
          unit.installed ? [{ kind: 'unit', name: unit.name, state: 'enabled' }] : [],
          unit.installed
            ? enableByHand(facts, unit.name)
            : 'reinstall the agent from its package, which brings the unit',
        ),
      },
    ],
  };
}

export const agentEnabled: Check = {
  id: 'agent-enabled',
  area: 'agent',
  title: 'The Azure agent starts at boot',
  severity: 'must',
  why: 'A machine whose agent does not start is never reported ready, and its creation fails after a long wait.',
  source: [article, articleNow, suseArticle],
  fix: { all: 'apply: the unit is enabled' },
  look,
};
