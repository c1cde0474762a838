import { splitLines } from '../../formats/lines.ts';
import { compareVersions } from '../../formats/version.ts';
import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { beforeCloudInit, cloudDoubts, cloudFiles, dropInFolder } from '../cloud-config.ts';
import { namesOf, ownersOf } from '../duties.ts';
import { realPath, remedy } from '../fixable.ts';
import { articleNow, cloudInit, swapArticle } from '../sources.ts';

/** The fix that --allow names: how much swap a machine needs is for its owner to say. */
const allow = 'cloudinit-swap';
const own: GuestPath = `${dropInFolder}/00-azure-swap.cfg`;
/** The name of the unit that mounts wait for, before and since 24.3. */
const oldUnit = 'cloud-init.service';

function newUnit({ agent }: Facts): string {
  const { version, units } = agent.cloudInit;
  const isNew =
    version === undefined
      ? units.some(({ name }) => name === 'cloud-init-network.service')
      : compareVersions(version, '24.3') >= 0;
  return isNew ? 'cloud-init-network.service' : oldUnit;
}

/** Two thirds of the temporary disk to files, one to swap; 82 is the type of a swap partition. */
function content(facts: Facts): string {
  const { mkfs } = facts.agent.waagent;
  const type = ['ext4', 'xfs', 'ext3'].find((one) => mkfs.includes(one)) ?? 'ext4';
  const options = `sw,nofail,x-systemd.after=${newUnit(facts)},x-systemd.device-timeout=2`;
  return [
    'disk_setup:',
    '  ephemeral0:',
    '    table_type: mbr',
    '    layout: [66, [33, 82]]',
    '    overwrite: true',
    'fs_setup:',
    '  - device: ephemeral0.1',
    `    filesystem: ${type}`,
    '  - device: ephemeral0.2',
    '    filesystem: swap',
    'mounts:',
    '  - ["ephemeral0.1", "/mnt"]',
    `  - ["ephemeral0.2", "none", "swap", "${options}", "0", "0"]`,
    '',
  ].join('\n');
}

/** Mount options that wait for a unit which this version does not have: the swap would never come. */
function stale(facts: Facts): Finding[] {
  const unit = newUnit(facts);
  if (unit === oldUnit) return [];
  const pattern = /x-systemd\.(?:requires|after)=cloud-init\.service/g;
  return cloudFiles(facts).flatMap(({ path, text }) =>
    splitLines(text).flatMap(({ text: line }, at): Finding[] => {
      // mount_default_fields of the package is its own business.
      if (!/\bswap\b/.test(line) || line.trimStart().startsWith('#') || line.search(pattern) < 0) return [];
      const to = line.replaceAll(pattern, `x-systemd.after=${unit}`);
      const want: Change = { kind: 'line', path: realPath(facts, path), line: at + 1, text: line, to };
      return [
        {
          about: path,
          says: `the swap waits for ${oldUnit}, which is called ${unit} since 24.3`,
          severity: 'should',
          evidence: [{ path, line: at + 1, text: line.trim() }],
          ...remedy(facts, [want], `write x-systemd.after=${unit} in ${path}`),
        },
      ];
    }),
  );
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeCloudInit(facts, policy);
  if (before !== undefined) return before;
  const doubts = cloudDoubts(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const findings = stale(facts);
  // The agent's own switch is what waagent-conf-resourcedisk speaks of.
  const owners = ownersOf(facts, 'swap').filter(({ who }) => who !== 'waagent');
  if (owners.length > 1)
    findings.push({
      about: 'swap',
      says: `swap on the temporary disk is made twice: by ${namesOf(owners)}`,
      severity: 'should',
      evidence: owners.map(({ at }) => at),
      wants: [],
      advice: 'leave it to one of them',
    });
  if (owners.length === 0) {
    const isFree = !facts.agent.cloudInit.files.includes(own);
    const wants: Change[] =
      policy.allow.includes(allow) && isFree
        ? [{ kind: 'file', path: own, is: { content: content(facts), mode: 0o644 } }]
        : [];
    findings.push({
      about: 'swap',
      says: 'the new machine will have no swap: cloud-init makes none unless it is told to',
      evidence: [],
      ...remedy(facts, wants, `--allow ${allow} puts a swap partition on the temporary disk (${own})`),
    });
  }
  return judge(findings, [], `swap on the temporary disk is made by ${namesOf(owners)}`);
}

export const cloudinitSwap: Check = {
  id: 'cloudinit-swap',
  area: 'agent',
  title: 'cloud-init makes the swap where it sets up the machine',
  severity: 'info',
  why: 'The agent makes no swap beside cloud-init. Sizes without a temporary disk get none either way.',
  source: [articleNow, swapArticle, cloudInit],
  fix: { all: 'with --allow cloudinit-swap: /etc/cloud/cloud.cfg.d/00-azure-swap.cfg' },
  look,
};
