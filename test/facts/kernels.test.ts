import { describe, expect, test } from 'vitest';
import { scanKernels } from '../../src/facts/kernels.ts';
import type { BootLoader } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { bootEntry, grub2, noBoot, recorded } from './recorded.ts';

const kernels = (tree: PhonyTree, boot: BootLoader = noBoot) => scanKernels(recorded(tree), boot);
const versions = async (tree: PhonyTree, boot?: BootLoader) =>
  (await kernels(tree, boot)).map(({ version, bootable }) => (bootable ? version : `(${version})`));

const folder = '/lib/modules/6.1.0-9-amd64';
const dep =
  'kernel/drivers/hv/hv_vmbus.ko.xz:\n' +
  'kernel/drivers/scsi/hv_storvsc.ko.xz: kernel/drivers/scsi/scsi_mod.ko.xz kernel/drivers/hv/hv_vmbus.ko.xz\n' +
  'kernel/drivers/hid/hid-hyperv.ko.xz: kernel/drivers/hv/hv_vmbus.ko.xz\n';

test('a kernel with all that belongs to it', async () => {
  const found = await kernels({
    '/boot/vmlinuz-6.1.0-9-amd64': 'x',
    '/boot/config-6.1.0-9-amd64': 'CONFIG_HYPERV=m\n# CONFIG_FB_HYPERV is not set\nCONFIG_LSM="a,b"\nCONFIG_NR_CPUS=8',
    [`${folder}/modules.dep`]: dep,
    [`${folder}/modules.builtin`]: 'kernel/fs/fat/vfat.ko\nkernel/drivers/cdrom/cd-rom.ko\n',
  });
  expect(found).toHaveLength(1);
  const [kernel] = found;
  expect(kernel).toMatchObject({
    version: '6.1.0-9-amd64',
    class: 'normal',
    image: '/boot/vmlinuz-6.1.0-9-amd64',
    modulesDir: folder,
    bootable: true,
    isDefault: false,
    hasModulesDep: true,
    modules: {
      is: 'there',
      value: {
        hv_vmbus: 'kernel/drivers/hv/hv_vmbus.ko.xz',
        hv_storvsc: 'kernel/drivers/scsi/hv_storvsc.ko.xz',
        hid_hyperv: 'kernel/drivers/hid/hid-hyperv.ko.xz',
      },
    },
    dependsOn: { hv_vmbus: [], hv_storvsc: ['scsi_mod', 'hv_vmbus'] },
    builtin: { is: 'there', value: ['vfat', 'cd_rom'] },
  });
  expect(kernel?.config.is === 'there' && { ...kernel.config.value }).toEqual({
    CONFIG_HYPERV: 'm',
    CONFIG_LSM: 'a,b',
    CONFIG_NR_CPUS: '8',
  });
});

describe('which kernels there are', () => {
  test('every image in /boot, under the names of all distributions', async () => {
    const names = [
      'vmlinuz-6.1.0-9-amd64',
      'vmlinux-5.14.21-default',
      'Image-6.4.0-arm64',
      'bzImage-4.19.1',
      'kernel-3.0.101',
    ];
    const tree = Object.fromEntries(names.map((name) => [`/boot/${name}`, 'x']));
    expect(await versions(tree)).toEqual(['3.0.101', '4.19.1', '5.14.21-default', '6.1.0-9-amd64', '6.4.0-arm64']);
  });

  test('copies, left-overs and what is no kernel are none', async () => {
    const kept = ['.old', '.bak', '.dpkg-new', '.dpkg-bak', '.old-dkms', '.rpmsave', '.gz', '~', '.efi.signed'];
    const tree = Object.fromEntries(kept.map((suffix) => [`/boot/vmlinuz-6.1.0-9-amd64${suffix}`, 'x']));
    const others = {
      '/boot/memtest86+.bin': 'x',
      '/boot/System.map-6.1.0': 'x',
      '/boot/vmlinuz': 'x',
      '/boot/config-6.1': '',
    };
    expect(await versions({ ...tree, ...others, '/boot/.vmlinuz-6.1.hmac': 'x' })).toEqual([]);
  });

  test('images that kernel-install has put away, with the rescue kernel', async () => {
    const id = '0123456789abcdef0123456789abcdef';
    const tree = {
      [`/boot/${id}/6.5.6-300.fc39.x86_64/linux`]: 'x',
      [`/boot/${id}/0-rescue/linux`]: 'x',
      '/boot/efi/opensuse-tumbleweed/6.12.1-1-default/linux-0123456789abcdef0123456789abcdef01234567': 'x',
      '/boot/grub2/2.06/linux': 'no kernel',
      '/boot/efi/EFI/9/linux': 'no kernel',
      '/usr/lib/modules/6.5.6-300.fc39.x86_64/vmlinuz': 'x',
    };
    const found = await kernels(tree);
    expect(found.map(({ version, class: kind, bootable }) => [version, kind, bootable])).toEqual([
      ['0-rescue', 'rescue', true],
      ['6.12.1-1-default', 'normal', true],
      ['6.5.6-300.fc39.x86_64', 'normal', true],
    ]);
    expect(found[2]?.image).toBe(`/boot/${id}/6.5.6-300.fc39.x86_64/linux`);
  });

  test('names without a version are told by what the package says, where the image does not (arm64)', async () => {
    const tree = {
      '/boot/vmlinuz-linux': 'MZ zimg',
      '/usr/lib/modules/6.6.1-arch1-1/pkgbase': 'linux\n',
      '/usr/lib/modules/6.6.1-arch1-1/vmlinuz': 'MZ zimg',
      '/boot/vmlinuz-virt': 'MZ',
      '/usr/share/kernel/virt/kernel.release': '6.6.58-0-virt\n',
    };
    expect(await versions(tree)).toEqual(['6.6.1-arch1-1', '6.6.58-0-virt']);
  });

  test('a link counts where it leads to an image', async () => {
    const tree = {
      '/usr/lib/modules/6.4.0-default/vmlinuz': 'x',
      '/boot/vmlinuz-6.4.0-default': { link: '../usr/lib/modules/6.4.0-default/vmlinuz' },
      '/boot/vmlinuz-6.3.0-default': { link: '../usr/lib/modules/6.3.0-default/vmlinuz' },
      '/lib': { link: 'usr/lib' },
    } as const;
    expect(await versions(tree)).toEqual(['6.4.0-default']);
  });

  test('a folder of modules without an image is there and cannot be booted', async () => {
    expect(await versions({ '/boot/vmlinuz-6.1.0': 'x', '/lib/modules/6.0.0/modules.dep': '' })).toEqual([
      '(6.0.0)',
      '6.1.0',
    ]);
  });

  test('an image beside its modules can be booted where /boot holds none or an entry names it', async () => {
    const beside = { '/lib/modules/6.0.0/vmlinuz': 'x', '/lib/modules/6.2.0/vmlinuz': 'x' };
    expect(await versions(beside)).toEqual(['6.0.0', '6.2.0']);
    const both = { ...beside, '/boot/vmlinuz-6.2.0': 'x' };
    expect(await versions(both)).toEqual(['(6.0.0)', '6.2.0']);
    const boot = grub2(bootEntry({ kernelPath: '/lib/modules/6.0.0/vmlinuz' }));
    expect(await versions(both, boot)).toEqual(['6.0.0', '6.2.0']);
  });

  test('an image that is named after its package tells its version itself', async () => {
    const image = Buffer.alloc(0x1000);
    image.write('HdrS', 0x202, 'latin1');
    image.writeUInt16LE(0x600, 0x20e);
    image.write('6.6.8-arch1-1 (linux@archlinux) #1 SMP\0', 0x800, 'latin1');
    const found = await kernels({ '/boot/vmlinuz-linux': image, '/usr/lib/modules/6.6.8-arch1-1/modules.dep': dep });
    expect(found.map(({ version, image: path, modulesDir }) => [version, path, modulesDir])).toEqual([
      ['6.6.8-arch1-1', '/boot/vmlinuz-linux', '/usr/lib/modules/6.6.8-arch1-1'],
    ]);
    expect(await versions({ '/boot/vmlinuz-lts': 'x' })).toEqual(['lts']);
  });

  test('rescue and kdump kernels are of their own class', async () => {
    const found = await kernels({
      '/boot/vmlinuz-0-rescue-0f1e2d3c': 'x',
      '/boot/vmlinux-5.3.18-kdump': 'x',
      '/boot/vmlinuz-6.1': 'x',
    });
    expect(found.map((kernel) => kernel.class)).toEqual(['rescue', 'kdump', 'normal']);
  });
});

describe('the default', () => {
  const tree = { '/boot/vmlinuz-6.1.0': 'x', '/boot/vmlinuz-6.2.0': 'x' };
  const defaults = async (boot: BootLoader, more: PhonyTree = {}) =>
    (await kernels({ ...tree, ...more }, boot)).filter((kernel) => kernel.isDefault).map((kernel) => kernel.version);

  test('is the kernel that the default entry starts, also through a link', async () => {
    const first = bootEntry({ kernelPath: '/boot/vmlinuz-6.1.0' });
    expect(await defaults(grub2(first, bootEntry({ kernelPath: '/boot/vmlinuz-6.2.0', isDefault: true })))).toEqual([
      '6.2.0',
    ]);
    const linked = grub2(bootEntry({ kernelPath: '/boot/vmlinuz', isDefault: true }));
    expect(await defaults(linked, { '/boot/vmlinuz': { link: 'vmlinuz-6.1.0' } })).toEqual(['6.1.0']);
  });

  test('is the installed one, of which the default entry starts a copy on the ESP', async () => {
    const copy = '/boot/efi/0123456789abcdef0123456789abcdef/6.1.0/linux';
    const boot = grub2(bootEntry({ kernelPath: copy, version: '6.1.0', isDefault: true }));
    expect(await defaults(boot, { [copy]: 'x' })).toEqual(['6.1.0']);
  });

  test('is none where the menu does not say', async () => {
    expect(await defaults(grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.1.0' })))).toEqual([]);
    expect(await defaults(noBoot)).toEqual([]);
  });

  test('is none that is there when the entry names one that is gone', async () => {
    expect(await defaults(grub2(bootEntry({ kernelPath: '/boot/vmlinuz-5.0.0', isDefault: true })))).toEqual([]);
  });
});

describe('modules without modules.dep', () => {
  const image = { '/boot/vmlinuz-6.1.0-9-amd64': 'x' };
  const modulesOf = async (tree: PhonyTree) => {
    const kernel = (await kernels({ ...image, ...tree })).find(({ version }) => version === '6.1.0-9-amd64');
    return { found: kernel?.modules, hasModulesDep: kernel?.hasModulesDep };
  };

  test('are found by walking, with links followed and the more important folder first', async () => {
    const { found, hasModulesDep } = await modulesOf({
      [`${folder}/kernel/drivers/hv/hv_vmbus.ko.zst`]: 'x',
      [`${folder}/kernel/drivers/net/x.ko`]: 'x',
      [`${folder}/updates/dkms/x.ko`]: 'x',
      [`${folder}/modules.order`]: '',
      '/lib/modules/6.0/extra/mlx5-core.ko': 'x',
      [`${folder}/weak-updates/mlx5-core.ko`]: { link: '/lib/modules/6.0/extra/mlx5-core.ko' },
      [`${folder}/weak-updates/gone.ko`]: { link: '/lib/modules/5.9/extra/gone.ko' },
      [`${folder}/kernel/loop`]: { link: '..' },
      '/usr/src/headers/build.ko': 'x',
      [`${folder}/build`]: { link: '/usr/src/headers' },
    });
    expect(hasModulesDep).toBe(false);
    expect(found?.is === 'there' && { ...found.value }).toEqual({
      hv_vmbus: 'kernel/drivers/hv/hv_vmbus.ko.zst',
      x: 'updates/dkms/x.ko',
      mlx5_core: 'weak-updates/mlx5-core.ko',
    });
  });

  test('an empty modules.dep beside module files is as good as none', async () => {
    const { found, hasModulesDep } = await modulesOf({ [`${folder}/modules.dep`]: '', [`${folder}/kernel/a.ko`]: 'x' });
    expect(found).toMatchObject({ is: 'there', value: { a: 'kernel/a.ko' } });
    expect(hasModulesDep).toBe(false);
  });

  test('an empty modules.dep without module files is right', async () => {
    const { found, hasModulesDep } = await modulesOf({ [`${folder}/modules.dep`]: '' });
    expect([found, hasModulesDep]).toEqual([{ is: 'there', value: {} }, true]);
  });

  test('a modules.dep that cannot be read leaves them unknown', async () => {
    const { found } = await modulesOf({ [`${folder}/modules.dep`]: { fifo: true }, [`${folder}/kernel/a.ko`]: 'x' });
    expect(found).toMatchObject({ is: 'unreadable' });
  });

  test('no folder, no modules', async () => {
    const { found, hasModulesDep } = await modulesOf({});
    expect([found, hasModulesDep]).toEqual([{ is: 'absent' }, false]);
  });
});
