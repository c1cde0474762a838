import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { diskTimeout } from '../conf-rules.ts';
import { lisa, waagent } from '../sources.ts';
import { beforeConf, confFindings } from '../waagent-conf.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  return (
    beforeConf(facts, policy) ??
    judge(confFindings(facts, [diskTimeout]), [], 'the agent has the kernel wait 300 s or longer for the disk')
  );
}

export const scsiTimeout: Check = {
  id: 'scsi-timeout',
  area: 'agent',
  title: 'The agent has the kernel wait long enough for the OS disk',
  severity: 'should',
  why: 'When the platform moves a disk it is silent for longer than the usual 30 s, and file systems then become read-only.',
  source: [waagent, lisa('verify_disks_device_timeout_setting')],
  fix: { all: 'apply: OS.RootDeviceScsiTimeout=300 in the configuration of the agent' },
  look,
};
