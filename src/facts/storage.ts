import { parseFstab } from '../formats/fstab.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootLoader, GuestPath, StorageFacts } from '../model.ts';
import { readMountinfo, scanDisk } from './block-devices.ts';
import { liveIds, offlineIds } from './block-ids.ts';
import { liveMounts, offlineMounts } from './mounts.ts';
import { scanSwaps } from './swaps.ts';
import type { Units } from './units.ts';

/** What is mounted from where, on what it stands, and what swaps. On a mounted root no device is opened. */
export async function scanStorage(files: GuestFiles, boot: BootLoader, units: Units): Promise<StorageFacts> {
  const text = await files.text('/etc/fstab');
  const fstab: StorageFacts['fstab'] = text.is === 'there' ? { is: 'there', value: parseFstab(text.value) } : text;
  const entries = fstab.is === 'there' ? fstab.value : [];
  const live = files.where === 'live';
  const mounted = live ? await readMountinfo(files) : [];
  if (live) {
    // So that `links` holds where names like /dev/mapper/vg-root end.
    const devices = entries.filter((entry) => entry.source.startsWith('/dev/'));
    await Promise.all(devices.map((entry) => files.real(entry.source as GuestPath)));
  }
  const [mounts, ids, swaps, disk] = await Promise.all([
    live ? liveMounts(files, mounted) : offlineMounts(files, entries, boot),
    live ? liveIds(files, mounted) : offlineIds(files, entries, boot),
    scanSwaps(files, entries, units, mounted),
    scanDisk(files, mounted),
  ]);
  return { fstab, mounts, ids, swaps, disk };
}
