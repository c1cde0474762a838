import { describe, expect, test } from 'vitest';
import { scanOs } from '../../src/facts/os.ts';
import type { Where } from '../../src/model.ts';
import { dpkgStatus } from '../lib/dpkg-status.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { ndbFile, rpmHeader } from '../lib/rpm-writer.ts';
import { recorded } from './recorded.ts';

const os = (tree: PhonyTree, where: Where = 'offline') => scanOs(recorded(tree, where));

/** The start of a program for that machine: EI_CLASS, EI_DATA, then e_machine at 18. */
function elf(machine: number, bits: 32 | 64 = 64): Uint8Array {
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, bits === 64 ? 2 : 1, 1, 1]);
  header[18] = machine;
  return header;
}

test('the distribution is what os-release says', async () => {
  const facts = await os({
    '/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    '/etc/os-release': { link: '../usr/lib/os-release' },
  });
  expect(facts.distro).toMatchObject({ id: 'debian', version: '12', family: 'debian', from: '/etc/os-release' });
});

describe('the family by os-release', () => {
  test.each([
    ['rhel', 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"'],
    ['rhel', 'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\nNAME="CentOS Stream"'],
    ['rhel', 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"'],
    ['rhel', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.10"'],
    ['rhel', 'ID="scientific"\nID_LIKE="rhel centos fedora"\nVERSION_ID="7.9"'],
    ['oracle', 'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="8.9"'],
    ['suse', 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"'],
    ['suse', 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20261101"'],
    ['suse', 'ID=opensuse\nID_LIKE="suse"\nVERSION_ID="13.2"'],
    ['suse', 'ID="sles"\nID_LIKE="suse"\nVERSION_ID="12.5"'],
    ['azurelinux', 'ID=mariner\nVERSION_ID="2.0"'],
    ['azurelinux', 'ID=azurelinux\nVERSION_ID="3.0"'],
    ['debian', 'ID=kali\nID_LIKE=debian\nVERSION_ID="2026.1"'],
    ['debian', 'ID=devuan\nID_LIKE=debian\nVERSION_ID="5"'],
    ['debian', 'ID=linuxmint\nID_LIKE=debian\nVERSION_ID="6"\nNAME="LMDE"'],
    ['ubuntu', 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21.3"'],
    ['ubuntu', 'ID=zorin\nID_LIKE="ubuntu debian"\nVERSION_ID="17"'],
    // Neither in the articles nor made of what these relatives ship.
    ['unknown', 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"'],
    ['unknown', 'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"'],
    ['unknown', 'ID="mageia"\nID_LIKE="mandriva fedora"\nVERSION_ID="9"'],
    ['unknown', 'ID=manjaro\nID_LIKE=arch'],
    ['unknown', 'NAME=Something'],
  ])('%s: %j', async (family, text) => {
    const { distro } = await os({ '/etc/os-release': `${text}\n` });
    expect([distro.family, distro.from]).toEqual([family, '/etc/os-release']);
  });

  test("a rebuild under its parent's name that has Oracle's own file is Oracle Linux", async () => {
    const tree = {
      '/etc/os-release': 'ID="rhel"\nVERSION_ID="7.9"\n',
      '/etc/oracle-release': 'Oracle Linux Server release 7.9\n',
      '/etc/redhat-release': 'Red Hat Enterprise Linux Server release 7.9 (Maipo)\n',
    };
    expect((await os(tree)).distro).toMatchObject({ family: 'oracle', id: 'ol', version: '7.9' });
  });
});

describe('the family without os-release', () => {
  test.each([
    [
      'oracle',
      '6.9',
      {
        '/etc/oracle-release': 'Oracle Linux Server release 6.9\n',
        '/etc/redhat-release': 'Red Hat Enterprise Linux Server release 6.9 (Santiago)\n',
      },
    ],
    [
      'oracle',
      '5.5',
      {
        '/etc/enterprise-release': 'Enterprise Linux Enterprise Linux Server release 5.5 (Carthage)\n',
        '/etc/redhat-release': 'Red Hat Enterprise Linux Server release 5.5 (Tikanga)\n',
      },
    ],
    ['rhel', '6.10', { '/etc/redhat-release': 'CentOS release 6.10 (Final)\n' }],
    ['rhel', '6.3', { '/etc/redhat-release': 'Red Hat Enterprise Linux Server release 6.3 (Santiago)\n' }],
    [
      'suse',
      '11.4',
      { '/etc/SuSE-release': 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n' },
    ],
    [
      'ubuntu',
      '10.04',
      { '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n', '/etc/debian_version': 'squeeze/sid\n' },
    ],
    ['debian', '6.0.10', { '/etc/debian_version': '6.0.10\n' }],
    ['unknown', '', { '/etc/redhat-release': 'Some Other System 3\n' }],
  ] as [string, string, PhonyTree][])('%s %s', async (family, version, tree) => {
    expect((await os(tree)).distro).toMatchObject({ family, version });
  });
});

describe('architecture', () => {
  test('is that of the shell, found through absolute links inside the root', async () => {
    const tree = {
      '/usr/bin/dash': elf(183),
      '/bin': { link: '/usr/bin' },
      '/usr/bin/sh': { link: '/bin/dash' },
    } as const;
    expect((await os(tree)).arch).toEqual({ is: 'there', value: 'aarch64' });
  });

  test('is that of another program where the shell is none', async () => {
    const tree = { '/bin/sh': '#!/bin/true\n', '/sbin/init': elf(3, 32) };
    expect((await os(tree)).arch).toEqual({ is: 'there', value: 'i686' });
  });

  test('is not known where no program says it', async () => {
    expect((await os({ '/bin/sh': 'no program' })).arch).toEqual({
      is: 'unreadable',
      why: '/bin/sh: not a program of a known architecture',
    });
    expect((await os({ '/bin/sh': { fifo: true } })).arch).toMatchObject({ is: 'unreadable' });
    expect((await os({})).arch).toEqual({ is: 'absent' });
  });
});

describe('firmware', () => {
  test('BIOS by the boot loader on the disk or by its package', async () => {
    expect((await os({ '/boot/grub/i386-pc/core.img': 'x' })).firmware).toEqual({
      is: 'bios',
      evidence: [{ path: '/boot/grub/i386-pc/core.img' }],
    });
    const status = dpkgStatus({ 'grub-pc': '2.06-13', 'grub-efi-amd64-bin': '2.06-13' });
    expect((await os({ '/var/lib/dpkg/status': status })).firmware).toEqual({
      is: 'bios',
      evidence: [{ path: '/var/lib/dpkg/status', text: 'grub-pc 2.06-13' }],
    });
  });

  test('UEFI by an EFI system partition, mounted or not', async () => {
    const fstab = 'UUID=1 / ext4 defaults 0 1\nUUID=2 /boot/efi vfat umask=0077 0 1\n';
    expect((await os({ '/etc/fstab': fstab })).firmware).toEqual({
      is: 'uefi',
      evidence: [{ path: '/etc/fstab', line: 2, text: 'UUID=2 /boot/efi vfat umask=0077 0 1' }],
    });
    expect((await os({ '/boot/efi/EFI/debian/shimx64.efi': 'MZ' })).firmware.is).toBe('uefi');
    expect((await os({ '/boot/efi/EFI': { folder: true } })).firmware.is).toBe('unknown');
  });

  test('both, where there is evidence of both', async () => {
    const tree = { '/boot/grub/i386-pc/core.img': 'x', '/boot/efi/EFI/BOOT/BOOTX64.EFI': 'MZ' };
    expect((await os(tree)).firmware).toMatchObject({ is: 'both', evidence: [{}, {}] });
  });

  test('the firmware that started this machine counts only for this machine', async () => {
    const tree = { '/sys/firmware/efi/fw_platform_size': '64\n' };
    expect((await os(tree, 'live')).firmware).toEqual({ is: 'uefi', evidence: [{ path: '/sys/firmware/efi' }] });
    expect((await os(tree, 'offline')).firmware.is).toBe('unknown');
  });
});

describe('init system', () => {
  test.each([
    ['systemd', { '/usr/lib/systemd/systemd': 'x', '/sbin/init': { link: '/usr/lib/systemd/systemd' } }],
    ['systemd', { '/lib/systemd/systemd': 'x' }],
    ['sysv', { '/sbin/init': 'x', '/etc/inittab': 'id:2:initdefault:\n' }],
    ['upstart', { '/sbin/init': 'x', '/sbin/initctl': 'x', '/etc/init/rc.conf': 'start on x\n', '/etc/inittab': '' }],
    [
      'openrc',
      { '/bin/busybox': 'x', '/sbin/init': { link: '/bin/busybox' }, '/sbin/openrc-run': 'x', '/etc/inittab': '' },
    ],
    // RHEL 5 and SLES 11: sysvinit; RHEL 6 and Ubuntu 14.04, which has systemd's helpers and no inittab: upstart.
    ['sysv', { '/sbin/init': 'x', '/etc/inittab': 'id:3:initdefault:\n', '/etc/init.d/rc': 'x' }],
    [
      'upstart',
      { '/sbin/init': 'x', '/sbin/initctl': 'x', '/etc/init/rc.conf': 'x', '/lib/systemd/systemd-logind': 'x' },
    ],
    ['upstart', { '/lib/systemd/systemd': 'x', '/sbin/init': { link: 'upstart' }, '/sbin/upstart': 'x' }],
    ['openrc', { '/sbin/init': { link: 'openrc-init' }, '/sbin/openrc-init': 'x' }],
    // systemd is installed and something else is started.
    ['sysv', { '/lib/systemd/systemd': 'x', '/sbin/init': 'x', '/etc/inittab': '' }],
    ['unknown', { '/sbin/init': 'x' }],
    ['unknown', {}],
  ] as [string, PhonyTree][])('%s', async (init, tree) => {
    expect((await os(tree)).init).toBe(init);
  });
});

describe('systems whose files come out of an image', () => {
  test.each([
    ['ostree', { '/ostree/repo/config': '' }],
    ['ostree', { '/run/ostree-booted': '', '/usr/lib/os-release': 'ID=fedora\nVARIANT_ID=silverblue\n' }],
    ['ostree', { '/sysroot/ostree/deploy/default/var': { folder: true } }],
    ['bootc', { '/usr/lib/bootc/install/00.toml': '', '/usr/lib/os-release': 'ID=rhel\nVERSION_ID=9.4\n' }],
    ['SLE Micro', { '/usr/lib/os-release': 'ID="sle-micro"\nID_LIKE="suse"\n' }],
    ['MicroOS', { '/usr/lib/os-release': 'ID="opensuse-microos"\nID_LIKE="suse opensuse"\n' }],
    ['Talos', { '/usr/lib/os-release': 'ID=talos\n' }],
    ['NixOS', { '/etc/NIXOS': '' }],
    ['Ubuntu Core', { '/usr/lib/os-release': 'ID=ubuntu-core\n' }],
    ['Flatcar', { '/usr/lib/os-release': 'ID=flatcar\nID_LIKE=coreos\n' }],
    ['/ is mounted read-only (/etc/fstab line 1)', { '/etc/fstab': 'UUID=1 / btrfs ro,noatime 0 0\n' }],
    [
      '/usr is mounted read-only (/etc/fstab line 2)',
      { '/etc/fstab': '/dev/sda1 / ext4 rw 0 1\n/dev/sda2 /usr ext4 ro 0 1\n' },
    ],
    ['unified kernel images', { '/boot/efi/EFI/Linux/linux.efi': 'MZ' }],
  ] as [string, PhonyTree][])('%s', async (what, tree) => {
    expect((await os(tree)).imageBased).toBe(what);
  });

  test('an ordinary one is none', async () => {
    const tree = {
      '/etc/fstab': 'UUID=1 / ext4 errors=remount-ro 0 1\n/dev/sr0 /media/cdrom0 udf ro,noauto 0 0\n',
      '/boot/vmlinuz-6.1.0-1-amd64': 'x',
      '/boot/efi/EFI/Linux/linux.efi': 'MZ',
    };
    expect((await os(tree)).imageBased).toBeUndefined();
  });
});

describe('packages', () => {
  test('are those that dpkg has installed', async () => {
    const status = dpkgStatus({
      waagent: '2.7.3.0-4.1',
      'network-manager': { version: '1.42.4-1', status: 'deinstall ok config-files' },
    });
    const { packages } = await os({ '/var/lib/dpkg/status': status });
    expect(packages.is === 'there' && { ...packages.value }).toEqual({ waagent: '2.7.3.0-4.1' });
  });

  test('of a database larger than a text may be', async () => {
    const many = Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`package-${at}`, `1.${at}-1`]));
    const status = dpkgStatus(many);
    expect(status.length).toBeGreaterThan(4 * 1024 * 1024);
    const { packages } = await os({ '/var/lib/dpkg/status': status });
    expect(packages.is === 'there' && Object.keys(packages.value)).toHaveLength(40_000);
    expect(packages.is === 'there' && packages.value['package-39999']).toBe('1.39999-1');
  });

  const rpms = ndbFile([rpmHeader({ name: 'bash', version: '5.2', release: '1' })]);
  const pacman = '%NAME%\nbash\n\n%VERSION%\n5.2-1\n';

  test.each([
    ['rpm', { '/var/lib/rpm/Packages.db': rpms }],
    ['rpm, beside what dpkg left', { '/usr/lib/sysimage/rpm/Packages.db': rpms, '/var/lib/dpkg/status': '' }],
    ['apk', { '/lib/apk/db/installed': 'C:Q1\nP:bash\nV:5.2-1\n\nP:half\n' }],
    ['apk 3', { '/usr/lib/apk/db/installed': 'P:bash\nV:5.2-1' }],
    ['pacman', { '/var/lib/pacman/local/bash-5.2-1/desc': pacman, '/var/lib/pacman/local/ALPM_DB_VERSION': '9\n' }],
  ] as [string, PhonyTree][])('of %s', async (_, tree) => {
    const { packages } = await os(tree);
    expect(packages.is === 'there' && { ...packages.value }).toEqual({ bash: '5.2-1' });
  });

  test.each([
    ['that is none', { '/var/lib/rpm/rpmdb.sqlite': 'x' }, /^\/var\/lib\/rpm\/rpmdb.sqlite: /],
    ['cut short', { '/var/lib/rpm/Packages.db': rpms.subarray(0, 4200) }, /Packages.db/],
    [
      'halfway through a change',
      { '/var/lib/rpm/rpmdb.sqlite': 'x', '/var/lib/rpm/rpmdb.sqlite-journal': 'hot' },
      /did not end/,
    ],
  ] as [string, PhonyTree, RegExp][])('of a database %s are not known', async (_, tree, why) => {
    expect((await os(tree)).packages).toEqual({ is: 'unreadable', why: expect.stringMatching(why) });
  });

  test('of nobody are absent', async () => {
    expect((await os({})).packages).toEqual({ is: 'absent' });
  });
});
