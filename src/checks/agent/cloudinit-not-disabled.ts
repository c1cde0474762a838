import type { Change, Check, Evidence, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { remedy } from '../fixable.ts';
import { kernelLines } from '../kernel-lines.ts';
import { provisionerToBe } from '../provisioner.ts';
import { cloudInit, ubuntuArticle } from '../sources.ts';
import { unread } from '../unread.ts';

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
  // What stands on a kernel line is kernel-cmdline-no-cloudinit-disabled's.
  const lines = new Set(kernelLines(facts).lines.map((line) => line.at.path));
  const inFiles = disabledBy.filter((at) => !lines.has(at.path));
  return judge(
    inFiles.map((at) => onFile(facts, at)),
    unread(facts, /^\/etc\/(cloud|systemd\/system)(\/|$)/),
    'no file keeps cloud-init from running',
  );
}

export const cloudinitNotDisabled: Check = {
  id: 'cloudinit-not-disabled',
  area: 'agent',
  title: 'cloud-init may run where it is to set up the machine',
  severity: 'must',
  why: 'Installers leave cloud-init switched off; then nobody creates the user of the new machine.',
  source: [cloudInit, ubuntuArticle],
  fix: { all: 'apply: the file that switches it off goes' },
  look,
};
