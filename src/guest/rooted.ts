import { statSync } from 'node:fs';
import type { Where } from '../model.ts';
import type { Guest, GuestFiles } from './guest.ts';
import { GuestError } from './guest-error.ts';
import { findMountedDevices } from './mounted-devices.ts';
import { createReading } from './reading.ts';
import { openRoot, type Root } from './resolve.ts';
import { createWriting } from './writing.ts';

/** Opens the root, and refuses to take the running machine for a mounted guest, under whatever name it goes. */
function openGuestRoot(folder: string, where: Where): Root {
  const root = openRoot(folder);
  const machine = statSync('/');
  if (where === 'offline' && root.stat.dev === machine.dev && root.stat.ino === machine.ino) {
    throw new GuestError('EINVAL', '/', `${folder} is the root of the running machine, not of a mounted guest`);
  }
  return root;
}

function beneath(root: Root, where: Where): Pick<GuestFiles, 'mounted'> {
  return where === 'offline' ? { mounted: async () => findMountedDevices(root.host) } : {};
}

/**
 * A guest to look at. There is no method that writes, at run time neither: this is all that scanners and the watch are
 * handed. Throws a GuestError when `folder` is not a folder, or is the running machine's `/` although `where` is offline.
 */
export function createReadOnlyGuest(folder: string, where: Where): GuestFiles {
  const root = openGuestRoot(folder, where);
  return Object.freeze({ where, ...createReading(root), ...beneath(root, where) });
}

/** A guest to look at and to change. What cannot be done throws a GuestError, with `code` and the guest's `path`. */
export function createRootedGuest(folder: string, where: Where): Guest {
  const root = openGuestRoot(folder, where);
  return Object.freeze({
    where,
    ...createReading(root),
    ...beneath(root, where),
    ...createWriting(root),
    // Loaded when a program is run: whoever only looks does not pay for it at each start.
    run: async (...[argv, limits]: Parameters<Guest['run']>) =>
      (await import('./commands.ts')).runProgram(root, where, argv, limits),
  });
}
