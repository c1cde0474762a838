import { splitLines } from '../formats/lines.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { Evidence, GuestPath, SystemFacts } from '../model.ts';
import { firstThere, glob, isThere } from './folders.ts';

/** The last line that fits, which is the one that counts. */
async function lastLine(files: GuestFiles, paths: readonly GuestPath[], fits: RegExp): Promise<Evidence | undefined> {
  let found: Evidence | undefined;
  for (const path of paths) {
    const text = await files.text(path);
    for (const [at, line] of splitLines(text.is === 'there' ? text.value : '').entries())
      if (fits.test(line.text)) found = { path, line: at + 1, text: line.text.trim() };
  }
  return found;
}

/** What registering with a vendor and installing leave: identities, and answers with hashes of passwords in them. */
const registrations: readonly string[] = [
  '/etc/pki/consumer/cert.pem',
  '/etc/insights-client/machine-id',
  '/var/lib/rhsm/cache/*',
  '/etc/zypp/credentials.d/SCCcredentials',
  '/etc/SUSEConnect',
  '/etc/sysconfig/rhn/systemid',
  '/root/anaconda-ks.cfg',
  '/root/original-ks.cfg',
  '/var/log/anaconda/*',
  '/var/lib/ubuntu-advantage/private/machine-token.json',
];

async function present(files: GuestFiles, patterns: readonly string[]): Promise<readonly GuestPath[]> {
  return (await Promise.all(patterns.map((pattern) => glob(files, pattern)))).flat();
}

/** systemd starts a getty on each console of the kernel line; sysvinit, busybox and upstart only where a file says so. */
async function scanSerialLogin(files: GuestFiles): Promise<SystemFacts['serialLogin']> {
  let masked: GuestPath | undefined;
  for (const name of ['serial-getty@ttyS0', 'serial-getty@ttyAMA0', 'serial-getty@'] as const) {
    const path: GuestPath = `/etc/systemd/system/${name}.service`;
    const target = await files.target(path);
    if (target.is === 'there' && target.value === '/dev/null') masked ??= path;
  }
  const places = ['/etc/inittab', ...(await glob(files, '/etc/init/ttyS*.conf'))] as readonly GuestPath[];
  return {
    masked,
    on: await lastLine(files, places, /^[^#]*getty\b.*\btty(?:S|AMA)\d/),
    off: await lastLine(files, places, /^#\s*\w{0,4}:\d*:respawn:.*getty\b.*\btty(?:S|AMA)\d/),
  };
}

/** SELinux, the clock, LVM's list of devices, registrations: what else a clone inherits. */
export async function scanSystem(files: GuestFiles): Promise<SystemFacts> {
  const selinux = await lastLine(files, ['/etc/selinux/config'], /^\s*SELINUX\s*=/);
  const mode = /=\s*(enforcing|permissive|disabled)\b/.exec(selinux?.text ?? '')?.[1] as SystemFacts['selinux']['mode'];
  const chrony = await firstThere(files, ['/etc/chrony.conf', '/etc/chrony/chrony.conf']);
  const drops = [...(await glob(files, '/etc/chrony/conf.d/*.conf')), ...(await glob(files, '/etc/chrony.d/*.conf'))];
  const devices: GuestPath = '/etc/lvm/devices/system.devices';
  // The order in which systemd reads them; sysctl.conf last.
  const sysctls = [
    ...(await glob(files, '/usr/lib/sysctl.d/*.conf')),
    ...(await glob(files, '/etc/sysctl.d/*.conf')),
    '/etc/sysctl.conf' as const,
  ];
  return {
    serialLogin: await scanSerialLogin(files),
    sysrq: await lastLine(files, sysctls, /^\s*-?kernel[./]sysrq\s*=/),
    selinux: { mode, at: selinux, relabels: await isThere(files, '/.autorelabel') },
    chrony: chrony && {
      path: chrony,
      ptp: await lastLine(files, [chrony, ...drops], /^\s*refclock\s+PHC\s+\/dev\/ptp/),
    },
    lvmDevices: await lastLine(files, [devices], /^(?!#)[^#]*IDTYPE=(?:sys_wwid|sys_serial|devname)/),
    registrations: await present(files, registrations),
  };
}
