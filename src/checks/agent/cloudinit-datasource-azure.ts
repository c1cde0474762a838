import { distroOf } from '../../families/distro/index.ts';
import { readDatasourceList } from '../../formats/cloud-init.ts';
import { keyOf, valueOf as valueOfArg } from '../../formats/kernel-line.ts';
import { splitLines } from '../../formats/lines.ts';
import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge, leftAlone } from '../answer.ts';
import { cloudFiles } from '../cloud-config.ts';
import { canFix, realPath, remedy, textOf } from '../fixable.ts';
import { argsLike, kernelLines, lineFindings } from '../kernel-lines.ts';
import { installerFiles } from '../leftovers.ts';
import { provisionerToBe } from '../provisioner.ts';
import { articleNow, cloudInit, rhelArticle, ubuntuArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const wanted = 'datasource_list: [ Azure ]';
const own: GuestPath = '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg';

/** A list that is written on one line is replaced where it stands: a file of ours might sort before it and lose. */
function pinnedElsewhere(facts: Facts, list: readonly string[], at: Finding['evidence'][number]): Finding {
  const text = at.line === undefined ? undefined : splitLines(textOf(facts, at.path) ?? '')[at.line - 1]?.text;
  const oneLine = text !== undefined && /^\s*datasource_list:\s*\[[^\]]*\]\s*(#.*)?$/.test(text);
  const wants: Change[] =
    oneLine && at.line !== undefined
      ? [
          {
            kind: 'line',
            path: realPath(facts, at.path),
            line: at.line,
            text,
            to: text.replace(/datasource_list:.*/, wanted),
          },
        ]
      : [];
  return {
    about: at.path,
    says: `cloud-init looks for ${list.join(', ') || 'nothing'} only, not for Azure`,
    evidence: [at],
    ...remedy(facts, wants, `write "${wanted}" in ${at.path}`),
  };
}

/** Where the article wants it, cards after the first are left to the system: cloud-init would set them up once and for all. */
function contentFor(facts: Facts): string {
  const firstOnly = distroOf(facts.os.distro.family)?.agent.firstCardOnly === true;
  return `${wanted}\n${firstOnly ? 'datasource:\n  Azure:\n    apply_network_config: False\n' : ''}`;
}

/** An argument of the kernel line has precedence over every file. */
function onKernelLine(facts: Facts): Finding[] {
  const { lines } = kernelLines(facts);
  const others = (arg: string) =>
    ['ds', 'ci.ds', 'ci.datasource'].includes(keyOf(arg)) &&
    (valueOfArg(arg) ?? '').split(';', 1)[0]?.toLowerCase() !== 'azure';
  const faulty = lines.filter((line) => line.args.some(others));
  return lineFindings(facts, faulty, {
    says: 'has cloud-init look for another platform than Azure',
    want: { have: [], lack: argsLike(lines, others) },
  });
}

function unpinned(facts: Facts): Finding {
  return {
    about: own,
    says: 'cloud-init tries every platform before it finds Azure',
    severity: 'should',
    evidence: [],
    ...remedy(
      facts,
      [{ kind: 'file', path: own, is: { content: contentFor(facts), mode: 0o644 } }],
      `write "${wanted}" to ${own}`,
    ),
  };
}

/** ds-identify.cfg decides before cloud-init's own list is read. */
function identified(facts: Facts, at: Finding['evidence'][number]): Finding[] {
  const text = textOf(facts, at.path) ?? at.text ?? '';
  const pinned = /^\s*datasource\s*[:=]\s*['"]?([\w-]+)/m.exec(text)?.[1];
  if (pinned === 'Azure') return [];
  const harmless = pinned === undefined && !/^\s*policy\s*[:=]\s*['"]?disabled/m.test(text);
  return [
    {
      about: at.path,
      says:
        pinned === undefined
          ? `${at.path} decides which platform is looked for`
          : `${at.path} pins the platform ${pinned}`,
      ...(harmless ? { severity: 'should' as const } : {}),
      evidence: [at],
      ...remedy(facts, [{ kind: 'file', path: at.path, is: 'absent' }], `rm ${at.path}`),
    },
  ];
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.mode === 'specialized') return leftAlone;
  const { installed, datasources: now, dsIdentify } = facts.agent.cloudInit;
  if (!installed) return { is: 'not-applicable', why: 'cloud-init is not installed' };
  if (provisionerToBe(facts, policy) !== 'cloud-init')
    return { is: 'not-applicable', why: 'the agent sets up the new machine, not cloud-init' };
  const doubts = unread(facts, /^\/etc\/cloud\//);
  if (doubts.length > 0) return judge([], doubts, '');
  const findings: Finding[] = [];
  // What an installer has left goes as a whole (cloudinit-installer-leftovers): what counts is what it then hides no longer.
  const going = installerFiles(facts).map(({ path }) => path);
  const isGoing = now !== undefined && canFix(facts) && going.includes(now.at.path);
  const datasources = isGoing ? readDatasourceList(cloudFiles(facts, going)) : now;
  if (datasources === undefined) findings.push(unpinned(facts));
  else if (!datasources.list.includes('Azure')) findings.push(pinnedElsewhere(facts, datasources.list, datasources.at));
  if (dsIdentify !== undefined) findings.push(...identified(facts, dsIdentify));
  findings.push(...onKernelLine(facts));
  return judge(findings, kernelLines(facts).doubts, `cloud-init looks for ${datasources?.list.join(', ') ?? ''}`);
}

export const cloudinitDatasourceAzure: Check = {
  id: 'cloudinit-datasource-azure',
  area: 'agent',
  title: 'cloud-init looks for Azure',
  severity: 'must',
  why: 'Installers pin the platform that they ran on; on Azure cloud-init then finds nothing and sets up nothing.',
  source: [articleNow, rhelArticle, ubuntuArticle, cloudInit],
  fix: {
    all: 'apply: datasource_list: [ Azure ] in /etc/cloud/cloud.cfg.d/91-azure_datasource.cfg; ds= of another platform leaves the kernel line',
  },
  look,
};
