import { splitLines } from '../../formats/lines.ts';
import type { Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { cloudDoubts } from '../cloud-config.ts';
import { diskOwnerToBe, resourceDiskRules } from '../conf-rules.ts';
import { namesOf, ownersOf } from '../duties.ts';
import { agentSettings } from '../provisioner.ts';
import { article, articleNow, rhelArticle, swapArticle, ubuntuArticle } from '../sources.ts';
import { beforeConf, confFindings } from '../waagent-conf.ts';

/** Services besides agent and cloud-init that would prepare the same disk: which of them is to go is not ours to say. */
function thirdParties(facts: Facts): Finding[] {
  const owners = ownersOf(facts, 'resource-disk');
  const third = owners.filter(({ who }) => who !== 'waagent' && who !== 'cloud-init');
  if (third.length === 0 || owners.length === third.length) return [];
  return third.map(({ who, at }) => ({
    about: who,
    says: `the temporary disk is prepared by ${namesOf(owners)}`,
    severity: 'should',
    evidence: [at, ...owners.filter((owner) => owner.who !== who).map((owner) => owner.at)],
    wants: [],
    advice: `systemctl disable ${who}, or tell it to leave that disk alone in ${at.path}`,
  }));
}

/** A file system of the image that is mounted where the agent mounts the temporary disk: one would hide the other. */
function takenMountPoint(facts: Facts): Finding[] {
  const { fstab } = facts.storage;
  const place = agentSettings(facts)['ResourceDisk.MountPoint'];
  const target = place?.value.replace(/(?<=.)\/+$/, '') ?? '/mnt/resource';
  const taken = fstab.is === 'there' ? fstab.value.find((entry) => entry.target === target) : undefined;
  if (taken === undefined || /azure[_/]resource/.test(taken.source)) return [];
  return [
    {
      about: target,
      says: `the agent mounts the temporary disk at ${target}, where fstab mounts ${taken.source}`,
      severity: 'should',
      evidence: [
        { path: '/etc/fstab', line: taken.line, text: splitLines(taken.text)[0]?.text ?? '' },
        ...(place === undefined ? [] : [place.at]),
      ],
      wants: [],
      advice: `give ResourceDisk.MountPoint another folder, or take the line out of /etc/fstab`,
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeConf(facts, policy);
  if (before !== undefined) return before;
  const owner = diskOwnerToBe(facts, policy);
  const findings = confFindings(facts, resourceDiskRules(facts, policy));
  findings.push(...thirdParties(facts));
  if (owner === 'waagent') findings.push(...takenMountPoint(facts));
  const doubts = owner === 'cloud-init' ? cloudDoubts(facts) : [];
  const says = `the temporary disk and its swap are ${owner}'s alone; a size without such a disk gets no swap`;
  return judge(findings, doubts, says);
}

export const waagentConfResourcedisk: Check = {
  id: 'waagent-conf-resourcedisk',
  area: 'agent',
  title: 'One owner formats the temporary disk and makes swap there',
  severity: 'must',
  why: 'Swap belongs on the temporary disk. Agent and cloud-init can both prepare it, but not both at once.',
  source: [article, articleNow, rhelArticle, ubuntuArticle, swapArticle],
  fix: {
    all: 'apply: Format and EnableSwap y where the agent provisions, n where cloud-init does; a chosen file system and mount point stay',
    oracle: 'as everywhere; to the letter of the article release 6 mounts the disk at /mnt',
  },
  look,
};
