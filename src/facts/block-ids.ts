import type { GuestFiles } from '../guest/guest.ts';
import type { BlockId, BootLoader, FstabEntry, GuestPath } from '../model.ts';
import type { LiveMount } from './block-devices.ts';
import { defaultArg } from './boot.ts';
import { below, namesIn } from './folders.ts';

type Key = 'uuid' | 'partuuid' | 'label';

const folders: readonly { readonly key: Key; readonly path: GuestPath }[] = [
  { key: 'uuid', path: '/dev/disk/by-uuid' },
  { key: 'partuuid', path: '/dev/disk/by-partuuid' },
  { key: 'label', path: '/dev/disk/by-label' },
];

/** Devices by the names that udev has linked. */
export async function liveIds(files: GuestFiles, mounts: readonly LiveMount[]): Promise<BlockId[]> {
  const devices = new Map<string, { -readonly [K in Key]?: string }>();
  for (const { key, path } of folders) {
    for (const name of await namesIn(files, path)) {
      const real = await files.real(below(path, name));
      if (real.is !== 'there') continue;
      const names = devices.get(real.value) ?? {};
      names[key] = unescapeHex(name);
      devices.set(real.value, names);
    }
  }
  if (devices.size === 0) return cachedIds(files);
  return [...devices].map(([device, { uuid, partuuid, label }]) => {
    const type = mounts.find((mount) => mount.source === device)?.type;
    return { device, uuid, partuuid, label, type };
  });
}

/** udev's way to write what a file name cannot hold: `\x20`. */
function unescapeHex(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Without opening any device: what the preparing machine knows of those mounted here, under the names that the guest's own
 * files give them, and two names that these files give its root. What blkid once wrote down in the guest is not asked: a
 * clone or a new file system has another UUID, and a wrong one does not boot.
 */
export async function offlineIds(
  files: GuestFiles,
  fstab: readonly FstabEntry[],
  boot: BootLoader,
): Promise<BlockId[]> {
  const mounted = (await files.mounted?.()) ?? [];
  const known = mounted.flatMap(({ at, uuid, partuuid, type }): BlockId[] => {
    if (uuid === undefined && partuuid === undefined) return [];
    const names = [fstab.findLast((entry) => entry.target === at)?.source, at === '/' ? defaultArg(boot, 'root') : ''];
    // What is mounted here is not what the guest mounts there.
    const isOther = names.some(
      (name) => name?.startsWith('UUID=') && uuid !== undefined && idIn(name, 'UUID') !== uuid,
    );
    const devices = names.flatMap((name) => (name !== undefined && isDevice(name) ? [name] : []));
    return isOther ? [] : [...new Set(devices)].map((device) => ({ device, uuid, partuuid, label: undefined, type }));
  });
  const root = pairOf(fstab.find((entry) => entry.target === '/')?.source, defaultArg(boot, 'root'));
  return root === undefined || known.some((id) => id.device === root.device) ? known : [...known, root];
}

function isDevice(name: string): boolean {
  return name.startsWith('/dev/') && !name.startsWith('/dev/disk/');
}

function idIn(name: string, key: string): string | undefined {
  return name.startsWith(`${key}=`) ? name.slice(key.length + 1).replaceAll('"', '') : undefined;
}

/** Of this boot; those below /etc may be of any. */
const cache: GuestPath = '/run/blkid/blkid.tab';

/** `<device DEVNO="0x0801" UUID="…" TYPE="ext4">/dev/sda1</device>`, one to a line (libblkid). For a machine without udev. */
async function cachedIds(files: GuestFiles): Promise<BlockId[]> {
  const text = await files.text(cache);
  if (text.is !== 'there') return [];
  return [...text.value.matchAll(/^<device\s([^>]*)>([^<]+)<\/device>/gm)].map(([, attributes = '', device = '']) => {
    const of = (name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1];
    return { device, uuid: of('UUID'), partuuid: of('PARTUUID'), label: of('LABEL'), type: of('TYPE') };
  });
}

/** fstab and the kernel line both name what `/` is on: where one says a device and the other an id, they belong together. */
function pairOf(one: string | undefined, other: string | undefined): BlockId | undefined {
  const names = [one, other].flatMap((name) => (name === undefined ? [] : [name]));
  const device = names.find(isDevice);
  const id = names.find((name) => /^(?:(?:PART)?UUID|LABEL)=/.test(name));
  if (device === undefined || id === undefined) return undefined;
  return {
    device,
    uuid: idIn(id, 'UUID'),
    partuuid: idIn(id, 'PARTUUID'),
    label: idIn(id, 'LABEL'),
    type: undefined,
  };
}
