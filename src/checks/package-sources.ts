import { distroOf } from '../families/distro/index.ts';
import type { RepositoryHabits } from '../families/distro/package-habits.ts';
import type { Facts, SoftwareFacts } from '../model.ts';
import { unread } from './unread.ts';

export type Source = NonNullable<SoftwareFacts['sources']>[number];

/** What a family expects of its package sources; undefined for one that nobody knows. */
export function repositoriesOf({ os }: Facts): RepositoryHabits | undefined {
  return distroOf(os.distro.family)?.packages.repositories;
}

/** Discs and folders hold what was there when the guest was installed. */
const local = /^(?:cdrom|cd|dvd|hd|iso|dir|file|copy):/;

/** Sources that are on, and reach beyond this guest. */
export function usableSources({ software }: Facts): readonly Source[] {
  return (software.sources ?? []).filter(({ enabled, address }) => enabled && !local.test(address));
}

/** Configurations of package sources that could not be read. */
export const unreadSources = (facts: Facts) =>
  unread(facts, /^\/etc\/(?:apt\/sources|yum\.(?:repos\.d|conf)|dnf\/|zypp\/|apk\/repositories|pacman\.conf)/);
