import { compareVersions } from '../../formats/version.ts';
import { addItems } from '../../formats/yaml-list.ts';
import type { Change, Check, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { beforeCloudInit, cloudDoubts, cloudSetting, moduleIn } from '../cloud-config.ts';
import { lineOff, realPath, remedy, textOf } from '../fixable.ts';
import { articleNow, rhelArticle } from '../sources.ts';

const early = 'cloud_init_modules';
const late = 'cloud_config_modules';
/** In the order in which they run; upstream has them behind the modules that grow the root file system. */
const modules = ['disk_setup', 'mounts'];
const after = ['growpart', 'resizefs'];
/** From here on every distribution has them early. */
const settledSince = '23.1';

function wantsFor(facts: Facts, missing: readonly string[]): Change[] {
  const list = cloudSetting(facts, early);
  const text = list && textOf(facts, list.at.path);
  if (list === undefined || text === undefined) return [];
  try {
    addItems(text, early, missing, after);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
  const moved = missing.flatMap((module) => {
    const at = moduleIn(facts, late, module);
    return at === undefined ? [] : [{ at, off: isOwnLine(facts, at.path, late) ? lineOff(facts, at) : undefined }];
  });
  if (moved.some(({ off }) => off === undefined)) return [];
  const path = realPath(facts, list.at.path);
  return [
    { kind: 'list-items', path, key: early, have: missing, after },
    ...moved.flatMap(({ off }) => (off === undefined ? [] : [off])),
  ];
}

/** Whether each item of a list has a line to itself, and something stays when these are gone. */
function isOwnLine(facts: Facts, path: string, key: string): boolean {
  const list = cloudSetting(facts, key);
  if (list?.node.is !== 'list' || list.at.path !== path) return false;
  const lines = list.node.items.map((item) => item.line);
  return new Set(lines).size === lines.length && lines.length > modules.length && !lines.includes(list.at.line ?? 0);
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeCloudInit(facts, policy);
  if (before !== undefined) return before;
  const { version } = facts.agent.cloudInit;
  const doubts = cloudDoubts(facts);
  if (doubts.length > 0) return judge([], doubts, '');
  const list = cloudSetting(facts, early);
  if (list?.node.is !== 'list') return { is: 'unknown', why: `no list ${early} was found` };
  const missing = modules.filter((module) => moduleIn(facts, early, module) === undefined);
  if (missing.length === 0) return { is: 'pass', says: `${modules.join(' and ')} run in the first stage` };
  if (version === undefined) return { is: 'unknown', why: 'whether that matters depends on the version of cloud-init' };
  if (compareVersions(version, settledSince) >= 0)
    return { is: 'pass', says: `cloud-init ${version} is not in need of it` };
  const finding: Finding = {
    about: early,
    says: `${missing.join(' and ')} ${missing.length > 1 ? 'do' : 'does'} not run in the first stage of cloud-init ${version}`,
    evidence: [list.at, ...missing.flatMap((module) => moduleIn(facts, late, module) ?? [])],
    ...remedy(
      facts,
      wantsFor(facts, missing),
      `move ${missing.join(' and ')} from ${late} to ${early} in ${list.at.path}, each once, indented as the others`,
    ),
  };
  return judge([finding], [], '');
}

export const cloudinitMountsOrder: Check = {
  id: 'cloudinit-mounts-order',
  area: 'agent',
  title: 'cloud-init prepares the temporary disk before services start',
  severity: 'should',
  why: 'Old packages mount the temporary disk when services are running already, which then write below its mount point.',
  source: [articleNow, rhelArticle],
  fix: {
    all: 'apply: disk_setup and mounts move to cloud_init_modules, line by line; only for cloud-init before 23.1',
  },
  look,
};
