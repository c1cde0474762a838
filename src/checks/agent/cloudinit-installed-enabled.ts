import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Finding, Looked, Policy, UnitState } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { enableByHand, installByHand } from '../by-hand.ts';
import { remedy } from '../fixable.ts';
import { agentSettings, provisionerToBe } from '../provisioner.ts';
import { articleNow, cloudInit, suseArticle, waagent } from '../sources.ts';

/** From here on the second stage has another name, and one process runs all of them. */
const renamed = '24.3';

/** The units that make up a whole cloud-init of this version; where that is not known, by which of the two names is there. */
function expected({ agent: { cloudInit: found } }: Facts): string[] {
  const isNew =
    found.version === undefined
      ? found.units.some(({ name }) => name.startsWith('cloud-init-network'))
      : compareVersions(found.version, renamed) >= 0;
  const network = isNew ? ['cloud-init-main', 'cloud-init-network'] : ['cloud-init'];
  return ['cloud-init-local', ...network, 'cloud-config', 'cloud-final'];
}

function bare(unit: UnitState): string {
  return unit.name.replace(/\.service$/, '');
}

/** Masks of the first unit are what cloudinit-not-disabled speaks of. */
function offFinding(facts: Facts, unit: UnitState): Finding {
  const says = unit.masked ? `${unit.name} is masked` : `${unit.name} is not started at boot`;
  return {
    about: unit.name,
    says: `${says}, though cloud-init is to set up the new machine`,
    evidence: unit.at === undefined ? [] : [{ path: unit.at }],
    ...remedy(facts, [{ kind: 'unit', name: unit.name, state: 'enabled' }], enableByHand(facts, unit.name)),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { installed, units, startedBy, version } = facts.agent.cloudInit;
  const named = agentSettings(facts)['Provisioning.Agent']?.at;
  if (!installed && named !== undefined && agentSettings(facts)['Provisioning.Agent']?.value === 'cloud-init') {
    const says = 'the agent leaves the new machine to cloud-init, which is not installed, and gives up after 1800 s';
    const advice = `${installByHand(facts, 'cloud-init')}, or leave it to the agent as waagent-conf-provisioning says`;
    // Handing the machine over to the agent mends it as well, and is what that rule wants.
    return {
      is: 'fail',
      findings: [{ about: 'cloud-init', says, severity: 'info', evidence: [named], wants: [], advice }],
    };
  }
  if (!installed) return { is: 'not-applicable', why: 'cloud-init is not installed' };
  if (provisionerToBe(facts, policy) !== 'cloud-init')
    return { is: 'not-applicable', why: 'the agent sets up the new machine, not cloud-init' };
  if (units.length === 0) return { is: 'unknown', why: 'no unit or init script of cloud-init was found' };
  const wanted = expected(facts);
  const missing = wanted.filter((name) => !units.some((unit) => bare(unit) === name));
  const findings = missing.map(
    (name): Finding => ({
      about: name,
      says: `cloud-init ${version ?? ''} has no ${name}: its package is not whole`,
      severity: name === 'cloud-init-main' ? 'should' : 'must',
      evidence: [],
      wants: [],
      advice: installByHand(facts, '--reinstall cloud-init'),
    }),
  );
  findings.push(
    ...units
      .filter((unit) => wanted.includes(bare(unit)) && (!unit.enabled || unit.masked))
      .map((unit) => offFinding(facts, unit)),
  );
  if (facts.os.init === 'systemd' && startedBy === undefined)
    findings.push({
      about: 'cloud-init.target',
      says: 'nothing starts cloud-init.target: there is no generator of cloud-init, and no link to it',
      evidence: [],
      wants: [],
      advice: 'systemctl enable cloud-init.target',
    });
  return judge(findings, [], `${wanted.join(', ')} start at boot`);
}

export const cloudinitInstalledEnabled: Check = {
  id: 'cloudinit-installed-enabled',
  area: 'agent',
  title: 'cloud-init starts as a whole where it is to set up the machine',
  severity: 'must',
  why: 'A stage that does not run leaves out the user, the keys or the disk; the agent itself asks whether the first one is enabled.',
  source: [articleNow, suseArticle, cloudInit, waagent],
  fix: {
    all: 'apply: the units are enabled (cloud-init-local, cloud-init or, from 24.3 on, cloud-init-main and cloud-init-network, cloud-config, cloud-final)',
    alpine: 'apply: the same scripts in the run levels, as setup-cloud-init does',
  },
  look,
};
