import type { GuestPath } from '../model.ts';
import { dropIns, glob } from './folders.ts';
import type { RecordingFiles } from './recording-files.ts';

/** Single files of the network that checks look into, of all families. */
const single: readonly GuestPath[] = [
  '/etc/sysconfig/network',
  '/etc/dhcp/dhclient.conf',
  '/etc/dhclient.conf',
  '/etc/dhcpcd.conf',
  '/etc/hosts',
  '/etc/hostname',
  '/etc/HOSTNAME',
  '/etc/resolv.conf',
  // What packet filters are restored from at boot.
  '/etc/sysconfig/iptables',
  '/etc/iptables/rules.v4',
  '/etc/iptables/iptables.rules',
  '/etc/nftables.conf',
  '/etc/sysconfig/nftables.conf',
  '/etc/firewalld/direct.xml',
];

const patterns: readonly string[] = [
  '/usr/lib/dracut/modules.d/*network*/dhclient.conf',
  '/etc/nftables/*.nft',
  '/etc/firewalld/zones/*.xml',
  '/etc/firewalld/policies/*.xml',
  '/etc/ufw/*.rules',
];

/** Most important first. */
export const ruleFolders: readonly GuestPath[] = [
  '/etc/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
  '/usr/lib64/udev/rules.d',
];

/** Has the scan read these files: checks see texts that were read. */
export async function readNetworkTexts(files: RecordingFiles): Promise<void> {
  const isFile = async (path: GuestPath) => {
    const stat = await files.stat(path);
    // On SUSE /etc/sysconfig/network is a folder.
    return stat.is !== 'there' || stat.value.type !== 'folder';
  };
  const found = await Promise.all(patterns.map((pattern) => glob(files, pattern)));
  // Of the hundred rules that systemd ships none is about cards that belong to others.
  const fits = (path: GuestPath) => path.startsWith('/etc/') || /azure|sriov|unmanaged/i.test(path);
  const rules = await dropIns(files, ruleFolders, (name) => name.endsWith('.rules'));
  const paths = [...single, ...found.flat(), ...rules.filter(fits)];
  await Promise.all(paths.map(async (path) => (await isFile(path)) && files.text(path)));
}
