import type { Facts } from '../../src/model.ts';
import { type Bendable, write } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

type Swap = Bendable<Facts['storage']['swaps'][number]>;

const text = 'UUID=feed none swap sw 0 0';
const off = { kind: 'line-off' as const, path: '/etc/fstab' as const, line: 2, text };

function swaps(...list: Swap[]) {
  return (facts: Bendable<Facts>) => {
    facts.storage.swaps = list;
    write(facts, '/etc/fstab', `# root\n${text}\n`);
  };
}

const inFstab: Swap = { what: 'fstab', source: 'UUID=feed', on: 'os-disk', at: { path: '/etc/fstab', line: 2, text } };
const active: Swap = { what: 'active', source: '/dev/sda2', on: 'os-disk', at: { path: '/proc/swaps', line: 2 } };
const file: Swap = { what: 'file', source: '/swapfile', on: 'os-disk', at: { path: '/swapfile' } };

const hidden: Swap = {
  what: 'file',
  source: '/mnt/resource/swapfile',
  on: 'os-disk',
  at: { path: '/mnt/resource/swapfile' },
};

export const swap: Cases = {
  'swap-resource-swapfile-removed': [
    { guest: 'without one', is: 'pass' },
    { guest: 'with one on the temporary disk', bend: swaps({ ...hidden, on: 'resource' }), is: 'pass' },
    {
      guest: 'with one below the mount point',
      bend: swaps(hidden),
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /^rm .*--allow delete-swapfile/,
    },
    {
      guest: 'that runs and swaps on it, by leave',
      bend: (f) => {
        f.where = 'live';
        swaps(hidden, { ...active, source: hidden.source })(f);
      },
      policy: { allow: ['delete-swapfile'] },
      is: 'fail',
      wants: [
        { kind: 'swap-off', source: hidden.source },
        { kind: 'file', path: '/mnt/resource/swapfile', is: 'absent' },
      ],
    },
    {
      guest: 'with one that cannot be read',
      bend: (f) => {
        f.unreadable['/mnt/resource/swapfile'] = 'an I/O error';
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'swap-none-on-os-disk': [
    { guest: 'without swap', is: 'pass' },
    {
      guest: 'with a line in fstab',
      bend: swaps(inFstab),
      is: 'fail',
      severity: 'must',
      wants: [off],
      says: /partition or volume itself stays/,
    },
    {
      guest: 'that runs, with a line in fstab and active',
      bend: (f) => {
        f.where = 'live';
        swaps(inFstab, active)(f);
      },
      is: 'fail',
      wants: [off, { kind: 'swap-off', source: '/dev/sda2' }],
    },
    {
      guest: 'with a unit',
      bend: swaps({
        what: 'unit',
        source: '/dev/sdb1',
        on: 'os-disk',
        at: { path: '/etc/systemd/system/dev-sdb1.swap' },
      }),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/etc/systemd/system/dev-sdb1.swap', is: { linkTo: '/dev/null' } }],
    },
    {
      guest: 'with a program that makes swap',
      bend: swaps({
        what: 'generator',
        source: '/var/swap',
        on: 'os-disk',
        at: { path: '/etc/dphys-swapfile', line: 1 },
      }),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /purge dphys-swapfile/,
    },
    {
      guest: 'with an idle swap file',
      bend: swaps(file),
      is: 'fail',
      severity: 'info',
      wants: [],
      advice: /--allow delete-swapfile/,
    },
    {
      guest: 'with an idle swap file, left to us',
      bend: swaps(file),
      policy: { allow: ['delete-swapfile'] },
      is: 'fail',
      wants: [{ kind: 'file', path: '/swapfile', is: 'absent' }],
    },
    {
      guest: 'with an idle swap file that is a link, left to us',
      bend: (f) => {
        swaps(file)(f);
        f.links['/swapfile'] = '/data/precious';
      },
      policy: { allow: ['delete-swapfile'] },
      is: 'fail',
      wants: [],
      advice: /leads to \/data\/precious/,
    },
    {
      guest: 'with a line in fstab for a volume',
      bend: swaps({ ...inFstab, source: '/dev/mapper/vg-swap' }),
      is: 'fail',
      wants: [off],
      says: /the volume itself stays/,
    },
    {
      guest: 'with swap in memory and on the temporary disk',
      bend: swaps(
        { ...active, source: '/dev/zram0', on: 'ram' },
        { ...active, source: '/mnt/resource/swapfile', on: 'resource' },
      ),
      is: 'pass',
      says: /zram0/,
    },
    {
      guest: 'with swap on a disk that is not known',
      bend: swaps({ ...inFstab, on: 'unknown' }),
      is: 'fail',
      severity: 'must',
      says: /not known/,
    },
    {
      guest: 'with an unreadable fstab',
      bend: (f) => {
        f.storage.fstab = { is: 'unreadable', why: 'a FIFO' };
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
};
