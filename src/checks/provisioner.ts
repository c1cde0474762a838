import { compareVersions } from '../formats/version.ts';
import type { Facts, Policy, ShellSetting } from '../model.ts';

/**
 * Who will set up a new machine once every fix is made. What exists decides; only where nobody or both would do it (CJ-9)
 * one is chosen: cloud-init where it is enabled, or named and only to be enabled, since the agent then refuses to provision;
 * else the agent.
 */
export function provisionerToBe(facts: Facts, policy: Policy): 'waagent' | 'cloud-init' {
  const { provisioner, cloudInit } = facts.agent;
  if (policy.profile === 'seed-2018') return 'waagent';
  if (provisioner === 'waagent' || provisioner === 'cloud-init') return provisioner;
  const canStart = cloudInit.enabled || (provisioner === 'none' && namesCloudInit(facts) && cloudInit.units.length > 0);
  return cloudInit.installed && canStart ? 'cloud-init' : 'waagent';
}

function namesCloudInit(facts: Facts): boolean {
  const settings = agentSettings(facts);
  return knowsAgentKey(facts)
    ? settings['Provisioning.Agent']?.value === 'cloud-init'
    : isYes(settings['Provisioning.UseCloudInit']?.value);
}

/** Agents before 2.2.45 know a pair of switches (Enabled, UseCloudInit) in place of Provisioning.Agent; later ones ignore the pair. */
export function knowsAgentKey({ agent: { waagent } }: Facts): boolean {
  return waagent.version === undefined || compareVersions(waagent.version, '2.2.45') >= 0;
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
