import type { NetworkFacts, NetworkProfile } from '../model.ts';
import { globTest } from './glob.ts';

/** What the readers of network configurations have in common. */

type Pin = NetworkFacts['pins'][number];

/** Collects what one file says. */
export interface Notes {
  pin(what: Pin['what'], says: string, line: number): void;
  profile(profile: Omit<NetworkProfile, 'format' | 'at'>, line: number): void;
  unread(line: number): void;
}

/** The one card of a machine on Hyper-V: such devices have no slot that another name could be made of. */
const card = 'eth0';
const driver = 'hv_netvsc';

/** Notes a name that only some other machine's card has. A pattern is no such name. */
export function notePinnedName(name: string, line: number, notes: Notes): void {
  if (name !== '' && name !== 'lo' && name !== card && !/[*?[!]/.test(name)) {
    notes.pin('interface-name', `configures ${name} only`, line);
  }
}

/** Whether a list of names or patterns takes the card in; an empty list does. A `!` before the first turns the list around. */
export function namesFit(names: readonly string[], wanted: string = card): boolean {
  const words = names.filter((name) => name !== '');
  if (words.length === 0) return true;
  const negated = words[0]?.startsWith('!') === true;
  return words.some((word) => globTest(word.replace(/^!/, ''))(wanted)) !== negated;
}

export function driversFit(drivers: readonly string[]): boolean {
  return namesFit(drivers, driver);
}
