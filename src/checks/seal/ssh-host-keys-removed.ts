import { isOn } from '../../facts/agent-settings.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { countOf, lookForTraces } from '../at-seal.ts';
import { hostKeyMaker } from '../host-keys.ts';
import { marketplace, waagent } from '../sources.ts';

function look(facts: Facts, policy: Policy): Looked {
  const looked = lookForTraces(facts, policy, {
    traces: ['host-keys'],
    says: (paths) => `${countOf(paths, 'file')} of SSH host keys`,
    clean: 'there are no SSH host keys',
  });
  if (looked.is !== 'fail' || isOn(facts, 'Provisioning.RegenerateSshHostKeyPair') || hostKeyMaker(facts) !== undefined)
    return looked;
  // The seal leaves them, and says so: a machine without host keys lets nobody in.
  const advice = 'nothing would make new ones: set Provisioning.RegenerateSshHostKeyPair=y in /etc/waagent.conf';
  return { is: 'fail', findings: looked.findings.map((finding) => staying(finding, advice)) };
}

function staying({ atSeal: _, ...finding }: Finding, advice: string): Finding {
  return { ...finding, severity: 'should', says: `${finding.says}, which stay`, advice };
}

export const sshHostKeysRemoved: Check = {
  id: 'ssh-host-keys-removed',
  area: 'seal',
  title: 'The image has no SSH host keys of its own',
  severity: 'must',
  why: 'Machines that share a host key can be taken for one another, and whoever has the image has the private key.',
  source: [waagent, marketplace],
  fix: {
    all: 'The seal removes /etc/ssh/ssh_host_*key* (waagent does, else prep-guest where something makes new ones).',
  },
  look,
};
