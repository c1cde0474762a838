import { scanPackages } from '../facts/packages.ts';
import type { Guest, GuestFiles } from '../guest/guest.ts';
import { asciiJson } from '../journal/entry.ts';
import type { GuestPath } from '../model.ts';

/** Installed packages: name to version. */
export type PackageList = Readonly<Record<string, string>>;

/** What is installed now. Throws a sentence where that cannot be told. */
export async function installedNow(guest: GuestFiles): Promise<PackageList> {
  const list = await scanPackages(guest);
  if (list.is === 'there') return list.value;
  throw new Error(
    list.is === 'absent' ? 'the guest has no list of installed packages' : `the list of packages: ${list.why}`,
  );
}

/** Keeps a list in the run's folder. */
export async function keepList(guest: Guest, at: GuestPath, list: PackageList): Promise<void> {
  await guest.write(at, Buffer.from(asciiJson(list)), { mode: 0o600 });
}

/** A list that was kept; undefined where there is none. */
export async function keptList(guest: GuestFiles, at: GuestPath): Promise<PackageList | undefined> {
  const text = await guest.text(at);
  if (text.is === 'absent') return undefined;
  if (text.is === 'unreadable') throw new Error(`${at} cannot be read: ${text.why}`);
  return JSON.parse(text.value) as PackageList;
}

/** Names that `after` holds and `before` does not. */
export function addedSince(before: PackageList, after: PackageList): string[] {
  return Object.keys(after).filter((name) => before[name] === undefined);
}

/** Packages that are gone or have another version, in words. */
export function lostSince(before: PackageList, after: PackageList): string[] {
  return Object.entries(before).flatMap(([name, version]) => {
    const now = after[name];
    if (now === version) return [];
    return now === undefined ? [`${name} ${version} is gone`] : [`${name} ${version} is ${now} now`];
  });
}
