import { compareVersions } from '../../formats/version.ts';
import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { lookAtFileSystem } from '../file-system.ts';
import { provisionerToBe } from '../provisioner.ts';
import { article, articleNow, cloudInit, waagent } from '../sources.ts';

/** cloud-init from 21.2 on gets along without the disc, as long as neither a password nor custom data is passed. */
function canDoWithout(facts: Facts, policy: Policy): boolean {
  if (policy.profile === 'seed-2018' || provisionerToBe(facts, policy) !== 'cloud-init') return false;
  const version = /^\d+(\.\d+)*/.exec(facts.agent.cloudInit.version ?? '')?.[0];
  return version !== undefined && compareVersions(version, '21.2') >= 0;
}

function look(facts: Facts, policy: Policy): Looked {
  return lookAtFileSystem(facts, {
    modules: ['udf'],
    purpose: 'the disc with user name and password cannot be read at the first boot',
    ...(canDoWithout(facts, policy) ? { severity: 'should' as const } : {}),
  });
}

export const kernelUdf: Check = {
  id: 'kernel-udf',
  area: 'kernel',
  title: 'Every bootable kernel can mount UDF',
  severity: 'must',
  why: 'Azure hands over user name, password and keys on a virtual disc in UDF format.',
  source: [article, articleNow, waagent, cloudInit],
  fix: {
    all: 'apply: a line that blocks it is commented out; by hand: a kernel that has it',
    ubuntu: 'by hand: apt-get install linux-modules-extra-VERSION where udf lives there',
  },
  look,
};
