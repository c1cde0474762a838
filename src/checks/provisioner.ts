import { compareVersions } from '../formats/version.ts';
import type { Facts, Policy, Severity, ShellSetting } from '../model.ts';

/**
 * Who will set up a new machine once every fix is made. What exists decides; only where nobody or both would do it (CJ-9)
 * one is chosen: cloud-init where it is enabled, since the agent then refuses to provision, else the agent.
 */
export function provisionerToBe(facts: Facts, policy: Policy): 'waagent' | 'cloud-init' {
  const { provisioner, cloudInit } = facts.agent;
  if (policy.profile === 'seed-2018') return 'waagent';
  if (provisioner === 'waagent' || provisioner === 'cloud-init') return provisioner;
  return cloudInit.installed && cloudInit.enabled ? 'cloud-init' : 'waagent';
}

/** Whether cloud-init will configure the network of a new machine by itself, at its first boot. */
export function cloudInitDoesNetwork({ agent: { cloudInit } }: Facts): boolean {
  const { installed, enabled, disabledBy, networkOff } = cloudInit;
  return installed && enabled && disabledBy.length === 0 && networkOff === undefined;
}

/** The agent's settings; empty where there is no file or it cannot be read: ask for that first. */
export function agentSettings(facts: Facts): Readonly<Record<string, ShellSetting>> {
  const { settings } = facts.agent.waagent;
  return settings.is === 'there' ? settings.value : {};
}

/** The agent takes `y` and `n` in any case, and anything else for its default, which is n for these keys. */
export function isYes(value: string | undefined): boolean {
  return value?.toLowerCase() === 'y';
}

/** What one key of /etc/waagent.conf should say. */
export interface ConfRule {
  readonly key: string;
  readonly value: string;
  readonly severity: Severity;
  readonly holds: (now: string | undefined) => boolean;
  readonly because: string;
}

const yes = (key: string, because: string, severity: Severity = 'should'): ConfRule => ({
  key,
  value: 'y',
  severity,
  holds: isYes,
  because,
});

const no = (key: string, because: string, severity: Severity): ConfRule => ({
  key,
  value: 'n',
  severity,
  holds: (now) => !isYes(now),
  because,
});

/** The five lines of the article, character for character. */
const articleDisk = {
  'ResourceDisk.Format': 'y',
  'ResourceDisk.Filesystem': 'ext4',
  'ResourceDisk.MountPoint': '/mnt/resource',
  'ResourceDisk.EnableSwap': 'y',
  'ResourceDisk.SwapSizeMB': '2048',
};

/** The temporary disk has one owner: whoever provisions formats it and makes the swap there (CJ-7). */
export function resourceDiskRules(facts: Facts, policy: Policy): readonly ConfRule[] {
  if (policy.profile === 'seed-2018')
    return Object.entries(articleDisk).map(([key, value]) => ({
      key,
      value,
      severity: 'should',
      holds: (now) => now === value,
      because: 'the article of 2018 asks for it',
    }));
  if (provisionerToBe(facts, policy) === 'cloud-init')
    return [
      no('ResourceDisk.Format', 'cloud-init formats the temporary disk, and both would do it at once', 'must'),
      no('ResourceDisk.EnableSwap', 'with cloud-init swap is made by cloud-init', 'should'),
    ];
  const swapOn = isYes(agentSettings(facts)['ResourceDisk.EnableSwap']?.value);
  return [
    yes('ResourceDisk.Format', 'nobody else formats the temporary disk'),
    // A file system or mount point that somebody chose stays (CJ-15); unset means ext3.
    {
      key: 'ResourceDisk.Filesystem',
      value: 'ext4',
      severity: 'should',
      holds: (now) => now !== undefined && now !== '' && now !== 'ext3',
      because: 'unset, the agent makes ext3',
    },
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

/** Agents before this one know a pair of switches in place of Provisioning.Agent, and later ones ignore that pair. */
const agentKeySince = '2.2.45';

function whoRules(facts: Facts, policy: Policy): ConfRule[] {
  const { provisioner, waagent } = facts.agent;
  const wanted = provisionerToBe(facts, policy);
  if (provisioner === wanted) return [];
  const because =
    provisioner === 'none'
      ? 'as it stands nobody sets up the new machine'
      : provisioner === 'both'
        ? 'agent and cloud-init would both set up the new machine, and the agent then fails'
        : 'the article of 2018 has the agent set up the new machine';
  const exactly = (key: string, value: string): ConfRule => ({
    key,
    value,
    severity: 'must',
    // What it says is right already where something else is in the way, which another rule then names.
    holds: (now) => now === value,
    because,
  });
  if (waagent.version !== undefined && compareVersions(waagent.version, agentKeySince) < 0)
    return [
      exactly('Provisioning.Enabled', wanted === 'waagent' ? 'y' : 'n'),
      exactly('Provisioning.UseCloudInit', wanted === 'waagent' ? 'n' : 'y'),
    ];
  return [exactly('Provisioning.Agent', wanted)];
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
