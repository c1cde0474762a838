import type { Facts, GuestPath } from '../model.ts';

/** A value of waagent.conf as the agent takes it: `None` and an empty value are unset. */
function settingOf(facts: Pick<Facts, 'agent'>, key: string): string | undefined {
  const { settings } = facts.agent.waagent;
  const value = settings.is === 'there' ? settings.value[key]?.value : undefined;
  return value === undefined || value === 'None' || value === '' ? undefined : value;
}

/** Only y and n count, in any case; the agent takes anything else for its default, which is n for both asked for here. */
export function isOn(
  facts: Pick<Facts, 'agent'>,
  key: 'Provisioning.RegenerateSshHostKeyPair' | 'Provisioning.DeleteRootPassword',
): boolean {
  return settingOf(facts, key)?.toLowerCase() === 'y';
}

const defaults = {
  'OS.SshDir': '/etc/ssh',
  'OS.PasswordPath': '/etc/shadow',
  'Lib.Dir': '/var/lib/waagent',
  'Extension.LogDir': '/var/log/azure',
} as const satisfies Record<string, GuestPath>;

/** A folder or file that the agent works on. A path that is not absolute is of no use to it either: the default stands. */
export function pathOf(facts: Pick<Facts, 'agent'>, key: keyof typeof defaults): GuestPath {
  const value = settingOf(facts, key);
  return value?.startsWith('/') ? (value.replace(/(?<=.)\/+$/, '') as GuestPath) : defaults[key];
}
