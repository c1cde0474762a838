import type { Check, Facts, Looked } from '../../model.ts';
import { enableByHand } from '../by-hand.ts';
import { remedy } from '../fixable.ts';
import { article, suseArticle } from '../sources.ts';

function look(facts: Facts): Looked {
  const { server, unit } = facts.ssh;
  if (server === undefined) return { is: 'not-applicable', why: 'no SSH server is installed' };
  if (unit.enabled && !unit.masked) return { is: 'pass', says: `${unit.name} starts at boot` };
  const says = unit.masked ? `${unit.name} is masked` : `${unit.name} is not started at boot`;
  return {
    is: 'fail',
    findings: [
      {
        about: unit.name,
        says,
        evidence: unit.at === undefined ? [] : [{ path: unit.at }],
        ...remedy(facts, [{ kind: 'unit', name: unit.name, state: 'enabled' }], enableByHand(facts, unit.name)),
      },
    ],
  };
}

export const sshServerEnabled: Check = {
  id: 'ssh-server-enabled',
  area: 'ssh',
  title: 'The SSH server starts at boot',
  severity: 'must',
  why: 'SSH is the only way into a Linux machine in Azure.',
  source: [article, suseArticle],
  fix: { all: 'apply: the unit is unmasked and enabled' },
  look,
};
