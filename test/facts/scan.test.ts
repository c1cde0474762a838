import { expect, test, vi } from 'vitest';
import { PrepError } from '../../src/errors.ts';
import { type ScanTools, scan } from '../../src/facts/scan.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import type { LiveFacts, Where } from '../../src/model.ts';
import { makeCpio } from '../lib/cpio-writer.ts';
import { dpkgStatus } from '../lib/dpkg-status.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

vi.mock('systeminformation', () => {
  throw new Error('only a running machine is asked');
});

const kernel = '6.1.0-9-amd64';
const rootUuid = '6f9a2c54-9c0e-4d5b-8a1e-3f1f0c2d7b11';
const lib = `/usr/lib/modules/${kernel}`;

/** A Debian 12 that would boot, with something of every subject. */
const debian: PhonyTree = {
  '/lib': { link: 'usr/lib' },
  '/etc/os-release': { link: '../usr/lib/os-release' },
  '/usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  '/var/lib/dpkg/status': dpkgStatus({ 'grub-pc': '2.06-13', waagent: '2.7.3.0-4.1' }),
  '/usr/lib/systemd/systemd': 'x',
  '/sbin/init': { link: '/lib/systemd/systemd' },
  '/etc/fstab': `UUID=${rootUuid} / ext4 errors=remount-ro 0 1\nUUID=b7d3 none swap sw 0 0\n`,
  [`/boot/vmlinuz-${kernel}`]: 'x',
  [`/boot/initrd.img-${kernel}`]: makeCpio([
    { path: `usr/lib/modules/${kernel}/kernel/drivers/hv/hv_vmbus.ko`, body: 'x' },
  ]),
  [`${lib}/modules.dep`]: 'kernel/drivers/hv/hv_vmbus.ko:\n',
  [`${lib}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
  '/boot/grub/grub.cfg':
    `set default="0"\nmenuentry 'Debian' {\n  insmod part_msdos\n  linux /boot/vmlinuz-${kernel} root=UUID=${rootUuid} ro quiet\n` +
    `  initrd /boot/initrd.img-${kernel}\n}\n`,
  '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  '/usr/sbin/mkinitramfs': 'x',
  '/etc/initramfs-tools/initramfs.conf': 'MODULES=most\n',
  '/etc/modprobe.d/cis.conf': 'install udf /bin/true\n',
  '/etc/ssh/sshd_config': 'ClientAliveInterval 0\n',
  '/usr/sbin/sshd': 'x',
  '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
  '/etc/shadow': 'root:$6$secret:19000::::::\n',
  '/root/.bash_history': 'passwd\n',
  '/etc/waagent.conf': 'Provisioning.Agent=auto\n',
};

function look(tree: PhonyTree, tools: Partial<ScanTools> = {}, where: Where = 'offline') {
  return scan(createReadOnlyGuest(makeGuest(tree), where), { unpacker: createUnpacker(), ...tools });
}

test('everything about a guest, in one piece', async () => {
  const facts = await look(debian);
  expect(facts).toMatchObject({
    where: 'offline',
    os: { distro: { family: 'debian', version: '12' }, firmware: { is: 'bios' }, init: 'systemd' },
    kernels: [{ version: kernel, bootable: true, isDefault: true, modulesDir: `/lib/modules/${kernel}` }],
    initrds: [{ kernel, content: { is: 'there', value: { is: 'read', modules: [{ name: 'hv_vmbus' }] } } }],
    initrdTool: { kind: 'initramfs-tools', mode: 'most' },
    boot: { kind: 'grub2', entries: [{ title: 'Debian', isDefault: true }], nextArgs: ['quiet'] },
    modprobe: [{ module: 'udf', how: 'install' }],
    agent: { provisioner: 'none' },
    storage: { mounts: [{ target: '/', on: 'partition' }], swaps: [{ what: 'fstab', on: 'os-disk' }] },
    ssh: { server: '/usr/sbin/sshd', settings: { clientaliveinterval: { value: '0' } } },
    accounts: { users: [{ name: 'root', password: 'set' }], histories: [{ path: '/root/.bash_history' }] },
    live: undefined,
    unreadable: {},
  });
  // Planning edits these, and finds where they really are.
  expect(Object.keys(facts.texts)).toEqual(
    expect.arrayContaining([
      '/etc/default/grub',
      '/boot/grub/grub.cfg',
      '/etc/fstab',
      '/etc/waagent.conf',
      '/usr/lib/os-release',
    ]),
  );
  expect(facts.links['/etc/os-release']).toBe('/usr/lib/os-release');
});

test('facts are data: they can be saved, hold no secret, and are the same of the same guest', async () => {
  const [one, other] = await Promise.all([look(debian), look(debian)]);
  const saved = JSON.stringify(one);
  expect(saved).not.toContain('$6$secret');
  expect(JSON.stringify(other)).toBe(saved);
});

test('an empty root gives facts that claim nothing', async () => {
  const facts = await look({});
  expect(facts).toMatchObject({
    os: { distro: { family: 'unknown' }, arch: { is: 'absent' }, packages: { is: 'absent' }, init: 'unknown' },
    kernels: [],
    initrds: [],
    initrdTool: { kind: 'unknown' },
    boot: { kind: 'unknown' },
    storage: { fstab: { is: 'absent' }, mounts: [], swaps: [] },
    accounts: { users: [], shadow: { is: 'absent' } },
    agent: { provisioner: 'none' },
  });
});

test('a hostile root gives answers and no errors', async () => {
  const hostile: Record<string, { fifo: true } | { link: string }> = {};
  const paths = Object.keys(debian).filter((path) => !['/lib', '/etc/os-release', '/sbin/init'].includes(path));
  paths.forEach((path, at) => {
    hostile[path] = at % 2 === 0 ? { fifo: true } : { link: path };
  });
  const facts = await look(hostile as PhonyTree);
  expect(facts.storage.fstab).toMatchObject({ is: 'unreadable' });
  expect(facts.accounts.shadow).toMatchObject({ is: 'unreadable' });
  expect(Object.keys(facts.unreadable).length).toBeGreaterThan(8);
});

test('initrds that were left out are not missing', async () => {
  const facts = await look(debian, { skipInitrds: true });
  expect(facts.initrds).toMatchObject([{ kernel, path: `/boot/initrd.img-${kernel}`, content: { is: 'unreadable' } }]);
});

test('what only a running machine tells is asked of a running machine only', async () => {
  const told: LiveFacts = {
    hypervisor: 'microsoft',
    memoryBytes: 1,
    runningKernel: kernel,
    loadedModules: [],
    operator: 0,
  };
  const live = vi.fn(async () => told);
  expect((await look(debian, { live })).live).toBeUndefined();
  expect(live).not.toHaveBeenCalled();
  expect((await look(debian, { live }, 'live')).live).toEqual(told);
});

test('an interrupt ends the scan', async () => {
  const before = new AbortController();
  before.abort('SIGINT');
  await expect(look(debian, { signal: before.signal })).rejects.toThrow(PrepError);
  const during = new AbortController();
  const progress = () => during.abort('SIGTERM');
  await expect(look(debian, { signal: during.signal, progress })).rejects.toThrow('interrupted by SIGTERM');
});
