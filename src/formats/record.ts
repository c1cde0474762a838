/** A record without inherited names, for keys that come out of a guest's files: `constructor` is absent until it is set. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
