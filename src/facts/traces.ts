import type { GuestFiles } from '../guest/guest.ts';
import type { Facts, GuestPath, OsFacts, Read, TraceFacts, TraceName } from '../model.ts';
import { pathOf } from './agent-settings.ts';

/** What has to be known of a guest to look for the traces of its use. */
export type Traced = Pick<Facts, 'agent'> & { readonly os: Pick<OsFacts, 'init'> };

/** Paths in a folder whose name matches; a folder that is not there holds none. Throws when it cannot be read. */
export async function pathsIn(files: GuestFiles, folder: GuestPath, name: RegExp = /./): Promise<GuestPath[]> {
  const names = await files.names(folder);
  if (names.is === 'unreadable') throw new Error(`${folder} cannot be read: ${names.why}`);
  if (names.is === 'absent') return [];
  return names.value.filter((one) => name.test(one)).map((one) => `${folder}/${one}` as GuestPath);
}

/** Those of the paths that are regular files, or links to one: what the agent's own test (os.path.isfile) lets it remove. */
export async function filesAt(files: GuestFiles, paths: readonly GuestPath[]): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  for (const path of paths) {
    const real = await files.real(path);
    const stat = real.is === 'there' ? await files.stat(real.value) : real;
    if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
    if (stat.is === 'there' && stat.value.type === 'file') found.push(path);
  }
  return found;
}

/** Those of the paths where something stands. */
export async function present(files: GuestFiles, paths: readonly GuestPath[]): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  for (const path of paths) {
    const stat = await files.stat(path);
    if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
    if (stat.is === 'there') found.push(path);
  }
  return found;
}

async function inFolders(files: GuestFiles, folders: readonly GuestPath[], name?: RegExp): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  for (const folder of folders) found.push(...(await pathsIn(files, folder, name)));
  return found;
}

export const machineIdFile: GuestPath = '/etc/machine-id';
const dbusMachineIdFile: GuestPath = '/var/lib/dbus/machine-id';

/** No id, or the word by which systemd asks its first-boot questions. */
export function isResetId(text: string): boolean {
  return text.trim() === '' || text.trim() === 'uninitialized';
}

async function machineId(files: GuestFiles, { os }: Traced): Promise<GuestPath[]> {
  const text = await files.text(machineIdFile);
  if (text.is === 'unreadable') throw new Error(`${machineIdFile} cannot be read: ${text.why}`);
  if (text.is === 'absent') return [];
  // Without systemd dbus makes an id only where there is no file.
  return os.init === 'systemd' && isResetId(text.value) ? [] : [machineIdFile];
}

/** Where the systems of all ages keep what seeds the random numbers of the next start. */
const seeds: readonly GuestPath[] = [
  '/var/lib/systemd/random-seed',
  '/var/lib/urandom/random-seed',
  // RHEL 6.
  '/var/lib/random-seed',
  // SLES 11 and Alpine.
  '/var/lib/misc/random-seed',
  '/var/lib/seedrng/seed.credit',
  '/var/lib/seedrng/seed.no-credit',
  // systemd-boot.
  '/boot/efi/loader/random-seed',
  '/efi/loader/random-seed',
  '/boot/loader/random-seed',
];

async function otherLeases(files: GuestFiles): Promise<GuestPath[]> {
  return [
    ...(await pathsIn(files, '/var/lib/NetworkManager', /^(?:internal|dhclient6)-.*\.lease$/)),
    // With the identity that wicked shows to DHCP servers: clones would share it.
    ...(await pathsIn(files, '/var/lib/wicked', /^(?:lease-.*|duid\.xml|iaid\.xml)$/)),
    ...(await inFolders(files, ['/var/lib/dhcp3', '/var/lib/dhcpcd5', '/var/db/dhcpcd'])),
    ...(await pathsIn(files, '/var/lib/dhcp6', /leases|duid/)),
    ...(await pathsIn(files, '/etc', /^dhcpcd\.duid$/)),
  ];
}

async function cloudInit(files: GuestFiles): Promise<GuestPath[]> {
  const logs = /^cloud-init(-output)?\.log/;
  return [...(await pathsIn(files, '/var/lib/cloud')), ...(await pathsIn(files, '/var/log', logs))];
}

/** Where each trace lies. Throws where it cannot be told. */
export const traces: Readonly<Record<TraceName, (files: GuestFiles, guest: Traced) => Promise<GuestPath[]>>> = {
  // As the agent's pattern `ssh_host_*key*`.
  'host-keys': async (files, guest) =>
    filesAt(files, await pathsIn(files, pathOf(guest, 'OS.SshDir'), /^ssh_host_.*key/)),
  leases: async (files) => [
    ...(await inFolders(files, ['/var/lib/dhclient', '/var/lib/dhcpcd', '/var/lib/dhcp'])),
    ...(await pathsIn(files, '/var/lib/NetworkManager', /^dhclient-.*\.lease$/)),
  ],
  'other-leases': otherLeases,
  'random-seeds': (files) => present(files, seeds),
  'cloud-init': cloudInit,
  'agent-state': (files, guest) => inFolders(files, [pathOf(guest, 'Lib.Dir'), pathOf(guest, 'Extension.LogDir')]),
  'agent-log': (files) => filesAt(files, ['/var/log/waagent.log', '/root/.bash_history']),
  'machine-id': machineId,
  // Usually a link to the other. A file of its own would be a second identity.
  'dbus-machine-id': async (files) => {
    const stat = await files.stat(dbusMachineIdFile);
    return stat.is === 'there' && stat.value.type === 'file' ? [dbusMachineIdFile] : [];
  },
  'old-passwords': (files) => present(files, ['/etc/shadow-', '/etc/gshadow-']),
};

/** Looks for every trace of use. */
export async function scanTraces(files: GuestFiles, guest: Traced): Promise<TraceFacts> {
  const look = async (name: TraceName): Promise<readonly [TraceName, Read<readonly GuestPath[]>]> => {
    try {
      return [name, { is: 'there', value: await traces[name](files, guest) }];
    } catch (error) {
      return [name, { is: 'unreadable', why: (error as Error).message }];
    }
  };
  const found = await Promise.all((Object.keys(traces) as TraceName[]).map(look));
  return Object.fromEntries(found) as unknown as TraceFacts;
}
