import type { Guest, GuestFiles } from '../guest/guest.ts';

/** What the seal must know of the time before the agent ran. Written down, so that a second attempt knows it too. */
export interface Before {
  /** The text of the link /etc/resolv.conf; null where it was no link. */
  readonly resolvLink: string | null;
  /** The account that the provisioning medium had asked for. */
  readonly provisionedUser: string | null;
}

/** What was seen when an effect was looked for. */
export interface Seen {
  readonly done: boolean;
  readonly says: string;
}

/** One thing that the seal brings about. */
export interface Effect {
  readonly id: string;
  /** `agent`: waagent promises it, and a miss is told, not hidden. `prep-guest`: what the agent leaves, done by us. */
  readonly by: 'agent' | 'prep-guest';
  /** The rule that looks for the same. Skipped by name, the effect is left out where it is ours. */
  readonly rule?: string;
  /** What will be true afterwards: `SSH host keys are gone from /etc/ssh`. */
  readonly what: string;
  /** Done before the agent runs, which takes away what is needed for it. */
  prepare?(guest: Guest): Promise<void>;
  /** Done after the agent has run. */
  act?(guest: Guest, before: Before): Promise<void>;
  look(files: GuestFiles, before: Before): Promise<Seen>;
}

/** `gone` when nothing is left, else what is. */
export function seenGone(left: readonly string[]): Seen {
  return left.length === 0 ? { done: true, says: 'gone' } : { done: false, says: `still there: ${left.join(', ')}` };
}
