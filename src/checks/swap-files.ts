import type { Facts } from '../model.ts';

/** The fix that --allow names: a file goes that somebody has made. */
export const allowSwapfile = 'delete-swapfile';

/** A file where the temporary disk is usually mounted: agent and cloud-init put theirs there. */
export function isUnderMountPoint({ what, source }: Facts['storage']['swaps'][number]): boolean {
  return what === 'file' && source.startsWith('/mnt/');
}
