import type { Check, Facts, Finding, Looked, Severity } from '../../model.ts';
import { judge } from '../answer.ts';
import { hasProgram, lacksPackage, packageOf, programFolders } from '../missing.ts';
import { agentSettings } from '../provisioner.ts';
import { waagent } from '../sources.ts';
import { unread } from '../unread.ts';

/** One job: any of these programs does it, and the first is the one to install. */
interface Job {
  readonly by: readonly [string, ...string[]];
  readonly job: string;
  readonly severity?: Severity;
}

function jobsOf(facts: Facts): readonly Job[] {
  const settings = agentSettings(facts);
  const formats = settings['ResourceDisk.Format']?.value === 'y';
  const fileSystem = settings['ResourceDisk.Filesystem']?.value ?? 'ext4';
  const job = 'prepares the temporary disk';
  // Where somebody else prepares the disk, the agent never calls them.
  const milder = formats ? {} : { severity: 'info' as const };
  return [
    { by: ['useradd'], job: 'makes the first user' },
    { by: ['usermod'], job: 'sets the password of the first user' },
    { by: ['chpasswd'], job: 'sets the password of the first user' },
    { by: ['sudo'], job: 'lets the first user act as root' },
    { by: ['ip'], job: 'looks at the network' },
    { by: ['iptables', 'nft'], job: 'keeps others from the address of the host' },
    { by: ['eject'], job: 'ejects the disc with the settings' },
    { by: ['sfdisk', 'fdisk'], job, ...milder },
    { by: ['parted'], job, ...milder },
    { by: [`mkfs.${fileSystem}`], job, ...milder },
  ];
}

function lacking(facts: Facts): Finding[] {
  return jobsOf(facts).flatMap(({ by, job, severity }) => {
    if (by.some((name) => hasProgram(facts, name))) return [];
    const says = `${by.join(' and ')} ${by.length > 1 ? 'are' : 'is'} missing, with which the agent ${job}`;
    return lacksPackage(facts, packageOf(facts, by[0]), { about: by[0], says, ...(severity ? { severity } : {}) });
  });
}

function look(facts: Facts): Looked {
  const { program, settings, conf } = facts.agent.waagent;
  if (program === undefined) return { is: 'not-applicable', why: 'the agent is not installed' };
  if (settings.is === 'unreadable') return { is: 'unknown', why: `${conf}: ${settings.why}` };
  const doubts = unread(facts, programFolders);
  // What was not seen may lie in the folder that could not be listed.
  return judge(doubts.length > 0 ? [] : lacking(facts), doubts, 'every program that the agent calls is there');
}

export const agentTools: Check = {
  id: 'agent-tools',
  area: 'agent',
  title: 'The programs that the agent calls are there',
  severity: 'should',
  why: 'The agent makes users, partitions the temporary disk and guards the host with programs of the guest.',
  source: [waagent],
  fix: { all: 'by hand, or with --install-packages: the packages of the programs that are missing' },
  look,
};
