import { type CloudSetting, type ConfigFile, notUnderstood, readSetting } from '../formats/cloud-init.ts';
import { splitLines } from '../formats/lines.ts';
import { itemName } from '../formats/yaml-list.ts';
import type { Evidence, Facts, GuestPath, Looked, Policy } from '../model.ts';
import { type Doubt, leftAlone } from './answer.ts';
import { textOf } from './fixable.ts';
import { provisionerToBe } from './provisioner.ts';
import { unread } from './unread.ts';

/** What cloud-init's configuration says, all files together. */

export const dropInFolder = '/etc/cloud/cloud.cfg.d';

/** Its files in the order in which they are read, without those that are to go. */
export function cloudFiles(facts: Facts, without: readonly GuestPath[] = []): ConfigFile[] {
  return facts.agent.cloudInit.files
    .filter((path) => !without.includes(path))
    .flatMap((path) => {
      const text = textOf(facts, path);
      return text === undefined ? [] : [{ path, text }];
    });
}

/** What is said under a chain of keys, and where. */
export function cloudSetting(facts: Facts, ...keys: readonly string[]): CloudSetting | undefined {
  return readSetting(cloudFiles(facts), ...keys);
}

/** A file that cannot be read, or is not understood, may say anything. */
export function cloudDoubts(facts: Facts): Doubt[] {
  const strange = notUnderstood(cloudFiles(facts)).map(({ path, why }): Doubt => ({ about: path, why }));
  return [...unread(facts, /^\/etc\/cloud\//), ...strange];
}

/** Why rules for cloud-init do not hold here; undefined: they do. */
export function beforeCloudInit(facts: Facts, policy: Policy): Looked | undefined {
  if (policy.mode === 'specialized') return leftAlone;
  if (!facts.agent.cloudInit.installed) return { is: 'not-applicable', why: 'cloud-init is not installed' };
  if (provisionerToBe(facts, policy) !== 'cloud-init')
    return { is: 'not-applicable', why: 'the agent sets up the new machine, not cloud-init' };
  return undefined;
}

/** Lists of modules, by the stage that runs them. */
export const stages = ['cloud_init_modules', 'cloud_config_modules', 'cloud_final_modules'] as const;

/** Where a stage runs a module: the line of the item. */
export function moduleIn(facts: Facts, stage: (typeof stages)[number], module: string): Evidence | undefined {
  const list = cloudSetting(facts, stage);
  if (list?.node.is !== 'list') return undefined;
  const item = list.node.items.find((one) => itemName(one) === module);
  const text = item && splitLines(textOf(facts, list.at.path) ?? '')[item.line - 1]?.text;
  return item && { path: list.at.path, line: item.line, ...(text !== undefined && { text: text.trim() }) };
}
