import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { leftAlone } from '../answer.ts';
import { provisionerToBe } from '../provisioner.ts';
import { cloudInit } from '../sources.ts';
import { lookForUnwanted } from '../unwanted-args.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  if (!facts.agent.cloudInit.installed) return { is: 'not-applicable', why: 'cloud-init is not installed' };
  if (provisionerToBe(facts, policy) !== 'cloud-init')
    return { is: 'not-applicable', why: 'the agent sets up the new machine, not cloud-init' };
  return lookForUnwanted(facts, ['cloud-init=disabled'], 'cloud-init then does not run, and nobody creates the user');
}

export const kernelCmdlineNoCloudinitDisabled: Check = {
  id: 'kernel-cmdline-no-cloudinit-disabled',
  area: 'boot',
  title: 'The kernel line does not switch cloud-init off',
  severity: 'must',
  why: 'cloud-init obeys the argument before any file; where it is to set up the new machine, that one comes up without a user.',
  source: [cloudInit],
  fix: { all: 'apply: the argument is taken out of every store' },
  look,
};
