import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readLive } from '../../src/facts/live.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { recorded } from './recorded.ts';

/** systeminformation looks at the machine that the test runs on; here it is another program's answer. */
const asked = vi.hoisted(() => ({ system: 0, mem: 0 }));
vi.mock('systeminformation', () => ({
  system: async () => {
    asked.system++;
    return { virtual: true, virtualHost: 'KVM' };
  },
  mem: async () => {
    asked.mem++;
    return { total: 4096 };
  },
}));

beforeEach(() => {
  asked.system = 0;
  asked.mem = 0;
});

const live = (tree: PhonyTree) => readLive(recorded(tree, 'live'));
const cpu = { '/proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n' };

test('what the files of a running machine tell', async () => {
  expect(
    await live({
      '/proc/sys/kernel/osrelease': '6.1.0-32-amd64\n',
      '/proc/modules': 'hv_storvsc 28672 2 - Live 0x0000000000000000\nhv_vmbus 180224 3 hv_storvsc, Live 0x0\n',
      '/proc/meminfo': 'MemTotal:        4018004 kB\nMemFree:         1 kB\n',
      '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation\n',
      '/sys/class/dmi/id/product_name': 'Virtual Machine\n',
    }),
  ).toEqual({
    hypervisor: 'microsoft',
    memoryBytes: 4114436096,
    runningKernel: '6.1.0-32-amd64',
    loadedModules: ['hv_storvsc', 'hv_vmbus'],
    operator: undefined,
  });
  expect(asked).toEqual({ system: 0, mem: 0 });
});

test.each([
  ['1000', 1000],
  ['4294967295', undefined],
  ['', undefined],
])('who logged in: loginuid %j', async (text, operator) => {
  expect((await live({ '/proc/self/loginuid': text })).operator).toBe(operator);
});

describe('hypervisor', () => {
  const named = (vendor: string, product: string) => ({
    ...cpu,
    '/sys/class/dmi/id/sys_vendor': `${vendor}\n`,
    '/sys/class/dmi/id/product_name': `${product}\n`,
  });

  test.each([
    ['VMware, Inc.', 'VMware Virtual Platform', 'vmware'],
    ['innotek GmbH', 'VirtualBox', 'oracle'],
    ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', 'qemu'],
    ['Red Hat', 'KVM', 'kvm'],
    ['Xen', 'HVM domU', 'xen'],
    ['Amazon EC2', 't3.micro', 'amazon'],
  ])('%s %s', async (vendor, product, hypervisor) => {
    expect((await live(named(vendor, product))).hypervisor).toBe(hypervisor);
    expect(asked.system).toBe(0);
  });

  test("Microsoft's own computers are none", async () => {
    const { '/proc/cpuinfo': _, ...surface } = named('Microsoft Corporation', 'Surface Pro 9');
    expect((await live(surface)).hypervisor).toBeUndefined();
  });

  test('without firmware that tells, programs are asked, on virtual machines only', async () => {
    expect((await live(cpu)).hypervisor).toBe('kvm');
    expect(asked.system).toBe(1);
    expect((await live({ '/proc/cpuinfo': 'flags : fpu\n' })).hypervisor).toBeUndefined();
    expect(asked.system).toBe(1);
  });

  test('of a paravirtual machine without firmware', async () => {
    expect((await live({ ...cpu, '/sys/hypervisor/type': 'xen\n' })).hypervisor).toBe('xen');
  });
});

test('memory where the file does not tell, nothing where nothing does', async () => {
  expect(await live({})).toEqual({
    hypervisor: undefined,
    memoryBytes: 4096,
    runningKernel: undefined,
    loadedModules: [],
    operator: undefined,
  });
  expect(asked.mem).toBe(1);
});
