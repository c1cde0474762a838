import type { Facts } from '../../src/model.ts';
import type { Bendable } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

function selinux(mode: 'enforcing' | 'disabled', relabels = false) {
  return (facts: Bendable<Facts>) => {
    const text = `SELINUX=${mode}`;
    facts.system.selinux = { mode, at: { path: '/etc/selinux/config', line: 1, text }, relabels };
  };
}

const chrony = (facts: Bendable<Facts>) => {
  facts.system.chrony = { path: '/etc/chrony/chrony.conf', ptp: undefined };
};

const listed = (facts: Bendable<Facts>) => {
  facts.system.lvmDevices = { path: '/etc/lvm/devices/system.devices', line: 4, text: 'IDTYPE=sys_wwid IDNAME=naa.5' };
};

const left = (path: `/${string}`) => (facts: Bendable<Facts>) => void facts.system.registrations.push(path);

const unread = (path: `/${string}`) => (facts: Bendable<Facts>) => {
  facts.unreadable[path] = 'permission denied';
};

const families = {
  debian: 'debian',
  ubuntu: 'ubuntu',
  rocky: 'rhel',
  rhel: 'rhel',
  centos: 'rhel',
  ol: 'oracle',
  sles: 'suse',
  'opensuse-leap': 'suse',
} as const;

/** Of that distribution, with these package sources: id, address, and whether it is on. */
function sources(id: keyof typeof families, version: string, ...all: [string, string, boolean?][]) {
  return (facts: Bendable<Facts>) => {
    Object.assign(facts.os.distro, { id, version, family: families[id] });
    facts.software.sources = all.map(([name, address, enabled = true], at) => ({
      ...{ id: name, address, enabled },
      at: { path: '/etc/sources', line: at + 1 },
    }));
  };
}

function yumOf(version: string, text: string) {
  return (facts: Bendable<Facts>) => {
    sources('centos', version)(facts);
    facts.texts['/etc/yum.conf'] = text;
  };
}

export const systems: Cases = {
  'distro-endorsed': [
    { guest: 'of Debian 12', is: 'pass' },
    {
      guest: 'of Debian 9',
      bend: (f) => void Object.assign(f.os.distro, { version: '9' }),
      is: 'fail',
      severity: 'info',
    },
    {
      guest: 'of RHEL 6.10, which is later than 6.7',
      bend: (f) => void Object.assign(f.os.distro, { id: 'rhel', family: 'rhel', version: '6.10' }),
      is: 'pass',
    },
    { guest: 'of Kali', bend: (f) => void Object.assign(f.os.distro, { id: 'kali' }), is: 'fail', severity: 'info' },
    {
      guest: 'that does not say what it is',
      bend: (f) => {
        f.os.distro.from = undefined;
      },
      is: 'unknown',
    },
  ],
  'root-single-partition': [
    { guest: 'on one file system', is: 'pass' },
    {
      guest: 'with /var apart',
      bend: (f) => {
        if (f.storage.fstab.is !== 'there') throw new Error('no fstab');
        const text = 'UUID=2 /var ext4 defaults 0 2';
        f.storage.fstab.value.push({ source: 'UUID=2', target: '/var', type: 'ext4', options: [], line: 2, text });
      },
      is: 'fail',
      severity: 'info',
      wants: [],
    },
    {
      guest: 'without fstab',
      bend: (f) => {
        f.storage.fstab = { is: 'absent' };
      },
      is: 'unknown',
    },
  ],
  'lvm-devices-file': [
    { guest: 'without a list', is: 'pass' },
    { guest: 'with a list and no LVM', bend: listed, is: 'fail', severity: 'info' },
    {
      guest: 'trap 52: whose / is on LVM with a list',
      bend: (f) => {
        listed(f);
        for (const mount of f.storage.mounts) mount.on = 'lvm';
      },
      is: 'fail',
      severity: 'should',
      advice: /vgimportdevices/,
    },
    { guest: 'with an unreadable list', bend: unread('/etc/lvm/devices/system.devices'), is: 'unknown' },
  ],
  'time-ptp-chrony': [
    { guest: 'without chrony', is: 'not-applicable' },
    { guest: 'whose chrony asks the network', bend: chrony, is: 'fail', severity: 'info', advice: /ptp_hyperv/ },
    {
      guest: 'whose chrony asks the host',
      bend: (f) => {
        const ptp = { path: '/etc/chrony/chrony.conf', line: 9, text: 'refclock PHC /dev/ptp_hyperv poll 3' } as const;
        f.system.chrony = { path: '/etc/chrony/chrony.conf', ptp };
      },
      is: 'pass',
    },
    { guest: 'of the article', bend: chrony, policy: { profile: 'seed-2018' }, is: 'not-applicable' },
    {
      guest: 'with an unreadable drop-in',
      bend: (f) => {
        unread('/etc/chrony/conf.d/x.conf')(f);
        const ptp = { path: '/etc/chrony/chrony.conf', line: 9, text: 'refclock PHC /dev/ptp0' } as const;
        f.system.chrony = { path: '/etc/chrony/chrony.conf', ptp };
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
  sysrq: [
    { guest: 'where every key works', is: 'pass' },
    {
      guest: 'that does not say',
      bend: (f) => {
        f.system.sysrq = undefined;
      },
      is: 'fail',
      severity: 'info',
      wants: [],
    },
    { guest: 'with an unreadable file', bend: unread('/etc/sysctl.conf'), is: 'unknown', severity: 'info' },
  ],
  'selinux-labels': [
    { guest: 'without SELinux', is: 'not-applicable' },
    { guest: 'with SELinux off', bend: selinux('disabled'), is: 'not-applicable' },
    { guest: 'with SELinux, before anything is changed', bend: selinux('enforcing'), is: 'not-applicable' },
    { guest: 'that labels its files anew', bend: selinux('enforcing', true), is: 'pass' },
    {
      guest: 'whose configuration cannot be read',
      bend: unread('/etc/selinux/config'),
      is: 'unknown',
      severity: 'must',
    },
  ],
  'subscription-clean': [
    { guest: 'that is registered nowhere', is: 'pass' },
    {
      guest: 'registered',
      bend: left('/etc/pki/consumer/cert.pem'),
      is: 'fail',
      severity: 'should',
      advice: /unregister/,
    },
    { guest: 'with the answers of its installer', bend: left('/root/anaconda-ks.cfg'), is: 'fail', advice: /^rm / },
    { guest: 'that moves as it is', bend: left('/x'), policy: { mode: 'specialized' }, is: 'not-applicable' },
    { guest: 'whose registration cannot be read', bend: unread('/etc/pki/consumer'), is: 'unknown' },
  ],
  'repos-present': [
    { guest: 'of Debian with its own mirror', is: 'pass', says: /deb\.debian\.org/ },
    { guest: 'with none', bend: sources('debian', '12'), is: 'fail', severity: 'should', says: /no package source/ },
    {
      guest: 'that knows its installation disc only',
      bend: sources('debian', '12', ['trixie', 'cdrom:[Debian 13]/']),
      is: 'fail',
      severity: 'should',
      says: /1 package sources/,
    },
    {
      guest: 'whose sources are off',
      bend: sources('rocky', '9.4', ['baseos', 'https://mirrors.rockylinux.org/list', false]),
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'of RHEL, unregistered',
      bend: sources('rhel', '9.4'),
      is: 'fail',
      severity: 'info',
      advice: /registering/,
    },
    {
      guest: 'of Debian with a mirror next door',
      bend: sources('debian', '12', ['bookworm', 'http://apt.example.org/debian']),
      is: 'fail',
      severity: 'info',
    },
    {
      guest: 'of Debian with a list of mirrors',
      bend: sources('debian', '12', ['bookworm', 'mirror+file:///etc/apt/mirrors/debian.list']),
      is: 'pass',
    },
    {
      guest: 'of Ubuntu with its installer’s mirror',
      bend: sources(
        'ubuntu',
        '22.04',
        ['jammy-updates', 'http://de.archive.ubuntu.com/ubuntu'],
        ['jammy-security', 'http://security.ubuntu.com/ubuntu'],
      ),
      is: 'fail',
      severity: 'info',
      advice: /azure\.archive\.ubuntu\.com in the place of de\.archive/,
    },
    {
      guest: 'of Ubuntu without updates',
      bend: sources(
        'ubuntu',
        '22.04',
        ['jammy', 'http://azure.archive.ubuntu.com/ubuntu/'],
        ['jammy-security', 'http://azure.archive.ubuntu.com/ubuntu/'],
      ),
      is: 'fail',
      severity: 'info',
      says: /-updates/,
    },
    { guest: 'whose sources cannot be read', bend: unread('/etc/apt/sources.list.d/x.sources'), is: 'unknown' },
    {
      guest: 'whose package manager nobody knows',
      bend: (f) => {
        f.software.sources = undefined;
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
  'yum-http-caching': [
    { guest: 'of Debian', is: 'not-applicable' },
    { guest: 'of CentOS 6.6', bend: yumOf('6.6', '[main]\n'), is: 'not-applicable' },
    { guest: 'of CentOS 6.5', bend: yumOf('6.5', '[main]\nhttp_caching=packages\n'), is: 'pass' },
    {
      guest: 'of CentOS 6.5 as installed',
      bend: yumOf('6.5', '[main]\nkeepcache=0\n'),
      is: 'fail',
      severity: 'should',
      wants: [
        { kind: 'setting', path: '/etc/yum.conf', as: 'ini', section: 'main', key: 'http_caching', value: 'packages' },
      ],
    },
    { guest: 'of CentOS 6.5 that caches all', bend: yumOf('6.5', '[main]\nhttp_caching = all\n'), is: 'fail' },
    { guest: 'of CentOS 6.5 without the file', bend: sources('centos', '6.5'), is: 'unknown', severity: 'should' },
  ],
  'oracle-addons-repo': [
    { guest: 'of Debian', is: 'not-applicable' },
    { guest: 'of Oracle 7', bend: sources('ol', '7.9', ['ol7_addons', 'https://yum.oracle.com/repo']), is: 'pass' },
    {
      guest: 'of Oracle 8 with it off',
      bend: sources('ol', '8.9', ['ol8_addons', 'https://yum.oracle.com/repo', false]),
      is: 'fail',
      severity: 'info',
      says: /is off/,
      advice: /--enable ol8_addons/,
    },
    {
      guest: 'of Oracle 7 with a file that cannot be read',
      bend: (f) => {
        sources('ol', '7.9')(f);
        unread('/etc/yum.repos.d/x.repo')(f);
      },
      is: 'unknown',
    },
  ],
  'suse-repos-registered': [
    { guest: 'of Debian', is: 'not-applicable' },
    {
      guest: 'of SLES with the module',
      bend: sources('sles', '15.6', ['SLE-Module-Public-Cloud15-SP6-Pool', 'https://updates.suse.com/x']),
      is: 'pass',
    },
    {
      guest: 'of openSUSE with the project',
      bend: sources('opensuse-leap', '15.6', ['ct', 'https://download.opensuse.org/repositories/Cloud:/Tools/15.6/']),
      is: 'pass',
    },
    { guest: 'of SLES, unregistered', bend: sources('sles', '15.6'), is: 'fail', severity: 'info' },
    {
      guest: 'of SLES with a file that cannot be read',
      bend: (f) => {
        sources('sles', '15.6')(f);
        unread('/etc/zypp/repos.d/x.repo')(f);
      },
      is: 'unknown',
    },
  ],
  'packages-updated': [{ guest: 'of Debian', is: 'unknown', severity: 'info', says: /apt-get dist-upgrade/ }],
  'hypervisor-leftovers': [
    { guest: 'of no other hypervisor', is: 'pass' },
    {
      guest: 'with guest tools',
      bend: (f) => {
        f.os.packages = {
          is: 'there',
          value: { 'open-vm-tools': '2:12.2', 'qemu-guest-agent': '1:7.2', qemu: '1:7.2' },
        };
      },
      is: 'fail',
      severity: 'info',
      says: /^open-vm-tools belongs.*\nqemu-guest-agent belongs[^\n]*$/,
      advice: /apt-get purge open-vm-tools/,
    },
    {
      guest: 'that loads drivers',
      bend: (f) => {
        f.texts['/etc/modules'] = '# virtio\nloop\nvirtio-net\n';
      },
      is: 'fail',
      says: /^\/etc\/modules loads virtio-net, a driver/,
    },
    {
      guest: 'whose initrd names drivers',
      bend: (f) => {
        if (f.initrdTool.kind === 'initramfs-tools')
          f.initrdTool.modules = [{ name: 'vmw_pvscsi', line: 3, text: 'vmw_pvscsi' }];
      },
      is: 'fail',
      says: /: vmw_pvscsi$/,
    },
    {
      guest: 'whose screen is VMware’s',
      bend: (f) => {
        f.texts['/etc/X11/xorg.conf'] = 'Section "Device"\n  Driver "vmware"\nEndSection\n';
      },
      is: 'fail',
      severity: 'info',
      says: /a screen that Hyper-V does not have/,
    },
    {
      guest: 'whose packages cannot be read',
      bend: (f) => {
        f.os.packages = { is: 'unreadable', why: 'permission denied' };
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
};
