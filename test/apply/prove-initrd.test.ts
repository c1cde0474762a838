import { describe, expect, test } from 'vitest';
import { findInitrdFault, type InitrdDemand } from '../../src/apply/prove-initrd.ts';
import type { InitrdContent } from '../../src/model.ts';

const kernel = '6.1.0-18-amd64';
const mebibyte = 1024 * 1024;
type Whole = Extract<InitrdContent, { is: 'read' }>;

function image(bytes: number, modules: readonly string[], more: Partial<Whole> = {}): Whole {
  const archive = {
    offset: 0,
    bytes,
    compression: 'zstd',
    unpacked: 4 * bytes,
    entries: 9,
    format: 'newc',
    trailer: true,
    early: false,
  } as const;
  return {
    is: 'read',
    bytes,
    archives: [{ ...archive, early: true, compression: 'none', trailer: false }, archive],
    modules: modules.map((name) => ({ name, path: `lib/modules/${kernel}/${name}.ko`, kernel, bytes: 1 })),
    kernels: [kernel],
    builtin: [],
    hidden: undefined,
    texts: {},
    ...more,
  };
}

const demand: InitrdDemand = { kernel, must: ['hv_vmbus', 'hv_storvsc'], builtin: [], oldBytes: 30 * mebibyte };

test('a whole image with the modules is good, whatever its early archive looks like', () => {
  expect(findInitrdFault(image(20 * mebibyte, ['hv_storvsc', 'hv_vmbus']), demand)).toBeUndefined();
});

test('trap 27: built in counts, by the list of the kernel or by one in the image', () => {
  const content = image(20 * mebibyte, ['hv_storvsc']);
  expect(findInitrdFault(content, demand)).toBe(`it lacks hv_vmbus for ${kernel}`);
  expect(findInitrdFault(content, { ...demand, builtin: ['hv_vmbus'] })).toBeUndefined();
  expect(findInitrdFault({ ...content, builtin: ['hv_vmbus'] }, demand)).toBeUndefined();
});

test("trap 26: the preparing machine's root device in the image's own command line", () => {
  const of = (text: string) =>
    findInitrdFault(
      image(20 * mebibyte, demand.must, {
        texts: { 'etc/cmdline.d/95root-dev.conf': text, 'etc/modprobe.d/x.conf': '' },
      }),
      demand,
    );
  expect(of('root=/dev/loop0p1 rootfstype=ext4\n')).toMatch(/would mount \/dev\/loop0p1 .*95root-dev\.conf/);
  expect(of('rd.lvm.lv=a/b root="block:/dev/nbd0p2"\n')).toMatch(/nbd0p2/);
  expect(of('root=UUID=0b5a1d6e ro\n')).toBeUndefined();
  expect(of('root=/dev/mapper/vg-root\n')).toBeUndefined();
});

test('what a file system inside the image may hide is not taken for seen', () => {
  const content = image(20 * mebibyte, ['hv_storvsc'], { hidden: 'a squashfs' });
  expect(findInitrdFault(content, demand)).toBe(
    `it lacks hv_vmbus for ${kernel} (it holds a squashfs, which may hide them)`,
  );
});

test('an image that cannot be read says where and why', () => {
  const content = { is: 'unknown', why: 'unknown compression', offset: 512, bytes: 9e6 } as const;
  expect(findInitrdFault(content, demand)).toBe('it cannot be read at offset 512: unknown compression');
});

test('the end is that of the last archive', () => {
  const content = image(20 * mebibyte, demand.must);
  const [early, main] = content.archives;
  if (early === undefined || main === undefined) throw new Error('two archives');
  expect(findInitrdFault({ ...content, archives: [main, early] }, demand)).toContain('cut short');
  expect(findInitrdFault({ ...content, archives: [] }, demand)).toContain('cut short');
});

describe('trap 32: how short is too short', () => {
  test.each([
    { oldBytes: 40 * mebibyte, bytes: 10 * mebibyte, good: true },
    { oldBytes: 40 * mebibyte, bytes: 10 * mebibyte - 1, good: false },
    { oldBytes: undefined, bytes: mebibyte, good: true },
    { oldBytes: undefined, bytes: mebibyte - 1, good: false },
    { oldBytes: 2 * mebibyte, bytes: mebibyte - 1, good: false },
    { oldBytes: 4000, bytes: 1000, good: true },
    { oldBytes: 4000, bytes: 999, good: false },
  ])('$bytes bytes after $oldBytes', ({ oldBytes, bytes, good }) => {
    const fault = findInitrdFault(image(bytes, demand.must), { ...demand, oldBytes });
    if (good) expect(fault).toBeUndefined();
    else expect(fault).toContain(`too short to be whole: ${bytes} bytes`);
  });
});
