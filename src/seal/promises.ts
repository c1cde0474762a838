import { hostKeyMaker } from '../checks/host-keys.ts';
import { isOn, pathOf } from '../facts/agent-settings.ts';
import type { Facts } from '../model.ts';
import { agentEffects } from './agent-effects.ts';
import type { Effect } from './effect.ts';
import { ownEffects } from './own-effects.ts';

export interface SealOptions {
  /** `-deprovision+user`: the account that provisioning made goes too. */
  readonly removeUser: boolean;
  /** Rules that were skipped by name: what prep-guest itself would do for them is not done. */
  readonly skip?: readonly string[];
}

/** One line of what the seal will bring about. `nobody`: what stays although one might think otherwise. */
export interface Promised {
  readonly id: string;
  readonly by: Effect['by'] | 'nobody';
  readonly what: string;
}

/** Every effect, in the order in which they are looked at. */
export function effectsOf(facts: Facts, options: SealOptions): Effect[] {
  const skipped = (rule: string | undefined) => rule !== undefined && options.skip?.includes(rule);
  return [...agentEffects(facts, options), ...ownEffects(facts, options).filter(({ rule }) => !skipped(rule))];
}

/**
 * What the seal will do to this guest, by its agent's configuration and its distribution, before anything is done: to be
 * shown, since none of it can be undone.
 */
export function promises(facts: Facts, options: SealOptions): Promised[] {
  const promised: Promised[] = effectsOf(facts, options).map(({ id, by, what }) => ({ id, by, what }));
  promised.push({
    id: 'originals',
    by: 'prep-guest',
    what: 'originals kept for a rollback are gone: no rollback after this',
  });
  return [...promised, ...staying(facts)];
}

/** What stays, and is worth a warning. */
export function staying(facts: Facts): Promised[] {
  if (isOn(facts, 'Provisioning.RegenerateSshHostKeyPair') || hostKeyMaker(facts) !== undefined) return [];
  const what =
    `the SSH host keys in ${pathOf(facts, 'OS.SshDir')} stay: Provisioning.RegenerateSshHostKeyPair is not y, and nothing ` +
    'else would make new ones; every machine made from this image will have the same';
  return [{ id: 'ssh-host-keys', by: 'nobody', what }];
}
