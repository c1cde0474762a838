import { distroOf } from '../families/distro/index.ts';
import { packageManagers } from '../families/package-manager/index.ts';
import { emptyRecord } from '../formats/record.ts';
import { readPackageSources } from '../formats/package-sources.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, OsFacts, SoftwareFacts } from '../model.ts';
import { below, glob, namesIn } from './folders.ts';

const folders: readonly GuestPath[] = [
  '/usr/sbin',
  '/sbin',
  '/usr/bin',
  '/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  // The daemons for Hyper-V of SUSE, and the service manager of OMI.
  '/usr/lib/hyper-v/bin',
  '/opt/omi/bin',
];

/** What the agent and cloud-init call, and what tells of other hypervisors and of OMI. */
const interesting =
  /^(?:openssl|s?fdisk|parted|user(?:add|mod)|chpasswd|sudo|ip|iptables|nft|eject|growpart|sgdisk|hypervkvpd|hv_kvp_daemon|omiserver|mkfs\.\w+)$/;

/** Files that checks look into: they see texts that were read. */
const patterns: readonly string[] = [
  '/etc/modules',
  '/etc/modules-load.d/*.conf',
  '/etc/X11/xorg.conf',
  '/etc/X11/xorg.conf.d/*.conf',
  '/etc/yum.conf',
];

/** Programs by name, and where packages come from. */
export async function scanSoftware(files: GuestFiles, os: OsFacts): Promise<SoftwareFacts> {
  const programs: Record<string, GuestPath> = emptyRecord<GuestPath>();
  for (const folder of folders) {
    for (const name of await namesIn(files, folder)) {
      if (interesting.test(name)) programs[name] ??= below(folder, name);
    }
  }
  for (const pattern of patterns) for (const path of await glob(files, pattern)) await files.text(path);
  return { programs, sources: await scanSources(files, os) };
}

async function scanSources(files: GuestFiles, os: OsFacts): Promise<SoftwareFacts['sources']> {
  const habits = distroOf(os.distro.family)?.packages;
  if (habits === undefined) return undefined;
  const found: NonNullable<SoftwareFacts['sources']>[number][] = [];
  for (const { at, as } of packageManagers[habits.manager(os)].sources) {
    for (const path of await glob(files, at)) {
      const text = await files.text(path);
      const read = text.is === 'there' ? readPackageSources(text.value, as) : [];
      found.push(...read.map(({ line, ...source }) => ({ ...source, at: { path, line } })));
    }
  }
  return found;
}
