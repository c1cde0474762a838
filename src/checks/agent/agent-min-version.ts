import { distroOf } from '../../families/distro/index.ts';
import { compareVersions, versionNumbers } from '../../formats/version.ts';
import type { Change, Check, Facts, Looked } from '../../model.ts';
import { installByHand } from '../by-hand.ts';
import { canUpdate, oldestAgent, updatesOff } from '../conf-rules.ts';
import { remedy } from '../fixable.ts';
import { agentSettings } from '../provisioner.ts';
import { agentMinimum, article, lisa } from '../sources.ts';
import { settingWant } from '../waagent-conf.ts';

function look(facts: Facts): Looked {
  const { program, version, versionFrom, settings } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  if (version === undefined || versionNumbers(version).length === 0)
    return { is: 'unknown', why: `the version of ${program} was not found` };
  const from = versionFrom === undefined ? '' : ` (${versionFrom})`;
  if (compareVersions(version, oldestAgent) >= 0)
    return { is: 'pass', says: `agent ${version}${from} is ${oldestAgent} or later` };
  if (settings.is === 'unreadable')
    return { is: 'unknown', why: `whether it updates itself is not known: ${settings.why}` };
  const off = updatesOff(facts);
  if (canUpdate(version) && off.length === 0)
    return { is: 'pass', says: `agent ${version}${from} is older than ${oldestAgent}, but updates itself` };
  const wants: Change[] = off.map((key) => settingWant(facts, key, 'y'));
  const name = distroOf(facts.os.distro.family)?.packages.agent(facts.os) ?? 'WALinuxAgent';
  return {
    is: 'fail',
    findings: [
      {
        about: 'waagent',
        says: `agent ${version}${from} is older than ${oldestAgent}${off.length > 0 ? ' and may not update itself' : ''}`,
        evidence: off.flatMap((key) => agentSettings(facts)[key]?.at ?? []),
        ...remedy(facts, wants, `upgrade it: ${installByHand(facts, name)}`),
      },
    ],
  };
}

export const agentMinVersion: Check = {
  id: 'agent-min-version',
  area: 'agent',
  title: 'The Azure agent is recent enough',
  severity: 'must',
  why: 'The platform no longer works with agents before 2.2.53.1, unless they update themselves.',
  source: [article, agentMinimum, lisa('verify_waagent_version')],
  fix: { all: 'by hand: upgrade the package' },
  look,
};
