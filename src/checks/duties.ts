import type { YamlNode } from '../formats/yaml-outline.ts';
import type { Evidence, Facts } from '../model.ts';
import { cloudSetting, moduleIn, stages } from './cloud-config.ts';
import { agentSettings, isYes } from './provisioner.ts';

/** What has to be done once on a new machine, and by one program only. */
export type Duty = 'user' | 'resource-disk' | 'swap' | 'host-name' | 'host-keys';

export interface Owner {
  readonly who: string;
  /** What makes it the owner. */
  readonly at: Evidence;
}

/**
 * Who does a duty as the guest stands. Host keys may have several owners, since each makes what is missing; of the others
 * two are as wrong as none, save that a machine does without swap.
 */
export function ownersOf(facts: Facts, duty: Duty): readonly Owner[] {
  return [...ownedByAgent(facts, duty), ...ownedByCloudInit(facts, duty), ...ownedByOthers(facts, duty)];
}

/** `waagent (/etc/waagent.conf line 3) and cloud-init (…)`. */
export function namesOf(owners: readonly Owner[]): string {
  const place = ({ path, line }: Evidence) => (line === undefined ? path : `${path} line ${line}`);
  return owners.map(({ who, at }) => `${who} (${place(at)})`).join(' and ');
}

function ownedByAgent(facts: Facts, duty: Duty): Owner[] {
  const { waagent, provisioner } = facts.agent;
  if (waagent.program === undefined) return [];
  const settings = agentSettings(facts);
  const provisions = provisioner === 'waagent' || provisioner === 'both';
  const own = (key: string): Owner[] => [{ who: 'waagent', at: settings[key]?.at ?? { path: waagent.conf } }];
  const isOn = (key: string) => isYes(settings[key]?.value);
  switch (duty) {
    case 'user':
    case 'host-name':
      return provisions ? own('Provisioning.Agent') : [];
    case 'host-keys':
      return provisions && isOn('Provisioning.RegenerateSshHostKeyPair')
        ? own('Provisioning.RegenerateSshHostKeyPair')
        : [];
    // The running agent formats the disk, whoever provisions; swap goes on what it has formatted.
    case 'resource-disk':
      return isOn('ResourceDisk.Format') ? own('ResourceDisk.Format') : [];
    case 'swap':
      return isOn('ResourceDisk.Format') && isOn('ResourceDisk.EnableSwap') ? own('ResourceDisk.EnableSwap') : [];
  }
}

function ownedByCloudInit(facts: Facts, duty: Duty): Owner[] {
  const { cloudInit, provisioner } = facts.agent;
  if (provisioner !== 'cloud-init' && provisioner !== 'both') return [];
  const unit = cloudInit.units.find((one) => one.enabled)?.at;
  const itself: Evidence = { path: unit ?? cloudInit.files[0] ?? '/etc/cloud/cloud.cfg' };
  const own = (at: Evidence | undefined): Owner[] => (at === undefined ? [] : [{ who: 'cloud-init', at }]);
  switch (duty) {
    case 'user':
      return own(itself);
    case 'host-name': {
      const kept = cloudSetting(facts, 'preserve_hostname')?.node;
      return kept?.is === 'text' && isTrue(kept.text) ? [] : own(itself);
    }
    case 'host-keys':
      return runs(facts, 'ssh') ? own(itself) : [];
    case 'resource-disk':
      return preparesDisk(facts) ? own(cloudSetting(facts, 'disk_setup')?.at ?? itself) : [];
    case 'swap':
      return own(runs(facts, 'mounts') ? cloudInitSwap(facts) : undefined);
  }
}

/** On Azure cloud-init formats and mounts the temporary disk, unless no stage runs the two modules that do. */
export function preparesDisk(facts: Facts): boolean {
  return runs(facts, 'disk_setup') && runs(facts, 'mounts');
}

/** Whether some stage runs a module. Where no list of modules is to be read, upstream's lists hold, which have all of them. */
function runs(facts: Facts, module: string): boolean {
  const lists = stages.map((stage) => cloudSetting(facts, stage)).filter((list) => list?.node.is === 'list');
  return lists.length === 0 || stages.some((stage) => moduleIn(facts, stage, module) !== undefined);
}

/** A swap file (`swap:`), or a partition that `fs_setup` makes swap. */
function cloudInitSwap(facts: Facts): Evidence | undefined {
  const file = cloudSetting(facts, 'swap');
  if (file?.node.is === 'map' && file.node.entries.some(({ key }) => key === 'size' || key === 'filename'))
    return file.at;
  const made = cloudSetting(facts, 'fs_setup');
  const isSwap = (node: YamlNode) =>
    node.is === 'map' &&
    node.entries.some((entry) => entry.key === 'filesystem' && entry.node.is === 'text' && entry.node.text === 'swap');
  return made?.node.is === 'list' && made.node.items.some(isSwap) ? made.at : undefined;
}

/** As PyYAML reads a word. */
function isTrue(text: string): boolean {
  return /^(?:true|yes|on)$/i.test(text);
}

function ownedByOthers(facts: Facts, duty: Duty): Owner[] {
  if (duty === 'host-keys') return facts.ssh.keyMakers.map((at) => ({ who: 'the SSH service', at }));
  const services = facts.agent.others.filter((other) => other.duty === duty);
  const owners = services.map(({ name, at }): Owner => ({ who: name, at }));
  if (duty !== 'swap') return owners;
  // What cloud-init itself has written to fstab goes with the machine that it was written for.
  const lines = facts.storage.swaps.filter(
    ({ what, on, at }) =>
      on === 'resource' && (what === 'fstab' || what === 'unit') && !/comment=cloudconfig/.test(at.text ?? ''),
  );
  return [...owners, ...lines.map(({ what, at }): Owner => ({ who: what === 'fstab' ? 'fstab' : 'a swap unit', at }))];
}
