import { distroOf } from '../../families/distro/index.ts';
import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { article, centosArticle, waagent } from '../sources.ts';

/** Agents before 2.1 convert keys with it; later ones only on RHEL and Oracle 6 (CJ-14). */
function isNeeded({ os }: Facts, version: string): boolean {
  return distroOf(os.distro.family)?.agent.needsPyasn1(os) === true || compareVersions(version, '2.1') < 0;
}

function look(facts: Facts, policy: Policy): Looked {
  const { program, version, python } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  if (python.modules.includes('pyasn1')) return { is: 'pass', says: 'pyasn1 is there' };
  if (policy.profile === 'azure') {
    if (version === undefined || versionNumbers(version).length === 0)
      return { is: 'unknown', why: 'whether this agent needs pyasn1 depends on its version, which was not found' };
    if (!isNeeded(facts, version)) return { is: 'pass', says: `agent ${version} does without pyasn1` };
  }
  const milder = version !== undefined && !isNeeded(facts, version);
  const name = /python3|platform-python/.test(python.path ?? 'python3') ? 'python3-pyasn1' : 'python-pyasn1';
  const says =
    policy.profile === 'azure'
      ? 'this agent needs pyasn1, which is missing'
      : 'pyasn1 is missing, which the article of 2018 asks for';
  return {
    is: 'fail',
    // To the letter the article asks for it; but no sealed machine fails for a module that its agent never loads (CJ-14).
    findings: [
      {
        about: 'pyasn1',
        says,
        ...(milder ? { severity: 'should' as const } : {}),
        evidence: [],
        wants: [],
        advice: installByHand(facts, name),
      },
    ],
  };
}

export const agentPyasn1: Check = {
  id: 'agent-pyasn1',
  area: 'agent',
  title: 'The Azure agent finds pyasn1 where it needs it',
  severity: 'must',
  why: 'Agents before 2.1, and those on RHEL 6, convert SSH keys with this Python module; later ones do without.',
  source: [article, centosArticle, waagent],
  fix: {
    all: 'by hand, or with --install-packages: python3-pyasn1 (python-pyasn1 on old releases), where this agent needs it',
  },
  look,
};
