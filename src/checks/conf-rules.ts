import { plainAgent } from '../families/distro/agent-habits.ts';
import { distroOf } from '../families/distro/index.ts';
import { compareVersions } from '../formats/version.ts';
import type { Evidence, Facts, Policy, Severity } from '../model.ts';
import { type Duty, namesOf, type Owner, ownersOf, preparesDisk } from './duties.ts';
import { agentSettings, isYes, knowsAgentKey, provisionerToBe } from './provisioner.ts';

/** What one key of /etc/waagent.conf should say. */
export interface ConfRule {
  readonly key: string;
  readonly value: string;
  readonly severity: Severity;
  readonly holds: (now: string | undefined) => boolean;
  readonly because: string;
  /** What else shows it: the other owner of the same duty. */
  readonly beside?: readonly Evidence[];
}

const yes = (key: string, because: string, severity: Severity = 'should'): ConfRule => ({
  key,
  value: 'y',
  severity,
  holds: isYes,
  because,
});

const no = (key: string, because: string, severity: Severity, owners: readonly Owner[] = []): ConfRule => ({
  key,
  value: 'n',
  severity,
  holds: (now) => !isYes(now),
  because,
  beside: owners.map(({ at }) => at),
});

/** The five lines of the article, character for character but for what the family's own article says. */
function articleDisk(facts: Facts): ConfRule[] {
  const lines = {
    'ResourceDisk.Format': 'y',
    ...(canMake(facts, 'ext4') ? { 'ResourceDisk.Filesystem': 'ext4' } : {}),
    'ResourceDisk.MountPoint': usualMountPoint(facts),
    'ResourceDisk.EnableSwap': 'y',
    'ResourceDisk.SwapSizeMB': '2048',
  };
  return Object.entries(lines).map(([key, value]) => ({
    key,
    value,
    severity: 'should',
    holds: (now) => now === value,
    because: 'the article of 2018 asks for it',
  }));
}

function usualMountPoint({ os }: Facts): string {
  return (distroOf(os.distro.family)?.agent ?? plainAgent).mountPoint(os);
}

/** Whether the guest can make that file system; where no such program was seen at all, nothing is known. */
function canMake({ agent: { waagent } }: Facts, type: string): boolean {
  return waagent.mkfs.length === 0 || waagent.mkfs.includes(type);
}

/** Who prepares the temporary disk once every fix is made: who provisions, unless cloud-init is told not to (CJ-7). */
export function diskOwnerToBe(facts: Facts, policy: Policy): 'waagent' | 'cloud-init' {
  return provisionerToBe(facts, policy) === 'cloud-init' && preparesDisk(facts) ? 'cloud-init' : 'waagent';
}

function owners(facts: Facts, duty: Duty, who: (owner: Owner) => boolean): readonly Owner[] {
  return ownersOf(facts, duty).filter(who);
}

/** The temporary disk has one owner, who makes the swap there as well. */
export function resourceDiskRules(facts: Facts, policy: Policy): readonly ConfRule[] {
  if (policy.profile === 'seed-2018') return articleDisk(facts);
  if (diskOwnerToBe(facts, policy) === 'cloud-init') {
    const rival = owners(facts, 'resource-disk', ({ who }) => who === 'cloud-init');
    return [
      no('ResourceDisk.Format', 'cloud-init formats the temporary disk, and both would do it at once', 'must', rival),
      no('ResourceDisk.EnableSwap', 'with cloud-init swap is made by cloud-init', 'should', rival),
    ];
  }
  const swapping = owners(facts, 'swap', ({ who }) => who !== 'waagent');
  return [
    yes('ResourceDisk.Format', 'nobody else formats the temporary disk'),
    ...placeRules(facts),
    ...swapRules(facts, swapping),
  ];
}

/** A file system or mount point that somebody chose stays (CJ-15). */
function placeRules(facts: Facts): ConfRule[] {
  const chosen = agentSettings(facts)['ResourceDisk.Filesystem']?.value;
  const best = ['ext4', 'xfs', 'ext3'].find((type) => canMake(facts, type)) ?? 'ext4';
  const isMade = (type: string) => canMake(facts, type) && (type !== 'ext3' || best === 'ext3');
  return [
    {
      key: 'ResourceDisk.Filesystem',
      value: best,
      severity: 'should',
      holds: (now) => now !== undefined && now !== '' && isMade(now),
      because: chosen && !canMake(facts, chosen) ? `there is no mkfs.${chosen}` : 'unset, the agent makes ext3',
    },
    {
      key: 'ResourceDisk.MountPoint',
      value: usualMountPoint(facts),
      severity: 'should',
      holds: (now) => now === undefined || /^\/[^/]/.test(now),
      because: 'the disk is mounted at a folder of its own',
    },
  ];
}

function swapRules(facts: Facts, others: readonly Owner[]): ConfRule[] {
  if (others.length > 0)
    return [no('ResourceDisk.EnableSwap', `swap is made already by ${namesOf(others)}`, 'should', others)];
  const swapOn = isYes(agentSettings(facts)['ResourceDisk.EnableSwap']?.value);
  return [
    yes('ResourceDisk.EnableSwap', 'swap belongs on the temporary disk, not on the OS disk'),
    {
      key: 'ResourceDisk.SwapSizeMB',
      value: '2048',
      severity: swapOn ? 'must' : 'should',
      holds: (now) => Number(now ?? '0') > 0,
      because: 'the agent reports an error for swap of size 0',
    },
  ];
}

const agentKey = 'Provisioning.Agent';

/** What is wrong with who provisions now, in the words of what will happen. */
function whyNot(facts: Facts): string {
  const { provisioner } = facts.agent;
  const chosen = agentSettings(facts)[agentKey]?.value;
  if (provisioner === 'both')
    return 'agent and cloud-init would both set up the new machine; the agent stops when it finds cloud-init enabled';
  if (provisioner !== 'none') return 'the article of 2018 has the agent set up the new machine';
  return chosen === 'disabled'
    ? 'nobody sets up the new machine: disabled is for a machine that moves as it is'
    : 'nobody sets up the new machine: the agent waits half an hour (1800 s) for cloud-init, which does not run, and gives up';
}

function whoRules(facts: Facts, policy: Policy): ConfRule[] {
  const wanted = provisionerToBe(facts, policy);
  const exactly = (key: string, value: string): ConfRule => ({
    key,
    value,
    severity: 'must',
    // What it says is right already where something else is in the way, which another rule then names.
    holds: (now) => now === value,
    because: whyNot(facts),
    beside: owners(facts, 'user', ({ who }) => who !== 'waagent').map(({ at }) => at),
  });
  if (!knowsAgentKey(facts)) {
    if (facts.agent.provisioner === wanted) return [];
    return [
      exactly('Provisioning.Enabled', wanted === 'waagent' ? 'y' : 'n'),
      exactly('Provisioning.UseCloudInit', wanted === 'waagent' ? 'n' : 'y'),
    ];
  }
  return facts.agent.provisioner === wanted ? [isUnderstood(wanted)] : [exactly(agentKey, wanted)];
}

/** Right by chance, or for now: any word that the agent does not know means itself. */
function isUnderstood(wanted: 'waagent' | 'cloud-init'): ConfRule {
  return {
    key: agentKey,
    value: wanted,
    severity: 'should',
    holds: (now) => now === undefined || ['auto', 'waagent', 'cloud-init'].includes(now),
    because:
      'the agent knows auto, waagent and cloud-init; disabled, with which it waits for nobody, is for a machine that moves as it is',
  };
}

/** Who provisions, and what makes an image of one machine fit for many. */
export function provisioningRules(facts: Facts, policy: Policy): readonly ConfRule[] {
  const keys = yes(
    'Provisioning.RegenerateSshHostKeyPair',
    'every machine made from the image would share its host keys',
  );
  const password = yes('Provisioning.DeleteRootPassword', 'the root password would go out with the image');
  // cloud-init makes host keys itself, which is why Ubuntu ships the agent's switch off.
  const own = provisionerToBe(facts, policy) === 'waagent' ? [keys, password] : [password];
  return [...whoRules(facts, policy), ...own];
}

/** Keys that this agent does not ask for, whatever they say: they mislead whoever reads the file. */
export function deadKeys(facts: Facts): string[] {
  const { version } = facts.agent.waagent;
  if (version === undefined) return [];
  return knowsAgentKey(facts) ? ['Provisioning.Enabled', 'Provisioning.UseCloudInit'] : [agentKey];
}

/** The oldest agent that the platform works with, and the one from which on it replaces itself by a newer one. */
export const oldestAgent = '2.2.53.1';
const updatesSince = '2.1.7';
/** From here on the second key decides, whatever the first says. */
const newestKeySince = '2.10.0.8';

/** Keys that keep an agent which could do so from updating itself. */
export function updatesOff(facts: Facts): string[] {
  const { version } = facts.agent.waagent;
  if (version === undefined || compareVersions(version, updatesSince) <= 0) return [];
  const says = (key: string) => agentSettings(facts)[key]?.value.toLowerCase();
  const keys = ['AutoUpdate.Enabled', 'AutoUpdate.UpdateToLatestVersion'];
  const isOverruled = compareVersions(version, newestKeySince) >= 0 && says('AutoUpdate.UpdateToLatestVersion') === 'y';
  return isOverruled ? [] : keys.filter((key) => says(key) === 'n');
}

/** Whether the agent replaces itself, given leave. */
export function canUpdate(version: string): boolean {
  return compareVersions(version, updatesSince) > 0;
}

/** The fix that --allow names: some distributions ship the agent's own updates switched off on purpose. */
export const allowUpdates = 'agent-autoupdate';

function updateRules(facts: Facts, policy: Policy): ConfRule[] {
  const { version } = facts.agent.waagent;
  const isOld = version !== undefined && compareVersions(version, oldestAgent) < 0;
  if (!isOld && !policy.allow.includes(allowUpdates)) return [];
  return updatesOff(facts).map((key) => yes(key, 'the agent may not update itself'));
}

/** Every rule about the file: what a key is to say in the end. */
export function confRules(facts: Facts, policy: Policy): readonly ConfRule[] {
  const newer = policy.profile === 'azure' ? [diskTimeout] : [];
  return [
    ...provisioningRules(facts, policy),
    ...resourceDiskRules(facts, policy),
    ...updateRules(facts, policy),
    ...newer,
  ];
}

/** How long a disk may be silent before the kernel gives up; the platform moves disks for longer than the usual 30 s. */
export const diskTimeout: ConfRule = {
  key: 'OS.RootDeviceScsiTimeout',
  value: '300',
  severity: 'should',
  holds: (now) => now !== undefined && Number(now) >= 300,
  because: 'a disk that is moved may be silent for longer than the 30 s that the kernel waits',
};
