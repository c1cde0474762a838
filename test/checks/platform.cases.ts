import type { Facts, GuestPath } from '../../src/model.ts';
import { type Bendable, entry, nth, rootUuid, setting } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

const gib = 2 ** 30;

function disk(bytes: number, firstPartitionStart: number | undefined = 2048) {
  return (facts: Bendable<Facts>) => {
    facts.where = 'live';
    facts.storage.disk = { is: 'there', value: { name: 'sda', bytes, firstPartitionStart } };
  };
}

function liveWithout(facts: Bendable<Facts>): void {
  facts.where = 'live';
  facts.storage.disk = { is: 'unreadable', why: 'no /sys' };
}

function fstab(...texts: string[]) {
  return (facts: Bendable<Facts>) => {
    facts.texts['/etc/fstab'] = `${texts.join('\n')}\n`;
    facts.storage.fstab = {
      is: 'there',
      value: texts.map((text, at) => {
        const [source = '', target = '', type = '', options = ''] = text.split(/\s+/);
        return { source, target, type, options: options.split(',').filter(Boolean), line: at + 1, text };
      }),
    };
  };
}

const root = `UUID=${rootUuid} / ext4 errors=remount-ro 0 1`;
const line = (text: string, to: string, at = 1, path: GuestPath = '/etc/fstab') => ({
  kind: 'line' as const,
  path,
  line: at,
  text,
  to,
});

function byDevice(facts: Bendable<Facts>): void {
  if (facts.boot.kind !== 'grub2') return;
  facts.boot.entries = [entry({ args: ['root=/dev/vda1', 'ro', ...(facts.boot.nextArgs ?? [])] })];
}

/** A guest with these files below /boot/efi/EFI; those whose text begins with MZ are programs for x86_64. */
function withEsp(
  id: string,
  files: Readonly<Record<string, string>>,
  firmware: 'bios' | 'uefi' | 'both' | 'unknown' = 'uefi',
) {
  return (facts: Bendable<Facts>) => {
    const [name = '', family = 'debian'] = id.split(' ');
    facts.os.distro.id = name;
    facts.os.distro.family = family as Facts['os']['distro']['family'];
    facts.os.firmware = { is: firmware, evidence: [] };
    facts.esp = {
      is: 'there',
      value: {
        folder: esp,
        files: Object.entries(files).map(([at, text]) => {
          const is = text.startsWith('MZ arm') ? 'aarch64' : text.startsWith('MZ') ? 'x86_64' : 'no-program';
          return { path: `${esp}/${at}` as const, is, bytes: text.length, digest: text };
        }),
      },
    };
  };
}

const esp = '/boot/efi/EFI';
const loaderCopy = (to: string, from: string) => {
  return { kind: 'file' as const, path: `${esp}/${to}` as const, is: { copyOf: `${esp}/${from}` as const } };
};
const shimOf = (vendor: string) => ({ [`${vendor}/shimx64.efi`]: 'MZ shim', [`${vendor}/grubx64.efi`]: 'MZ grub' });
const suseShim = { 'sles/shim.efi': 'MZ shim', 'sles/grub.efi': 'MZ grub', 'sles/MokManager.efi': 'MZ mok' };

export const platform: Cases = {
  'uefi-fallback-loader': [
    { guest: 'that starts by BIOS', is: 'not-applicable' },
    { guest: 'of generation 1', bend: withEsp('debian', {}), policy: { targets: ['gen1'] }, is: 'not-applicable' },
    {
      guest: 'with the loader, in small letters',
      bend: withEsp('ubuntu ubuntu', {
        'boot/bootx64.efi': 'MZ shim',
        'boot/grubx64.efi': 'MZ grub',
        ...shimOf('ubuntu'),
      }),
      is: 'pass',
      says: /EFI\/boot\/bootx64\.efi is there/,
    },
    {
      guest: 'of Ubuntu without it: the stub is found from anywhere',
      bend: withEsp('ubuntu ubuntu', { ...shimOf('ubuntu'), 'ubuntu/mmx64.efi': 'MZ mm', 'ubuntu/grub.cfg': 'stub' }),
      is: 'fail',
      severity: 'must',
      wants: [
        loaderCopy('BOOT/grubx64.efi', 'ubuntu/grubx64.efi'),
        loaderCopy('BOOT/mmx64.efi', 'ubuntu/mmx64.efi'),
        loaderCopy('BOOT/BOOTX64.EFI', 'ubuntu/shimx64.efi'),
      ],
    },
    {
      guest: 'that starts by BIOS as well',
      bend: withEsp('ubuntu ubuntu', shimOf('ubuntu'), 'both'),
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'that starts by BIOS as well and should as generation 2',
      bend: withEsp('ubuntu ubuntu', shimOf('ubuntu'), 'both'),
      policy: { targets: ['gen2'] },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'of Debian without shim',
      bend: withEsp('debian', { 'debian/grubx64.efi': 'MZ grub' }),
      is: 'fail',
      wants: [loaderCopy('BOOT/BOOTX64.EFI', 'debian/grubx64.efi')],
    },
    {
      guest: 'of RHEL whose fallback program is there',
      bend: withEsp('rhel rhel', { 'BOOT/fbx64.efi': 'MZ fb', ...shimOf('redhat'), 'redhat/BOOTX64.CSV': 'list' }),
      is: 'fail',
      wants: [loaderCopy('BOOT/BOOTX64.EFI', 'redhat/shimx64.efi')],
    },
    {
      guest: 'of RHEL whose fallback program has no list to read',
      bend: withEsp('rhel rhel', { 'BOOT/fbx64.efi': 'MZ fb', ...shimOf('redhat') }),
      is: 'fail',
      wants: [],
      advice: /dnf reinstall shim-x64 grub2-efi-x64/,
    },
    {
      guest: 'of Debian with a fallback program and its list',
      bend: withEsp('debian', { ...shimOf('debian'), 'debian/fbx64.efi': 'MZ fb', 'debian/BOOTX64.CSV': 'list' }),
      is: 'fail',
      wants: [loaderCopy('BOOT/fbx64.efi', 'debian/fbx64.efi'), loaderCopy('BOOT/BOOTX64.EFI', 'debian/shimx64.efi')],
    },
    {
      guest: 'of SUSE: its GRUB reads the menu beside it',
      bend: withEsp('sles suse', { ...suseShim, 'sles/grub.cfg': 'stub' }),
      is: 'fail',
      wants: [
        loaderCopy('BOOT/grub.efi', 'sles/grub.efi'),
        loaderCopy('BOOT/MokManager.efi', 'sles/MokManager.efi'),
        loaderCopy('BOOT/grub.cfg', 'sles/grub.cfg'),
        loaderCopy('BOOT/BOOTX64.EFI', 'sles/shim.efi'),
      ],
    },
    {
      guest: 'with systemd-boot alone, on a firmware that nothing else tells',
      bend: withEsp('arch arch', { 'systemd/systemd-bootx64.efi': 'MZ sd' }, 'unknown'),
      is: 'fail',
      severity: 'must',
      wants: [loaderCopy('BOOT/BOOTX64.EFI', 'systemd/systemd-bootx64.efi')],
    },
    {
      guest: 'whose loader is cut off',
      bend: withEsp('debian', { 'Boot/bootx64.efi': '', 'debian/grubx64.efi': 'MZ grub' }),
      is: 'fail',
      says: /no PE header/,
      wants: [loaderCopy('Boot/bootx64.efi', 'debian/grubx64.efi')],
    },
    {
      guest: 'whose loader is for another machine',
      bend: withEsp('debian', { 'BOOT/BOOTX64.EFI': 'MZ arm grub' }),
      is: 'fail',
      says: /not for this machine \(x86_64\)/,
      wants: [],
      advice: /grub-install --target=x86_64-efi --removable/,
    },
    {
      guest: 'whose shim has nothing to start',
      bend: withEsp('ubuntu ubuntu', { 'BOOT/BOOTX64.EFI': 'MZ shim', ...shimOf('ubuntu') }),
      is: 'fail',
      says: /neither fbx64\.efi nor grubx64\.efi/,
      wants: [loaderCopy('BOOT/grubx64.efi', 'ubuntu/grubx64.efi')],
    },
    {
      guest: 'of Rocky beside a folder that an earlier system left',
      bend: withEsp('rocky rhel', { ...shimOf('centos'), ...shimOf('rocky') }),
      is: 'fail',
      wants: [loaderCopy('BOOT/grubx64.efi', 'rocky/grubx64.efi'), loaderCopy('BOOT/BOOTX64.EFI', 'rocky/shimx64.efi')],
    },
    {
      guest: 'of Arch with two loaders',
      bend: withEsp('arch arch', { 'systemd/systemd-bootx64.efi': 'MZ sd', 'GRUB/grubx64.efi': 'MZ grub' }),
      is: 'fail',
      wants: [],
      advice: /--removable/,
    },
    {
      guest: 'on ARM',
      bend: (f) => {
        withEsp('debian', { 'debian/grubaa64.efi': 'MZ arm grub' })(f);
        f.os.arch = { is: 'there', value: 'aarch64' };
      },
      is: 'fail',
      wants: [loaderCopy('BOOT/BOOTAA64.EFI', 'debian/grubaa64.efi')],
    },
    {
      guest: 'whose partition is not mounted',
      bend: (f) => {
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'unknown',
      severity: 'must',
      says: /mount it/,
    },
    {
      guest: 'that starts by BIOS as well and whose partition is not mounted',
      bend: (f) => {
        f.os.firmware = { is: 'both', evidence: [] };
      },
      is: 'unknown',
      severity: 'should',
    },
    {
      guest: 'whose partition may not be read',
      bend: (f) => {
        f.os.firmware = { is: 'uefi', evidence: [] };
        f.esp = { is: 'unreadable', why: 'permission denied' };
      },
      is: 'unknown',
      says: /permission denied/,
    },
    {
      guest: 'of an unknown machine',
      bend: (f) => {
        withEsp('debian', shimOf('debian'))(f);
        f.os.arch = { is: 'absent' };
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'arch-64bit': [
    { guest: 'on x86_64', is: 'pass', says: /x86_64/ },
    {
      guest: 'on aarch64',
      bend: (f) => {
        f.os.arch = { is: 'there', value: 'aarch64' };
      },
      is: 'pass',
    },
    {
      guest: 'on i686',
      bend: (f) => {
        f.os.arch = { is: 'there', value: 'i686' };
      },
      is: 'fail',
      severity: 'must',
      advice: /anew/,
    },
    {
      guest: 'without a shell',
      bend: (f) => {
        f.os.arch = { is: 'absent' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with a damaged shell',
      bend: (f) => {
        f.os.arch = { is: 'unreadable', why: 'not an ELF file' };
      },
      is: 'unknown',
      says: /not an ELF/,
    },
  ],
  'vm-generation': [
    { guest: 'that starts by BIOS', is: 'pass', says: /V1/ },
    {
      guest: 'that starts by both',
      bend: (f) => {
        f.os.firmware = { is: 'both', evidence: [{ path: '/boot/efi/EFI', text: 'BOOT debian' }] };
      },
      policy: { targets: ['gen1', 'gen2'] },
      is: 'pass',
      says: /both fit$/,
    },
    {
      guest: 'that starts by both, as far as its packages say',
      bend: (f) => {
        f.os.firmware = { is: 'both', evidence: [{ path: '/var/lib/dpkg/status', text: 'grub-efi-amd64 2.06' }] };
      },
      is: 'pass',
      says: /is \/boot\/efi mounted\?/,
    },
    {
      guest: 'that should as gen2, and starts by both as far as its packages say',
      bend: (f) => {
        f.os.firmware = { is: 'both', evidence: [{ path: '/var/lib/dpkg/status', text: 'grub-efi-amd64 2.06' }] };
      },
      policy: { targets: ['gen2'] },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'that starts by BIOS and should as gen2',
      policy: { targets: ['gen2'] },
      is: 'fail',
      severity: 'must',
      advice: /EFI/,
    },
    { guest: 'that starts by BIOS and should on NVMe', policy: { targets: ['nvme'] }, is: 'fail', severity: 'must' },
    {
      guest: 'that starts by UEFI and should as gen1',
      bend: (f) => {
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      policy: { targets: ['gen1'] },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'that starts by UEFI, by the article',
      bend: (f) => {
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      policy: { profile: 'seed-2018' },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'that starts by UEFI',
      bend: (f) => {
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'pass',
      says: /V2/,
    },
    {
      guest: 'without a boot loader',
      bend: (f) => {
        f.os.firmware = { is: 'unknown', evidence: [] };
      },
      is: 'unknown',
      severity: 'info',
    },
    {
      guest: 'without a boot loader that should as gen2',
      bend: (f) => {
        f.os.firmware = { is: 'unknown', evidence: [] };
      },
      policy: { targets: ['gen2'] },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'disk-size-max': [
    { guest: 'below a mounted root', is: 'not-applicable' },
    { guest: 'with 1,023 GiB', bend: disk(1023 * gib), is: 'pass' },
    { guest: 'with one sector more', bend: disk(1023 * gib + 512), is: 'fail', severity: 'must', says: /512 more/ },
    { guest: 'without /sys', bend: liveWithout, is: 'unknown', severity: 'must' },
  ],
  'disk-size-mib-multiple': [
    { guest: 'below a mounted root', is: 'not-applicable' },
    { guest: 'with 20 GiB', bend: disk(20 * gib), is: 'pass', says: /20480 MiB/ },
    // The size of the article's own example.
    {
      guest: 'with 21475270656 bytes',
      bend: disk(21475270656),
      is: 'fail',
      severity: 'must',
      advice: /resize -f raw IMAGE.raw 21475885056;/,
    },
    { guest: 'without /sys', bend: liveWithout, is: 'unknown' },
  ],
  'partition-first-1mib': [
    { guest: 'below a mounted root', is: 'not-applicable' },
    { guest: 'that begins at sector 2048', bend: disk(gib, 2048), is: 'pass' },
    { guest: 'that begins at sector 63', bend: disk(gib, 63), is: 'fail', severity: 'should', says: /sector 63/ },
    {
      guest: 'that begins at sector 63, by the article',
      bend: disk(gib, 63),
      policy: { profile: 'seed-2018' },
      is: 'not-applicable',
    },
    {
      guest: 'without partitions',
      bend: (f) => {
        disk(gib)(f);
        if (f.storage.disk.is === 'there') f.storage.disk.value.firstPartitionStart = undefined;
      },
      is: 'unknown',
    },
  ],
  'root-not-lvm': [
    { guest: 'on a partition', is: 'pass' },
    {
      guest: 'on LUKS',
      bend: (f) => {
        nth(f.storage.mounts, 0).on = 'luks';
      },
      is: 'pass',
      says: /luks/,
    },
    {
      guest: 'on LVM',
      bend: (f) => {
        nth(f.storage.mounts, 0).on = 'lvm';
        nth(f.storage.mounts, 0).source = '/dev/mapper/vg-root';
      },
      is: 'fail',
      severity: 'should',
      says: /vg-root/,
    },
    {
      guest: 'on something',
      bend: (f) => {
        nth(f.storage.mounts, 0).on = 'unknown';
      },
      is: 'unknown',
    },
    {
      guest: 'without a known root',
      bend: (f) => {
        f.storage.mounts = [];
      },
      is: 'unknown',
    },
  ],
  'root-by-persistent-id': [
    { guest: 'named by UUID', is: 'pass' },
    {
      guest: 'whose menu names a device',
      bend: byDevice,
      is: 'fail',
      severity: 'must',
      wants: [
        { kind: 'kernel-args', have: [], lack: [], swap: [{ from: 'root=/dev/vda1', to: `root=UUID=${rootUuid}` }] },
      ],
    },
    {
      guest: 'whose menu names a device that nothing else names',
      bend: (f) => {
        byDevice(f);
        fstab('LABEL=root / ext4 defaults 0 1')(f);
      },
      is: 'fail',
      wants: [],
      advice: /lsblk -f/,
    },
    {
      guest: 'that runs, whose menu names a device that nothing else names',
      bend: (f) => {
        f.where = 'live';
        byDevice(f);
        fstab('LABEL=root / ext4 defaults 0 1')(f);
      },
      is: 'fail',
      wants: [],
      advice: /blkid -s UUID -o value \/dev\/vda1/,
    },
    {
      guest: 'that starts without initrd by a device',
      bend: (f) => {
        byDevice(f);
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).initrds = [];
        nth(f.storage.ids, 0).device = '/dev/vda1';
      },
      is: 'fail',
      wants: [
        { kind: 'kernel-args', have: [], lack: [], swap: [{ from: 'root=/dev/vda1', to: 'root=PARTUUID=1f2e-01' }] },
      ],
    },
    {
      guest: 'whose fstab names a device',
      bend: fstab('/dev/sda1 /\text4 defaults 0 1'),
      is: 'fail',
      severity: 'must',
      wants: [line('/dev/sda1 /\text4 defaults 0 1', `UUID=${rootUuid} /\text4 defaults 0 1`)],
    },
    {
      guest: 'whose fstab names a device known from the menu only',
      bend: (f) => {
        fstab('/dev/sda1 / ext4 defaults 0 1')(f);
        f.storage.ids = [];
      },
      is: 'fail',
      wants: [line('/dev/sda1 / ext4 defaults 0 1', `UUID=${rootUuid} / ext4 defaults 0 1`)],
    },
    {
      guest: 'with a data disk by path',
      bend: fstab(root, '/dev/disk/by-path/pci-0000-part1 /data ext4 nofail 0 2'),
      is: 'fail',
      severity: 'should',
      wants: [],
    },
    {
      guest: 'with swap by device, which has its own rule',
      bend: fstab(root, '/dev/sda2 none swap sw 0 0'),
      is: 'pass',
    },
    {
      guest: 'with LVM',
      bend: fstab('/dev/mapper/vg-root / ext4 defaults 0 1', '/dev/vg/home /home ext4 defaults 0 2'),
      is: 'pass',
    },
    {
      guest: 'whose GRUB is told not to use UUIDs',
      bend: (f) => {
        if (f.boot.kind === 'grub2')
          f.boot.settings['GRUB_DISABLE_LINUX_UUID'] = setting('true', '/etc/default/grub', 12);
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'setting', path: '/etc/default/grub', as: 'shell', key: 'GRUB_DISABLE_LINUX_UUID', value: null }],
    },
    {
      guest: 'with an unreadable fstab',
      bend: (f) => {
        f.storage.fstab = { is: 'unreadable', why: 'too large' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with an unknown boot loader',
      bend: (f) => {
        f.boot = { kind: 'unknown', why: 'extlinux found', evidence: [] };
      },
      is: 'unknown',
      says: /extlinux/,
    },
  ],
  'fstab-sane': [
    { guest: 'with one root', is: 'pass' },
    {
      guest: 'without fstab',
      bend: (f) => {
        f.storage.fstab = { is: 'absent' };
      },
      is: 'pass',
    },
    {
      guest: 'with an unreadable fstab',
      bend: (f) => {
        f.storage.fstab = { is: 'unreadable', why: 'a FIFO' };
      },
      is: 'unknown',
    },
    {
      guest: 'with a share of its host',
      bend: fstab(root, 'work /mnt/work virtiofs defaults 0 0'),
      is: 'fail',
      severity: 'should',
      says: /virtiofs/,
      wants: [],
      advice: /--allow fstab-nofail/,
    },
    {
      guest: 'with a share and leave to mend it',
      bend: fstab(root, 'work /mnt/work virtiofs defaults 0 0'),
      policy: { allow: ['fstab-nofail'] },
      is: 'fail',
      wants: [line('work /mnt/work virtiofs defaults 0 0', 'work /mnt/work virtiofs defaults,nofail 0 0', 2)],
    },
    { guest: 'with NFS that may fail', bend: fstab(root, 'nas:/x /x nfs nofail,_netdev 0 0'), is: 'pass' },
    {
      guest: 'with a CD that is mounted at boot',
      bend: fstab(root, '/dev/sr0 /media/cdrom0 udf,iso9660 user 0 0'),
      is: 'fail',
      says: /removable/,
    },
    {
      guest: "with Debian's CD line",
      bend: fstab(root, '/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0'),
      is: 'pass',
    },
    {
      guest: 'with a second disk',
      bend: fstab(root, '/dev/sdb1 /data ext4 defaults 0 2'),
      is: 'fail',
      severity: 'should',
      says: /another disk/,
    },
    {
      guest: 'with a disk of unknown place',
      bend: fstab(root, 'UUID=aaaa-bbbb /data ext4 defaults 0 2'),
      is: 'fail',
      severity: 'info',
    },
    {
      guest: 'with a second partition of its own disk',
      bend: (f) => {
        fstab(root, 'UUID=cccc /data ext4 defaults 0 2')(f);
        f.storage.ids.push({ device: '/dev/sda2', uuid: 'cccc', partuuid: undefined, label: undefined, type: 'ext4' });
      },
      is: 'pass',
    },
    {
      guest: 'that runs and knows no such UUID',
      bend: (f) => {
        f.where = 'live';
        fstab(root, 'UUID=dead /home ext4 defaults 0 2')(f);
      },
      is: 'fail',
      says: /no device carries UUID=dead/,
    },
    { guest: 'with half a line', bend: fstab(root, '/dev/sda2 /x'), is: 'fail', says: /less than/ },
  ],
};
