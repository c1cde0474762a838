import { describe, expect, test } from 'vitest';
import { scanInitrds } from '../../src/facts/initrds.ts';
import { scanKernels } from '../../src/facts/kernels.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import type { BootLoader, OsFacts } from '../../src/model.ts';
import { makeCpio } from '../lib/cpio-writer.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { bootEntry, grub2, noBoot, recorded, withFamily } from './recorded.ts';

function image(kernel: string, ...modules: readonly string[]): Uint8Array {
  const items = modules.map((name) => ({ path: `usr/lib/modules/${kernel}/kernel/drivers/${name}.ko`, body: 'x' }));
  return makeCpio(items);
}

async function initrds(
  tree: PhonyTree,
  { boot = noBoot, os = withFamily('debian'), ...reading }: { boot?: BootLoader; os?: OsFacts; skip?: boolean } = {},
) {
  const files = recorded(tree);
  const kernels = await scanKernels(files, boot);
  return scanInitrds(files, os, boot, kernels, { unpacker: createUnpacker(), ...reading });
}

const paths = async (...args: Parameters<typeof initrds>) =>
  (await initrds(...args)).map(({ path, content }) => `${path} ${content.is}`);

const kernel = { '/boot/vmlinuz-6.1.0': 'x' } as const;

test('what is in the initrd of each kernel that can be booted', async () => {
  const found = await initrds({
    '/boot/vmlinuz-6.1.0': 'x',
    '/boot/initrd.img-6.1.0': image('6.1.0', 'hv_vmbus', 'hid-hyperv'),
    '/boot/vmlinuz-6.2.0': 'x',
    '/boot/initrd.img-6.2.0': image('6.2.0', 'ahci'),
    '/lib/modules/5.9/modules.dep': '',
  });
  const seen = found.map(({ kernel: version, path, content }) => {
    if (content.is !== 'there' || content.value.is !== 'read') throw new Error(`not read: ${JSON.stringify(content)}`);
    return [version, path, content.value.modules.map((module) => module.name)];
  });
  expect(seen).toEqual([
    ['6.1.0', '/boot/initrd.img-6.1.0', ['hv_vmbus', 'hid_hyperv']],
    ['6.2.0', '/boot/initrd.img-6.2.0', ['ahci']],
  ]);
});

describe('where it is', () => {
  test('what the entry of the kernel names, microcode before it passed over', async () => {
    const tree = { ...kernel, '/boot/initrd.img-6.1.0': image('6.1.0'), '/boot/other.img': image('6.1.0') };
    const entry = { kernelPath: '/boot/vmlinuz-6.1.0', isDefault: true } as const;
    const boot = grub2(
      bootEntry({ ...entry, initrds: ['/boot/intel-ucode.img', '/boot/amd-ucode.img', '/boot/other.img'] }),
    );
    expect(await paths(tree, { boot })).toEqual(['/boot/other.img there']);
    // Named and not there: that is what the boot will find, whatever else lies about.
    const gone = grub2(bootEntry({ ...entry, initrds: ['/boot/gone.img'] }));
    expect(await paths(tree, { boot: gone })).toEqual(['/boot/gone.img absent']);
  });

  test('the default entry goes before others of the same kernel, and a recovery entry comes last', async () => {
    const of = (name: string, changes = {}) =>
      bootEntry({ kernelPath: '/boot/vmlinuz-6.1.0', initrds: [`/boot/${name}`], ...changes });
    const boot = grub2(of('a', { recovery: true }), of('b'), of('c', { isDefault: true }));
    expect(await paths(kernel, { boot })).toEqual(['/boot/c absent', '/boot/b absent']);
    expect(await paths(kernel, { boot: grub2(of('a', { recovery: true }), of('b')) })).toEqual(['/boot/b absent']);
    expect(await paths(kernel, { boot: grub2(of('a', { recovery: true })) })).toEqual(['/boot/a absent']);
  });

  test('two entries of one kernel that load one file by two names load one', async () => {
    const tree = { ...kernel, '/boot/x': image('6.1.0'), '/boot/y': { link: 'x' } } as const;
    const of = (name: string) => bootEntry({ kernelPath: '/boot/vmlinuz-6.1.0', initrds: [`/boot/${name}`] });
    expect(await paths(tree, { boot: grub2(of('x'), of('y')) })).toEqual(['/boot/x there']);
  });

  test('a copy of the kernel on the ESP has its initrd beside it, and what the next copy is made of counts too', async () => {
    const esp = '/boot/efi/0123456789abcdef0123456789abcdef/6.1.0';
    const copy = { [`${esp}/linux`]: 'x', [`${esp}/initrd.img-6.1.0`]: image('6.1.0') };
    const entry = bootEntry({ kernelPath: `${esp}/linux`, version: '6.1.0', initrds: [`${esp}/initrd.img-6.1.0`] });
    const boot = grub2(entry);
    const both = { ...kernel, ...copy, '/boot/initrd.img-6.1.0': image('6.1.0') };
    expect(await paths(both, { boot })).toEqual([`${esp}/initrd.img-6.1.0 there`, '/boot/initrd.img-6.1.0 there']);
    expect(await paths({ ...kernel, ...copy }, { boot })).toEqual([`${esp}/initrd.img-6.1.0 there`]);
  });

  test('an entry of another kernel says nothing', async () => {
    const boot = grub2(bootEntry({ kernelPath: '/boot/vmlinuz-6.2.0', initrds: ['/boot/other.img'] }));
    expect(await paths({ ...kernel, '/boot/initrd.img-6.1.0': image('6.1.0') }, { boot })).toEqual([
      '/boot/initrd.img-6.1.0 there',
    ]);
  });

  test('a usual name where no entry tells', async () => {
    expect(await paths({ ...kernel, '/boot/initramfs-6.1.0.img': image('6.1.0') })).toEqual([
      '/boot/initramfs-6.1.0.img there',
    ]);
  });

  test.each([
    ['debian', '/boot/initrd.img-6.1.0'],
    ['rhel', '/boot/initramfs-6.1.0.img'],
    ['suse', '/boot/initrd-6.1.0'],
    ['arch', '/boot/initramfs-6.1.0.img'],
    ['alpine', '/boot/initramfs-6.1.0'],
    ['unknown', '/boot/initramfs-6.1.0.img'],
  ] as const)('where %s would put one that is missing', async (family, path) => {
    expect(await paths(kernel, { os: withFamily(family) })).toEqual([`${path} absent`]);
  });

  test.each([
    ['rhel', '5.11', '/boot/initrd-6.1.0.img'],
    ['rhel', '6.9', '/boot/initramfs-6.1.0.img'],
    ['azurelinux', '2.0', '/boot/initrd.img-6.1.0'],
    ['azurelinux', '3.0', '/boot/initramfs-6.1.0.img'],
  ] as const)('where %s %s would put one that is missing', async (family, release, path) => {
    const os = withFamily(family);
    expect(await paths(kernel, { os: { ...os, distro: { ...os.distro, version: release } } })).toEqual([
      `${path} absent`,
    ]);
  });

  test.each([
    ['arch', '/boot/vmlinuz-linux-lts', '/boot/initramfs-linux-lts.img'],
    ['alpine', '/boot/vmlinuz-virt', '/boot/initramfs-virt'],
  ] as const)('%s names it after the package, as it does the kernel', async (family, name, path) => {
    const tree = { [name]: 'x', [path]: image('6.6.1') };
    expect(await paths(tree, { os: withFamily(family) })).toEqual([`${path} there`]);
  });

  test('beside an image of kernel-install, and in /boot for one beside its modules', async () => {
    const os = withFamily('fedora');
    const id = '0123456789abcdef0123456789abcdef';
    const installed = { [`/efi/${id}/6.1.0/linux`]: 'x', [`/efi/${id}/6.1.0/initrd`]: image('6.1.0') };
    expect(await paths(installed, { os })).toEqual([`/efi/${id}/6.1.0/initrd there`]);
    const packaged = { '/usr/lib/modules/6.1.0/vmlinuz': 'x', '/boot/initramfs-6.1.0.img': image('6.1.0') };
    expect(await paths(packaged, { os })).toEqual(['/boot/initramfs-6.1.0.img there']);
  });

  test('a link is followed inside the root', async () => {
    const tree = {
      ...kernel,
      '/boot/images/x': image('6.1.0', 'hv_vmbus'),
      '/boot/initrd.img-6.1.0': { link: '/boot/images/x' },
    } as const;
    expect(await paths(tree)).toEqual(['/boot/initrd.img-6.1.0 there']);
    expect(await paths({ ...kernel, '/boot/initrd.img-6.1.0': { link: '/gone' } })).toEqual([
      '/boot/initrd.img-6.1.0 absent',
    ]);
  });
});

describe('what cannot be read', () => {
  test('a damaged image is unknown, not empty', async () => {
    const cut = image('6.1.0', 'hv_vmbus').subarray(0, 150);
    const [found] = await initrds({ ...kernel, '/boot/initrd.img-6.1.0': cut });
    expect(found?.content).toMatchObject({ is: 'there', value: { is: 'unknown', bytes: 150 } });
  });

  test('something else than a file is not opened', async () => {
    expect(await paths({ ...kernel, '/boot/initrd.img-6.1.0': { fifo: true } })).toEqual([
      '/boot/initrd.img-6.1.0 unreadable',
    ]);
  });

  test('left out as asked is not the same as missing', async () => {
    const tree = { ...kernel, '/boot/initrd.img-6.1.0': image('6.1.0'), '/boot/vmlinuz-6.2.0': 'x' };
    expect(await paths(tree, { skip: true })).toEqual([
      '/boot/initrd.img-6.1.0 unreadable',
      '/boot/initrd.img-6.2.0 absent',
    ]);
  });
});

test('an image that two kernels share is read once, and never more than two at a time', async () => {
  const tree: Record<`/${string}`, Uint8Array | { link: string }> = {};
  for (const version of ['6.1', '6.2', '6.3', '6.4', '6.5']) {
    tree[`/boot/vmlinuz-${version}`] = Buffer.from('x');
    tree[`/boot/initrd.img-${version}`] = image(version);
  }
  tree['/boot/initrd.img-6.5'] = { link: 'initrd.img-6.1' };
  const files = recorded(tree);
  let open = 0;
  let most = 0;
  const opened: string[] = [];
  const counting = {
    ...files,
    open: async (path: `/${string}`) => {
      const source = await files.open(path);
      if (source.is !== 'there') return source;
      opened.push(path);
      most = Math.max(most, ++open);
      const close = () => {
        open--;
        source.value.close();
      };
      return { is: 'there', value: { ...source.value, close } } as const;
    },
  };
  const kernels = await scanKernels(files, noBoot);
  const found = await scanInitrds(counting, withFamily('debian'), noBoot, kernels, { unpacker: createUnpacker() });
  expect(found.every(({ content }) => content.is === 'there' && content.value.is === 'read')).toBe(true);
  expect(opened.toSorted()).toEqual(['6.1', '6.2', '6.3', '6.4'].map((version) => `/boot/initrd.img-${version}`));
  expect(most).toBe(2);
  expect(open).toBe(0);
});

test('says which image is being read', async () => {
  const said: string[] = [];
  const files = recorded({ ...kernel, '/boot/initrd.img-6.1.0': image('6.1.0') });
  const kernels = await scanKernels(files, noBoot);
  const reading = { unpacker: createUnpacker(), progress: (says: string) => said.push(says) };
  await scanInitrds(files, withFamily('debian'), noBoot, kernels, reading);
  expect(said).toEqual(['reading /boot/initrd.img-6.1.0']);
});
