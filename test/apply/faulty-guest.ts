import type { Guest } from '../../src/guest/guest.ts';
import type { GuestPath } from '../../src/model.ts';

/** Every method of a guest that changes something. */
const changing = [
  'write',
  'link',
  'remove',
  'folder',
  'rename',
  'hardLinkOrCopy',
  'copy',
  'liken',
  'restoreStat',
  'append',
  'run',
] as const;
type Changing = (typeof changing)[number];

export interface Counted {
  readonly guest: Guest;
  /** The calls that changed something so far, in words. */
  readonly calls: readonly string[];
}

type Act = (...args: never[]) => Promise<unknown>;

/** Calls `meddle` before each change with its number, from 1; it may throw, or do the change itself and throw. */
function wrap(
  guest: Guest,
  meddle: (number: number, name: Changing, args: readonly unknown[], act: () => Promise<unknown>) => Promise<unknown>,
): Counted {
  const calls: string[] = [];
  const wrapped: Record<string, unknown> = { ...guest };
  for (const name of changing) {
    wrapped[name] = async (...args: never[]) => {
      // To remove what is not there changes nothing.
      if (name === 'remove' && (await guest.stat(args[0] as unknown as GuestPath)).is === 'absent') return;
      calls.push(`${name} ${String(args[0])}`);
      return meddle(calls.length, name, args, () => (guest[name] as Act)(...args));
    };
  }
  return { guest: wrapped as unknown as Guest, calls };
}

/** Counts changes, and lets them be. */
export function counting(guest: Guest): Counted {
  return wrap(guest, (_number, _name, _args, act) => act());
}

/** The n-th change fails, once. */
export function failingAt(guest: Guest, n: number): Counted {
  return wrap(guest, async (number, _name, _args, act) => {
    if (number === n) throw new Error('the disk says no');
    return act();
  });
}

/** The env variable by which a played program knows that the power goes while it works. */
export const halfway = 'HALFWAY';

/** What has become of a change when the power went in the middle of it. Files made beside and renamed are whole or not there. */
async function doHalf(
  guest: Guest,
  name: Changing,
  args: readonly unknown[],
  act: () => Promise<unknown>,
): Promise<void> {
  if (name === 'append') {
    const [path, content] = args as Parameters<Guest['append']>;
    await guest.append(path, content.slice(0, content.length / 2));
  } else if (name === 'write') {
    const [path, content, like] = args as Parameters<Guest['write']>;
    const stat = await guest.stat(path);
    // Written in place, since it has several names.
    const torn = stat.is === 'there' && stat.value.links > 1 ? content.slice(0, content.length / 2) : content;
    await guest.write(path, torn, like);
  } else if (name === 'run') {
    const [argv, limits] = args as Parameters<Guest['run']>;
    await guest.run(argv, { ...limits, env: { [halfway]: '1' } });
  } else {
    await act();
  }
}

/** The machine loses its power after the n-th change (`whole`) or in the middle of it (`half`). Then nothing answers. */
export function poweredOffAt(guest: Guest, n: number, how: 'whole' | 'half'): Counted {
  let off = false;
  const dead = () => Promise.reject(new Error('the power is off'));
  const counted = wrap(guest, async (number, name, args, act) => {
    if (off) return dead();
    if (number < n) return act();
    if (how === 'half') await doHalf(guest, name, args, act);
    else await act();
    off = true;
    return dead();
  });
  const reading: Record<string, unknown> = { ...counted.guest };
  for (const name of ['text', 'open', 'names', 'stat', 'target', 'real', 'free', 'obstacle'] as const) {
    reading[name] = (...args: never[]) => (off ? dead() : (guest[name] as Act)(...args));
  }
  return { guest: reading as unknown as Guest, calls: counted.calls };
}
