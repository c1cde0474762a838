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
};
