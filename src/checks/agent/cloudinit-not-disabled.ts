import { keyOf } from '../../formats/kernel-line.ts';
import type { Change, Check, Evidence, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { remedy } from '../fixable.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { provisionerToBe } from '../provisioner.ts';
import { cloudInit, ubuntuArticle } from '../sources.ts';

function onFile(facts: Facts, at: Evidence): Finding {
  const isSwitch = at.path.endsWith('/cloud-init.disabled');
  const wants: Change[] = isSwitch ? [{ kind: 'file', path: at.path, is: 'absent' }] : [];
  const name = at.path.slice(at.path.lastIndexOf('/') + 1);
  const byHand = isSwitch ? `rm ${at.path}` : `systemctl unmask ${name}; systemctl enable ${name}`;
  return {
    about: at.path,
    says: `${at.path} keeps cloud-init from running`,
    evidence: [at],
    ...remedy(facts, wants, byHand),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { installed, disabledBy } = facts.agent.cloudInit;
  if (!installed) return { is: 'not-applicable', why: 'cloud-init is not installed' };
  if (provisionerToBe(facts, policy) !== 'cloud-init')
    return { is: 'not-applicable', why: 'the agent sets up the new machine, not cloud-init' };
  const { lines, doubts } = kernelLines(facts);
  const args = argsLike(lines, (arg) => keyOf(arg) === 'cloud-init' && arg.endsWith('=disabled'));
  const onLines = lineFindings(
    facts,
    lines.filter((line) => line.args.some((arg) => args.includes(arg))),
    { says: 'keeps cloud-init from running', want: { have: [], lack: args } },
  );
  // What stands on a kernel line was looked at above, in every entry.
  const elsewhere = disabledBy.filter((at) => !lines.some((line) => line.at.path === at.path));
  return judge(
    [...elsewhere.map((at) => onFile(facts, at)), ...onLines],
    doubts,
    'nothing keeps cloud-init from running',
  );
}

export const cloudinitNotDisabled: Check = {
  id: 'cloudinit-not-disabled',
  area: 'agent',
  title: 'cloud-init may run where it is to set up the machine',
  severity: 'must',
  why: 'Installers leave cloud-init switched off; then nobody creates the user of the new machine.',
  source: [cloudInit, ubuntuArticle],
  fix: { all: 'apply: the file or argument that switches it off goes' },
  look,
};
