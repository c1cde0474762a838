import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Check, Facts, Finding, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { article, lisa, waagent } from '../sources.ts';

function fail(about: string, says: string, advice: string, severity?: 'info'): Looked {
  const finding: Finding = { about, says, ...(severity ? { severity } : {}), evidence: [], wants: [], advice };
  return { is: 'fail', findings: [finding] };
}

function look(facts: Facts): Looked {
  const { program, python } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  const { path, version } = python;
  if (path === undefined)
    return fail('python', `the interpreter that ${program} names is not there`, installByHand(facts, 'python3'));
  if (version === undefined || versionNumbers(version).length === 0)
    return { is: 'unknown', why: `the version of ${path} was not found` };
  if (compareVersions(version, '2.6') < 0)
    return fail(path, `${path} is Python ${version}; the agent needs 2.6 or later`, 'install a newer Python');
  // Where only the name `python3` is known, so is nothing newer than that.
  const minorKnown = versionNumbers(version).length > 1;
  if (minorKnown && compareVersions(version, '3.9') < 0)
    return fail(
      path,
      `${path} is Python ${version}: it works, but acceptance tests advise 3.9 or later`,
      'nothing need be done now; plan for a newer release of the distribution',
      'info',
    );
  return { is: 'pass', says: `${path} is Python ${version}` };
}

export const agentPython: Check = {
  id: 'agent-python',
  area: 'agent',
  title: 'The Azure agent finds its Python',
  severity: 'must',
  why: 'The agent is a Python program and does not start without its interpreter.',
  source: [article, waagent, lisa('verify_python_version')],
  fix: { all: 'by hand: install the interpreter that the agent names' },
  look,
};
