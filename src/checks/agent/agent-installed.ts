import { distroOf } from '../../families/distro/index.ts';
import type { Check, Facts, Finding, Looked, Policy, Severity } from '../../model.ts';
import { judge } from '../answer.ts';
import { installByHand } from '../by-hand.ts';
import { lacksPackage } from '../missing.ts';
import { provisionerToBe } from '../provisioner.ts';
import { agentArticle, article, debianArticle, waagent } from '../sources.ts';

function look(facts: Facts, policy: Policy): Looked {
  const { program, conf, settings, version, eject } = facts.agent.waagent;
  const name = distroOf(facts.os.distro.family)?.packages.agent(facts.os) ?? 'WALinuxAgent';
  const byCloudInit = policy.profile === 'azure' && facts.agent.provisioner === 'cloud-init';
  const milder: { severity?: Severity } = byCloudInit ? { severity: 'should' } : {};
  const finding = (about: string, says: string, advice: string): Finding => ({
    about,
    says,
    ...milder,
    evidence: [],
    wants: [],
    advice,
  });
  if (program === undefined) {
    const leftover = settings.is === 'absent' ? '' : ` (${conf} is a leftover of it)`;
    const says = `the Azure agent is not installed${leftover}`;
    return { is: 'fail', findings: [lacksPackage(facts, name, { about: 'waagent', says, ...milder })] };
  }
  const findings: Finding[] = [];
  // Without its file the agent stops with an exception, and still exits with 0.
  if (settings.is === 'absent')
    findings.push(finding(conf, `${conf} is missing`, installByHand(facts, `--reinstall ${name}`)));
  if (!eject && provisionerToBe(facts, policy) === 'waagent' && policy.mode === 'generalized')
    findings.push(
      lacksPackage(facts, 'eject', {
        about: 'eject',
        says: 'the program eject is missing: the agent stops while provisioning',
        ...milder,
      }),
    );
  return judge(findings, [], `${program}${version === undefined ? '' : `, version ${version}`}`);
}

export const agentInstalled: Check = {
  id: 'agent-installed',
  area: 'agent',
  title: 'The Azure agent is installed',
  severity: 'must',
  why: 'The agent sets up the new machine, reports it ready and runs extensions.',
  source: [article, agentArticle, debianArticle, waagent],
  fix: {
    all: 'by hand, or with --install-packages: the package of the agent',
    debian: 'waagent',
    ubuntu: 'walinuxagent',
    rhel: 'WALinuxAgent',
    suse: 'python3-azure-agent',
  },
  look,
};
