import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { countOf, lookForTraces } from '../at-seal.ts';
import { articleNow, cloudInit, rhelArticle } from '../sources.ts';

function look(facts: Facts, policy: Policy): Looked {
  const looked = lookForTraces(facts, policy, {
    traces: ['cloud-init'],
    says: (paths) => `cloud-init remembers an instance, or has logs of one (${countOf(paths, 'path')})`,
    clean: 'cloud-init remembers no instance',
    newer: true,
  });
  const { provisioner } = facts.agent;
  if (provisioner === 'cloud-init' || provisioner === 'both') return looked;
  // Where somebody else provisions, what cloud-init remembers keeps nobody from setting up the new machine.
  if (looked.is === 'unknown') return { severity: 'should', ...looked };
  if (looked.is !== 'fail') return looked;
  return { is: 'fail', findings: looked.findings.map((finding) => ({ severity: 'should', ...finding })) };
}

export const cloudinitClean: Check = {
  id: 'cloudinit-clean',
  area: 'seal',
  title: 'cloud-init does not take a new machine for the old one',
  severity: 'must',
  why: 'cloud-init skips what it has done for the instance that it remembers: no user, no keys, no host name.',
  source: [articleNow, rhelArticle, cloudInit],
  fix: {
    all:
      'The seal runs `cloud-init clean --logs --seed` before waagent, then removes what is left below /var/lib/cloud and ' +
      'its logs, also where cloud-init itself is gone.',
  },
  look,
};
