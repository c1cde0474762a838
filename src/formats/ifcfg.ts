import type { GuestPath, NetworkService } from '../model.ts';
import { type Notes, notePinnedName } from './network-notes.ts';
import { readShellVars } from './shell-vars.ts';

/** Where the files of SUSE stand; those of Red Hat are in /etc/sysconfig/network-scripts, with other keys for the same. */
const suse = '/etc/sysconfig/network/';

/** Reads ifcfg-NAME: a shell file, in the dialect of the folder that it stands in. */
export function noteIfcfg(text: string, path: GuestPath, notes: Notes): void {
  const settings = readShellVars(text, path);
  const of = (key: string) => settings[key]?.value.trim() ?? '';
  const fromFile = path.slice(path.lastIndexOf('/ifcfg-') + '/ifcfg-'.length);
  const name = of('DEVICE') || fromFile;
  if (name === 'lo') return;
  notePinnedName(name, settings['DEVICE']?.at.line ?? 1, notes);
  let pinned = false;
  let fixed = false;
  for (const [key, { value: raw, at }] of Object.entries(settings)) {
    const value = raw.trim();
    const line = at.line ?? 1;
    if (/^(?:IPADDR\w*|IPV6ADDR)$/.test(key) && value !== '') {
      fixed = true;
      notes.pin('static-address', `has the address ${value}`, line);
    }
    if (/^(?:HWADDR|MACADDR|LLADDR)$/.test(key) && value !== '') {
      pinned = true;
      notes.pin('mac', `is tied to the hardware address ${value}`, line);
    }
  }
  const dhcp = /^(?:dhcp4?|bootp|dhcp\+autoip|auto4)$/i.test(of('BOOTPROTO'));
  notes.profile(
    {
      name,
      fits: name === 'eth0' && !pinned,
      dhcp,
      fixed,
      idle: path.startsWith(suse) ? idleOnSuse(of('STARTMODE')) : idleOnRedHat(of('ONBOOT')),
      readBy: readers(path, of('NM_CONTROLLED')),
    },
    dhcp ? (settings['BOOTPROTO']?.at.line ?? 1) : 1,
  );
}

/** Not set means yes to the network scripts, and to NetworkManager. */
function idleOnRedHat(onboot: string): string | undefined {
  return /^(?:no|false|off|n|f|0)$/i.test(onboot) ? `ONBOOT=${onboot}` : undefined;
}

/** Not set means `manual` (ifcfg(5) of wicked). */
function idleOnSuse(mode: string): string | undefined {
  if (/^(?:auto|onboot|on|boot|hotplug|ifplugd|nfsroot)$/i.test(mode)) return undefined;
  return mode === '' ? 'no STARTMODE, which means manual' : `STARTMODE=${mode}`;
}

function readers(path: GuestPath, controlled: string): NetworkService[] {
  if (path.startsWith(suse)) return ['wicked', 'network'];
  return /^(?:no|false|off|n|f|0)$/i.test(controlled) ? ['network'] : ['network', 'networkmanager'];
}
