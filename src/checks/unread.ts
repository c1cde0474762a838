import type { Facts } from '../model.ts';
import type { Doubt } from './answer.ts';

/** Files of this kind that are there but could not be read, or only in part: what they say is not known. */
export function unread(facts: Facts, which: RegExp): Doubt[] {
  return Object.entries(facts.unreadable)
    .filter(([path]) => which.test(path))
    .map(([about, why]) => ({ about, why }));
}

/** Where the network of any family is configured. */
export const networkFiles =
  /^\/(etc|usr\/lib|lib|run)\/(netplan|network|systemd\/network|NetworkManager|sysconfig\/network|wicked\/ifconfig)/;
