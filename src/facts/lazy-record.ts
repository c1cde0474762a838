import { emptyRecord } from '../formats/record.ts';

/**
 * A record whose entries are cut out of a text when somebody asks for one of them. It is used, listed, printed and compared
 * as any other record; only that of thousands of entries, of which rules ask for thirty, no more than those are made.
 *
 * `one` and `all` must agree: what `one` finds under a name is what `all` has there. (Only structuredClone refuses it.)
 */
export function lazyRecord<T>(
  one: (name: string) => T | undefined,
  all: () => Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const known = new Map<string, T | undefined>();
  let whole: Readonly<Record<string, T>> | undefined;
  const find = (name: string | symbol): T | undefined => {
    if (typeof name === 'symbol') return undefined;
    if (whole !== undefined) return whole[name];
    if (!known.has(name)) known.set(name, one(name));
    return known.get(name);
  };
  const refuse = () => false;
  return new Proxy(emptyRecord<T>(), {
    get: (_, name) => find(name),
    has: (_, name) => find(name) !== undefined,
    ownKeys: () => {
      whole ??= all();
      return Object.keys(whole);
    },
    getOwnPropertyDescriptor: (_, name) => {
      const value = find(name);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: false };
    },
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  });
}
