import { describe, expect, test } from 'vitest';
import { scanStorage } from '../../src/facts/storage.ts';
import { readUnits } from '../../src/facts/units.ts';
import type { BootLoader, Where } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { bootEntry, grub2, noBoot, recorded } from './recorded.ts';

async function storage(tree: PhonyTree, boot: BootLoader = noBoot, where: Where = 'offline') {
  const files = recorded(tree, where);
  const facts = await scanStorage(files, boot, await readUnits(files, 'systemd'));
  return { ...facts, links: files.seen().links };
}

const live = (tree: PhonyTree) => storage(tree, noBoot, 'live');
const fstab = (...lines: readonly string[]) => ({ '/etc/fstab': `${lines.join('\n')}\n` });

/** A swap file as mkswap leaves it: a page, with its mark at the end. */
function swapFile(page = 4096): Uint8Array {
  const file = Buffer.alloc(2 * page);
  file.write('SWAPSPACE2', page - 10, 'latin1');
  return file;
}

/** Below /sys what the kernel shows of a disk `sda` with two partitions, and of a volume on the second. */
const disk = '/sys/devices/pci0000:00/block/sda';
const sys = {
  [`${disk}/size`]: '67108864\n',
  [`${disk}/sda1/partition`]: '1\n',
  [`${disk}/sda1/start`]: '4096\n',
  [`${disk}/sda2/partition`]: '2\n',
  [`${disk}/sda2/start`]: '2048\n',
  [`${disk}/queue/rotational`]: '1\n',
  '/sys/devices/virtual/block/dm-0/dm/uuid': 'LVM-abc\n',
  '/sys/devices/virtual/block/dm-0/slaves/sda2': { link: '../../../../pci0000:00/block/sda/sda2' },
  '/sys/devices/pci0000:01/block/sdb/size': '16777216\n',
  '/sys/devices/pci0000:01/block/sdb/sdb1/partition': '1\n',
  '/sys/class/block/sda': { link: '../../devices/pci0000:00/block/sda' },
  '/sys/class/block/sda1': { link: '../../devices/pci0000:00/block/sda/sda1' },
  '/sys/class/block/sda2': { link: '../../devices/pci0000:00/block/sda/sda2' },
  '/sys/class/block/sdb': { link: '../../devices/pci0000:01/block/sdb' },
  '/sys/class/block/sdb1': { link: '../../devices/pci0000:01/block/sdb/sdb1' },
  '/sys/class/block/dm-0': { link: '../../devices/virtual/block/dm-0' },
  '/sys/dev/block/8:1': { link: '../../devices/pci0000:00/block/sda/sda1' },
  '/sys/dev/block/253:0': { link: '../../devices/virtual/block/dm-0' },
  '/dev/sda1': '',
  '/dev/sda2': '',
  '/dev/sdb1': '',
  '/dev/dm-0': '',
  '/dev/mapper/vg-root': { link: '../dm-0' },
} as const satisfies PhonyTree;

const mountinfo = (...lines: readonly string[]) => ({ '/proc/self/mountinfo': `${lines.join('\n')}\n` });
const rootOn = (device: string, source: string, type = 'ext4') =>
  `22 1 ${device} / / rw,relatime shared:1 - ${type} ${source} rw,errors=remount-ro`;

describe('fstab', () => {
  test('its lines', async () => {
    expect((await storage(fstab('# x', 'UUID=1 / ext4 defaults 0 1'))).fstab).toMatchObject({
      is: 'there',
      value: [{ source: 'UUID=1', target: '/', line: 2 }],
    });
  });

  test('that is not there, or that cannot be read', async () => {
    expect((await storage({})).fstab).toEqual({ is: 'absent' });
    expect((await storage({ '/etc/fstab': { fifo: true } })).fstab).toMatchObject({ is: 'unreadable' });
  });
});

describe('what a mounted root will stand on', () => {
  const on = async (source: string, tree: PhonyTree = {}, boot: BootLoader = noBoot) =>
    (await storage({ ...fstab(`${source} / ext4 defaults 0 1`), ...tree }, boot)).mounts.find(
      ({ target }) => target === '/',
    )?.on;

  test.each([
    ['/dev/sda1', 'partition'],
    ['/dev/nvme0n1p2', 'partition'],
    ['/dev/disk/by-id/scsi-x-part2', 'partition'],
    ['PARTUUID=1', 'partition'],
    ['/dev/mapper/vg-root', 'lvm'],
    ['/dev/mapper/my--vg-root', 'lvm'],
    ['/dev/vg/root', 'lvm'],
    ['/dev/mapper/luks-1234-5678', 'luks'],
    ['/dev/mapper/mpatha2', 'multipath'],
    ['/dev/md0', 'raid'],
    ['/dev/md/root', 'raid'],
    ['rpool/ROOT/debian', 'other'],
    ['/dev/mapper/root', 'unknown'],
    ['UUID=1', 'unknown'],
    ['/dev/disk/by-label/root', 'unknown'],
    ['/dev/root', 'unknown'],
  ])('%s: %s', async (source, expected) => {
    expect(await on(source)).toBe(expected);
  });

  test('a name that crypttab makes is encrypted', async () => {
    expect(await on('/dev/mapper/sda3-crypt', { '/etc/crypttab': '# x\nsda3-crypt UUID=1 none luks\n' })).toBe('luks');
  });

  test('a UUID is what the kernel line has dracut open', async () => {
    const withArgs = (...args: string[]) =>
      grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.1', args, isDefault: true }));
    expect(await on('UUID=1', {}, withArgs('rd.lvm.lv=vg/root'))).toBe('lvm');
    expect(await on('UUID=1', {}, withArgs('rd.lvm.lv=vg/swap'))).toBe('unknown');
    expect(await on('UUID=1', {}, withArgs('rd.luks.uuid=luks-1'))).toBe('luks');
  });

  test('a UUID is what GRUB, which has asked the disk, goes through to reach it', async () => {
    const boot = grub2();
    const cfg = (...modules: string[]) => ({
      '/boot/grub/grub.cfg': modules.map((name) => `  insmod ${name}\n`).join(''),
    });
    expect(await on('UUID=1', cfg('part_gpt', 'ext2'), boot)).toBe('partition');
    expect(await on('UUID=1', cfg('part_gpt', 'lvm', 'ext2'), boot)).toBe('lvm');
    expect(await on('UUID=1', cfg('part_gpt', 'cryptodisk', 'luks', 'ext2'), boot)).toBe('luks');
    expect(await on('UUID=1', cfg('part_msdos', 'diskfilter', 'mdraid1x', 'ext2'), boot)).toBe('raid');
    expect(await on('UUID=1', cfg('all_video', 'ext2'), boot)).toBe('unknown');
    const { mounts } = await storage({ ...fstab('UUID=1 / ext4 rw 0 1'), ...cfg('gzio', 'part_gpt') }, boot);
    expect(mounts).toEqual([
      {
        target: '/',
        source: 'UUID=1',
        on: 'partition',
        at: { path: '/boot/grub/grub.cfg', line: 2, text: 'insmod part_gpt' },
      },
    ]);
  });

  test('what the menu tells of / holds for no other file system', async () => {
    const tree = {
      ...fstab(
        'UUID=1 / ext4 rw 0 1',
        'UUID=2 /boot ext4 rw 0 2',
        'UUID=3 /usr ext4 rw 0 2',
        'UUID=4 /boot/efi vfat rw 0 1',
      ),
      '/boot/grub/grub.cfg': 'insmod part_gpt\ninsmod lvm\n',
    };
    const { mounts } = await storage(tree, grub2());
    expect(mounts.map(({ target, on: what }) => [target, what])).toEqual([
      ['/', 'lvm'],
      ['/usr', 'unknown'],
      ['/boot', 'unknown'],
      ['/boot/efi', 'partition'],
    ]);
  });

  test('only what the system needs is looked at, and the last line of a target counts', async () => {
    const { mounts } = await storage(
      fstab('/dev/sda1 / ext4 rw 0 1', '/dev/vg/home /home ext4 rw 0 2', '/dev/vg/root / ext4 rw 0 1'),
    );
    expect(mounts).toMatchObject([{ target: '/', source: '/dev/vg/root', on: 'lvm', at: { line: 3 } }]);
  });

  test('without an fstab the kernel line tells of /', async () => {
    const boot = grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.1', args: ['root=/dev/vda1', 'ro'], isDefault: true }));
    expect((await storage({}, boot)).mounts).toEqual([
      {
        target: '/',
        source: '/dev/vda1',
        on: 'partition',
        at: { path: '/boot/grub/grub.cfg', line: 1, text: 'root=/dev/vda1' },
      },
    ]);
    expect((await storage({})).mounts).toEqual([]);
  });
});

describe('what a running machine stands on', () => {
  test.each([
    ['a partition', rootOn('8:1', '/dev/sda1'), 'partition'],
    ['a partition under a name of the kernel', rootOn('8:1', '/dev/root'), 'partition'],
    ['a volume', rootOn('253:0', '/dev/mapper/vg-root'), 'lvm'],
    ['btrfs, which has a number of its own', rootOn('0:30', '/dev/sda1', 'btrfs'), 'partition'],
    ['an overlay', rootOn('0:31', 'overlay', 'overlay'), 'other'],
    ['a device that /sys does not know', rootOn('9:9', '/dev/sdz1'), 'unknown'],
  ])('%s', async (_, line, on) => {
    expect((await live({ ...sys, ...mountinfo(line) })).mounts.map((mount) => [mount.target, mount.on])).toEqual([
      ['/', on],
    ]);
  });

  test.each([
    ['CRYPT-LUKS2-abc-root\n', 'luks'],
    ['mpath-3600\n', 'multipath'],
    ['part2-mpath-3600\n', 'multipath'],
    ['DM-verity\n', 'other'],
  ])('by its uuid %s', async (uuid, on) => {
    const tree = {
      ...sys,
      '/sys/devices/virtual/block/dm-0/dm/uuid': uuid,
      ...mountinfo(rootOn('253:0', '/dev/dm-0')),
    };
    expect((await live(tree)).mounts[0]?.on).toBe(on);
  });

  test('what is mounted now, with the last mount of a target', async () => {
    const { mounts } = await live({
      ...sys,
      ...mountinfo(
        rootOn('0:2', 'rootfs', 'rootfs'),
        rootOn('8:1', '/dev/sda1'),
        '30 22 8:17 / /mnt/a\\040b rw - ext4 /dev/sdb1 rw',
        '31 22 253:0 / /var rw master:1 shared:2 - ext4 /dev/mapper/vg-root rw',
      ),
    });
    expect(mounts.map(({ target, source, on, at }) => [target, source, on, at.line])).toEqual([
      ['/', '/dev/sda1', 'partition', 2],
      ['/var', '/dev/mapper/vg-root', 'lvm', 4],
    ]);
  });
});

describe('the disk', () => {
  test('its size and where its first partition begins', async () => {
    const expected = { is: 'there', value: { name: 'sda', bytes: 34359738368, firstPartitionStart: 2048 } };
    expect((await live({ ...sys, ...mountinfo(rootOn('8:1', '/dev/sda1')) })).disk).toEqual(expected);
    expect((await live({ ...sys, ...mountinfo(rootOn('253:0', '/dev/mapper/vg-root')) })).disk).toEqual(expected);
  });

  test('without partitions', async () => {
    const whole = { '/sys/class/block/vda/size': '8\n', '/dev/vda': '' };
    expect((await live({ ...whole, ...mountinfo(rootOn('0:9', '/dev/vda')) })).disk).toEqual({
      is: 'there',
      value: { name: 'vda', bytes: 4096, firstPartitionStart: undefined },
    });
  });

  test('several of them, or none that is found', async () => {
    const mirror = {
      ...sys,
      '/sys/class/block/md0/slaves/sda2': { link: '../../sda2' },
      '/sys/class/block/md0/slaves/sdb1': { link: '../../sdb1' },
      '/dev/md0': '',
    } as const;
    const found = await live({ ...mirror, ...mountinfo(rootOn('0:9', '/dev/md0')) });
    expect(found.disk).toEqual({ is: 'unreadable', why: '/ stands on several disks: sda, sdb' });
    expect(found.mounts[0]?.on).toBe('raid');
    expect((await live(mountinfo(rootOn('0:31', 'overlay', 'overlay')))).disk).toMatchObject({ is: 'unreadable' });
  });

  test('of a mounted root cannot be told', async () => {
    expect((await storage({ ...sys, ...mountinfo(rootOn('8:1', '/dev/sda1')) })).disk).toEqual({
      is: 'unreadable',
      why: 'only a running machine can tell',
    });
  });
});

describe('ids', () => {
  test('of a running machine by the links of udev', async () => {
    const { ids } = await live({
      ...sys,
      ...mountinfo(rootOn('8:1', '/dev/sda1')),
      '/dev/disk/by-uuid/6f9a-2c54': { link: '../../sda1' },
      '/dev/disk/by-partuuid/abc-01': { link: '../../sda1' },
      '/dev/disk/by-label/my\\x20data': { link: '../../sdb1' },
      '/dev/disk/by-label/gone': { link: '../../sdz1' },
    });
    expect(ids).toEqual([
      { device: '/dev/sda1', uuid: '6f9a-2c54', partuuid: 'abc-01', label: undefined, type: 'ext4' },
      { device: '/dev/sdb1', uuid: undefined, partuuid: undefined, label: 'my data', type: undefined },
    ]);
  });

  test('where names of fstab end is known', async () => {
    const { links } = await live({ ...sys, ...fstab('/dev/mapper/vg-root / ext4 rw 0 1') });
    expect(links['/dev/mapper/vg-root']).toBe('/dev/dm-0');
  });

  test('of a mounted root are not what blkid once wrote down in it', async () => {
    const tab = '<device DEVNO="0x0801" TIME="1.2" UUID="6f9a" PARTUUID="ab-01" TYPE="ext4">/dev/sda1</device>\n';
    expect((await storage({ '/etc/blkid.tab': tab, '/run/blkid/blkid.tab': tab })).ids).toEqual([]);
    const id = { device: '/dev/sda1', uuid: '6f9a', partuuid: 'ab-01', label: undefined, type: 'ext4' };
    expect((await live({ '/run/blkid/blkid.tab': tab })).ids).toEqual([id]);
    expect((await live({ '/etc/blkid.tab': tab })).ids).toEqual([]);
  });

  test('of a mounted root by what is mounted here, under the names that the guest has for it', async () => {
    const boot = (root: string) =>
      grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.1', args: [`root=${root}`], isDefault: true }));
    const here = [
      { at: '/' as const, uuid: '6f9a', partuuid: 'ab-01', type: 'ext4' },
      { at: '/boot/efi' as const, uuid: 'AB12-34CD', partuuid: undefined, type: 'vfat' },
      { at: '/srv' as const, uuid: undefined, partuuid: undefined, type: 'xfs' },
    ];
    const ids = async (tree: PhonyTree, root: string) => {
      const files = { ...recorded(tree), mounted: async () => here };
      const all = (await scanStorage(files, boot(root), await readUnits(files, 'systemd'))).ids;
      return all.map(({ device, uuid, partuuid }) => [device, uuid, partuuid]);
    };
    const vda = fstab('/dev/vda1 / ext4 rw 0 1', '/dev/vda15 /boot/efi vfat rw 0 1', '/dev/vda3 /srv xfs rw 0 1');
    expect(await ids(vda, '/dev/sda1')).toEqual([
      ['/dev/vda1', '6f9a', 'ab-01'],
      ['/dev/sda1', '6f9a', 'ab-01'],
      ['/dev/vda15', 'AB12-34CD', undefined],
    ]);
    expect(await ids(fstab('UUID=6f9a / ext4 rw 0 1'), '/dev/vda1')).toEqual([['/dev/vda1', '6f9a', 'ab-01']]);
    // Somebody mounted another file system than the one that the guest calls its root.
    expect(await ids(fstab('UUID=0000 / ext4 rw 0 1'), '/dev/vda1')).toEqual([['/dev/vda1', '0000', undefined]]);
  });

  test('of a mounted root by its two names of /', async () => {
    const boot = (root: string) =>
      grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.1', args: [`root=${root}`], isDefault: true }));
    const id = { device: '/dev/sda1', uuid: '6f9a', partuuid: undefined, label: undefined, type: undefined };
    expect((await storage(fstab('/dev/sda1 / ext4 rw 0 1'), boot('UUID=6f9a'))).ids).toEqual([id]);
    expect((await storage(fstab('UUID=6f9a / ext4 rw 0 1'), boot('/dev/sda1'))).ids).toEqual([id]);
    expect((await storage(fstab('UUID=6f9a / ext4 rw 0 1'), boot('UUID=6f9a'))).ids).toEqual([]);
    expect((await storage(fstab('/dev/sda1 / ext4 rw 0 1'), boot('/dev/sda1'))).ids).toEqual([]);
  });
});

describe('swap', () => {
  const swaps = async (tree: PhonyTree) =>
    (await storage(tree)).swaps.map(
      ({ what, source, on, at }) => `${what} ${source} ${on} ${at.path}:${at.line ?? ''}`,
    );

  test('in fstab, wherever it is said to be', async () => {
    const lines = [
      'UUID=1 / ext4 rw 0 1',
      'UUID=2 none swap sw 0 0',
      '/dev/zram0 none swap pri=100 0 0',
      '/mnt/resource/swapfile none swap sw 0 0',
      '/dev/disk/cloud/azure_resource-part2 none swap sw 0 0',
    ];
    expect(await swaps(fstab(...lines))).toEqual([
      'fstab UUID=2 os-disk /etc/fstab:2',
      'fstab /dev/zram0 ram /etc/fstab:3',
      'fstab /mnt/resource/swapfile resource /etc/fstab:4',
      'fstab /dev/disk/cloud/azure_resource-part2 resource /etc/fstab:5',
    ]);
  });

  test('in units that start', async () => {
    const etc = '/etc/systemd/system';
    const unit = '[Unit]\nDescription=x\n[Swap]\nWhat=/dev/sda5\n';
    const started = {
      [`${etc}/dev-sda5.swap`]: unit,
      [`${etc}/swap.target.wants/dev-sda5.swap`]: { link: '../dev-sda5.swap' },
    };
    expect(await swaps(started)).toEqual([`unit /dev/sda5 os-disk ${etc}/dev-sda5.swap:4`]);
    expect(await swaps({ [`${etc}/dev-sda5.swap`]: unit })).toEqual([]);
    expect(await swaps({ ...started, [`${etc}/dev-sda5.swap`]: { link: '/dev/null' } })).toEqual([]);
  });

  test('in files that mkswap has written to', async () => {
    expect(
      await swaps({
        ...fstab('/data/my\\040swap none swap sw 0 0', '/swap.img none swap sw 0 0'),
        '/swapfile': swapFile(),
        '/var/swap': swapFile(65536),
        '/data/my swap': swapFile(),
        '/swap': 'my notes on swap\n',
        '/var/swapfile': { fifo: true },
      }),
    ).toEqual([
      'fstab /data/my swap os-disk /etc/fstab:1',
      'fstab /swap.img os-disk /etc/fstab:2',
      'file /swapfile os-disk /swapfile:',
      'file /var/swap os-disk /var/swap:',
      'file /data/my swap os-disk /data/my swap:',
    ]);
  });

  test('made by programs at each start', async () => {
    expect(
      await swaps({
        '/sbin/dphys-swapfile': 'x',
        '/etc/dphys-swapfile': '# x\nCONF_SWAPFILE=/var/my.swap\n',
        '/usr/lib/systemd/zram-generator.conf': '[zram0]\n',
      }),
    ).toEqual([
      'generator /var/my.swap os-disk /etc/dphys-swapfile:2',
      'generator /dev/zram0 ram /usr/lib/systemd/zram-generator.conf:',
    ]);
    // Left behind by a package that is gone.
    expect(await swaps({ '/etc/dphys-swapfile': 'CONF_SWAPFILE=/var/my.swap\n' })).toEqual([]);
  });

  test('that is on now, and on which disk', async () => {
    const tree = {
      ...sys,
      ...mountinfo(rootOn('8:1', '/dev/sda1'), '30 22 8:17 / /data rw - ext4 /dev/sdb1 rw'),
      '/sys/dev/block/8:17': { link: '../../devices/pci0000:01/block/sdb/sdb1' },
      '/proc/swaps':
        'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n' +
        '/dev/sda2                               partition\t1000\t\t0\t\t-2\n' +
        '/dev/dm-0 partition 1000 0 -3\n' +
        '/dev/sdb1 partition 1000 0 -4\n' +
        '/swap\\040file\\040(deleted) file 1000 0 -5\n' +
        '/data/swap file 1000 0 -6\n' +
        '/dev/zram0 partition 1000 0 100\n',
    } as const;
    expect((await live(tree)).swaps.map(({ what, source, on, at }) => [what, source, on, at.line])).toEqual([
      ['active', '/dev/sda2', 'os-disk', 2],
      ['active', '/dev/dm-0', 'os-disk', 3],
      ['active', '/dev/sdb1', 'resource', 4],
      ['active', '/swap file', 'os-disk', 5],
      ['active', '/data/swap', 'resource', 6],
      ['active', '/dev/zram0', 'ram', 7],
    ]);
    expect((await storage(tree)).swaps).toEqual([]);
  });

  test('of a running machine under a name of udev', async () => {
    const tree = {
      ...sys,
      ...mountinfo(rootOn('8:1', '/dev/sda1')),
      ...fstab('UUID=b1 none swap sw 0 0', 'LABEL=far none swap sw 0 0', 'UUID=gone none swap sw 0 0'),
      '/dev/disk/by-uuid/b1': { link: '../../sda2' },
      '/dev/disk/by-label/far': { link: '../../sdb1' },
    } as const;
    expect((await live(tree)).swaps.map(({ source, on }) => [source, on])).toEqual([
      ['UUID=b1', 'os-disk'],
      ['LABEL=far', 'resource'],
      ['UUID=gone', 'os-disk'],
    ]);
  });
});
