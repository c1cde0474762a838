import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readInitrd, type Unpacker } from '../../src/formats/initrd.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import type { InitrdContent } from '../../src/model.ts';
import { readerOf } from '../lib/byte-reader.ts';
import { type CompressorName, compress, compressorNames, runFilter } from '../lib/compressors.ts';
import { type CpioItem, makeCpio, makeEntry, padTo, trailer } from '../lib/cpio-writer.ts';
import { makeRandom } from '../lib/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'prep-guest-initrd-'));
afterAll(() => rmSync(folder, { recursive: true }));

const unpacker: Unpacker = createUnpacker({ findProgram: () => undefined });
const withTools: Unpacker = createUnpacker({ worthATool: 0 });

type ReadContent = Extract<InitrdContent, { is: 'read' }>;

function read(...parts: readonly Buffer[]): Promise<InitrdContent> {
  return readInitrd(readerOf(Buffer.concat(parts)), unpacker);
}

/** The content, where there has to be one. */
async function readWell(...parts: readonly Buffer[]): Promise<ReadContent> {
  const content = await read(...parts);
  if (content.is === 'unknown') throw new Error(`unknown at ${content.offset}: ${content.why}`);
  return content;
}

const zeros = (count: number) => Buffer.alloc(count);
const modules = 'usr/lib/modules/6.1.0-9-amd64';
const hvStorvsc = { path: `${modules}/kernel/drivers/scsi/hv_storvsc.ko`, body: 'storvsc module' };
const hvVmbus = { path: `${modules}/kernel/drivers/hv/hv_vmbus.ko`, body: 'vmbus' };
const main = makeCpio([{ path: '.', type: 'folder' }, { path: 'init', body: '#!/bin/sh\n' }, hvVmbus, hvStorvsc]);
const early = makeCpio([
  { path: '.', type: 'folder' },
  { path: 'early_cpio', body: '1\n' },
  { path: 'kernel', type: 'folder' },
  { path: 'kernel/x86', type: 'folder' },
  { path: 'kernel/x86/microcode', type: 'folder' },
  { path: 'kernel/x86/microcode/AuthenticAMD.bin', body: Buffer.alloc(5000, 'amd') },
]);
const names = (content: ReadContent) => content.modules.map(({ name }) => name);

describe.each(compressorNames)('%s', (name) => {
  test('alone', async () => {
    const packed = compress(name, main);
    const content = await readWell(packed);
    expect(content).toEqual({
      is: 'read',
      bytes: packed.length,
      archives: [
        {
          offset: 0,
          bytes: packed.length,
          compression: name,
          unpacked: main.length,
          entries: 4,
          format: 'newc',
          trailer: true,
          early: false,
        },
      ],
      modules: [
        { name: 'hv_vmbus', path: hvVmbus.path, kernel: '6.1.0-9-amd64', bytes: 5 },
        { name: 'hv_storvsc', path: hvStorvsc.path, kernel: '6.1.0-9-amd64', bytes: 14 },
      ],
      kernels: ['6.1.0-9-amd64'],
      builtin: [],
      hidden: undefined,
      texts: {},
    });
  });

  test('behind two early archives, padded and not, and before an archive that is not compressed', async () => {
    const packed = padTo(4, compress(name, main));
    const last = makeCpio([{ path: 'lib/modules/5.10/kernel/a.ko', body: 'a' }]);
    for (const use of [unpacker, withTools]) {
      const image = Buffer.concat([padTo(512, early), early, packed, zeros(8), last, zeros(3)]);
      const content = await readInitrd(readerOf(image), use);
      expect(content).toMatchObject({
        is: 'read',
        bytes: image.length,
        archives: [
          { offset: 0, bytes: early.length, compression: 'none', early: true, entries: 6, unpacked: early.length },
          { offset: padTo(512, early).length, compression: 'none', early: true },
          { offset: padTo(512, early).length + early.length, compression: name, early: false },
          { offset: image.length - last.length - 3, bytes: last.length, compression: 'none', early: false },
        ],
        kernels: ['6.1.0-9-amd64', '5.10'],
      });
      expect(content.is === 'read' && names(content)).toEqual(['hv_vmbus', 'hv_storvsc', 'a']);
    }
  });

  test('followed by each of the others', async () => {
    for (const other of compressorNames) {
      const second = compress(other, makeCpio([{ path: 'lib/modules/5.10/kernel/a.ko', body: 'a' }]));
      const content = await readWell(compress(name, main), zeros(4), second);
      expect(content.archives.map(({ compression }) => compression)).toEqual([name, other]);
      expect(names(content)).toEqual(['hv_vmbus', 'hv_storvsc', 'a']);
    }
  });

  test('with several archives in it', async () => {
    const inside = Buffer.concat([early, zeros(16), main, makeCpio([{ path: 'x' }], { trailer: false })]);
    const { archives } = await readWell(compress(name, inside));
    expect(archives).toMatchObject([{ entries: 11, unpacked: inside.length, trailer: false, early: false }]);
  });

  test('cut short at any byte it is unknown', async () => {
    const packed = compress(name, main);
    for (let cut = 1; cut < packed.length; cut++) {
      const content = await read(padTo(4, early), packed.subarray(0, cut));
      expect(content, `cut at ${cut} of ${packed.length}`).toMatchObject({
        is: 'unknown',
        offset: padTo(4, early).length,
      });
    }
  });

  test('nonsense, an empty archive, or half an archive inside is unknown', async () => {
    const why = async (inside: Buffer) => ((await read(compress(name, inside))) as { why?: string }).why;
    expect(await why(Buffer.from('nonsense'))).toContain('something else');
    expect(await why(Buffer.concat([main, Buffer.from('nonsense')]))).toContain('something else');
    expect(await why(zeros(100))).toContain('no cpio archive');
    expect(await why(zeros(0))).toBeDefined();
    expect(await why(main.subarray(0, -200))).toContain('in the middle of a cpio entry');
    expect(await why(main.subarray(0, -2))).toContain('in the middle of a cpio entry');
  });
});

describe('the buffer, as the kernel takes it', () => {
  test('an archive of Debian 13: modules packed one by one in a plain archive, the rest compressed', async () => {
    const module = compress('xz', Buffer.alloc(9000, 'module'));
    const plain = makeCpio([
      { path: `${modules}/kernel/drivers/hv/hv_vmbus.ko.xz`, body: module },
      { path: `${modules}/kernel/drivers/hid/hid-hyperv.ko.zst`, body: module },
      { path: `${modules}/kernel/drivers/net/hyperv/hv_netvsc.ko.gz`, body: module },
      { path: `${modules}/updates/a.ko.bz2`, body: module },
    ]);
    const content = await readWell(plain, compress('zstd', main));
    expect(names(content)).toEqual(['hv_vmbus', 'hid_hyperv', 'hv_netvsc', 'a', 'hv_vmbus', 'hv_storvsc']);
    expect(content.archives.map(({ early: is }) => is)).toEqual([false, false]);
  });

  test('several members and frames one after another', async () => {
    const other = makeCpio([{ path: 'lib/modules/5.10/kernel/a.ko', body: 'a' }]);
    for (const name of compressorNames) {
      const content = await readWell(compress(name, main), compress(name, other));
      expect(names(content), name).toEqual(['hv_vmbus', 'hv_storvsc', 'a']);
    }
  });

  test('zero bytes only, nothing, and less than a magic number', async () => {
    expect(await read(zeros(0))).toEqual({ is: 'unknown', why: 'the file is empty', offset: 0, bytes: 0 });
    expect(await read(zeros(200_000))).toMatchObject({ is: 'unknown', bytes: 200_000 });
    expect(await read(Buffer.from([0x1f]))).toMatchObject({ is: 'unknown' });
    expect(await read(Buffer.from('0'))).toMatchObject({ is: 'unknown', why: expect.stringContaining('cut short') });
  });

  test('zero bytes at both ends, also many', async () => {
    const { archives } = await readWell(zeros(200_004), main, zeros(300_001));
    expect(archives).toMatchObject([{ offset: 200_004, bytes: main.length }]);
  });

  test.each([
    ['an executable', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), 'ELF'],
    ['a unified kernel image', Buffer.from('MZ\x90\0\x03\0'), 'PE file'],
    ['the old cpio format', Buffer.from('0707070'), 'cut short'],
    ['the old cpio format, whole', Buffer.alloc(512, '070707'), 'old portable'],
    ['the new lz4 frame', Buffer.from('04224d1864', 'hex'), 'newer frame format'],
    ['text', Buffer.from('hello\n'), 'neither'],
  ])('%s is unknown, with the reason and the place', async (_, bytes, why) => {
    for (const before of [zeros(0), main]) {
      const content = await read(before, bytes);
      expect(content).toMatchObject({ is: 'unknown', offset: before.length, why: expect.stringContaining(why) });
    }
  });

  test('an archive that is not aligned: the kernel stops, and so do we', async () => {
    const packed = padTo(4, compress('gzip', main));
    expect(await read(packed, zeros(1), main)).toMatchObject({ is: 'unknown', offset: packed.length + 1 });
    expect(await read(main, zeros(2), packed)).toMatchObject({ is: 'unknown', offset: main.length + 2 });
    // Behind a compressed member a compressed one may begin anywhere.
    expect(await read(packed, zeros(1), packed)).toMatchObject({ is: 'read' });
  });

  test('the trailer may be missing at the end, and is told to be', async () => {
    const open = makeCpio([hvVmbus], { trailer: false });
    expect((await readWell(open)).archives).toMatchObject([{ trailer: false, bytes: open.length }]);
    expect((await readWell(open, compress('gzip', main))).archives).toMatchObject([
      { trailer: false },
      { trailer: true },
    ]);
    expect((await readWell(compress('xz', open))).archives).toMatchObject([{ trailer: false }]);
  });

  test('a plain archive cut short at any byte is unknown, or ends with a whole entry', async () => {
    const items = [hvVmbus, { path: 'init', body: 'abcd' }, hvStorvsc];
    const ends = items.map((_, index) => makeCpio(items.slice(0, index + 1), { trailer: false }).length);
    for (let cut = 1; cut < main.length; cut++) {
      const whole = Buffer.concat([makeCpio(items), makeCpio([])]).subarray(0, cut);
      const content = await read(whole);
      if (content.is === 'read') {
        const entries = content.archives.reduce((sum, archive) => sum + archive.entries, 0);
        expect(ends.filter((end) => end - 4 < cut)).toHaveLength(entries);
        expect(content.modules.every(({ bytes }) => bytes > 0)).toBe(true);
      } else expect(content.why).toContain('cut short');
    }
  });

  test('crc archives are read with their checksums, compressed or not', async () => {
    const crc = makeCpio([hvVmbus, { path: 'l', type: 'link', body: 'x' }, hvStorvsc], { format: 'crc' });
    expect((await readWell(crc)).archives).toMatchObject([{ format: 'crc', entries: 3 }]);
    expect((await readWell(compress('zstd', crc))).archives).toMatchObject([{ format: 'crc' }]);
    const broken = Buffer.from(crc);
    broken[broken.indexOf('vmbus\0')] = 0x56;
    for (const image of [broken, compress('zstd', broken)]) {
      expect(await read(image)).toMatchObject({ is: 'unknown', why: expect.stringContaining('checksum') });
    }
  });

  test('a boot configuration at the end is no part of it', async () => {
    const text = Buffer.from('kernel.root = 0\0');
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32LE(text.length, 0);
    numbers.writeUInt32LE(
      text.reduce((sum, byte) => sum + byte, 0),
      4,
    );
    const end = Buffer.concat([text, numbers, Buffer.from('#BOOTCONFIG\n')]);
    for (const more of [0, 1, 2, 3]) {
      expect((await readWell(main, end, zeros(more))).archives).toMatchObject([{ bytes: main.length }]);
    }
    const packed = compress('gzip', main);
    expect((await readWell(packed, end)).archives).toMatchObject([{ bytes: packed.length }]);
    numbers.writeUInt32LE(1, 4);
    const wrong = Buffer.concat([text, numbers, Buffer.from('#BOOTCONFIG\n')]);
    expect(await read(main, wrong)).toMatchObject({ is: 'unknown', offset: main.length });
  });
});

describe('what is in it', () => {
  test('lib and usr/lib, every suffix, every kernel; other files are no modules', async () => {
    const content = await readWell(
      makeCpio([
        { path: './lib/modules/4.19.0/kernel/a.ko', body: '1' },
        { path: '/usr/lib/modules/6.1/extra/b-c.ko.xz', body: '12' },
        { path: 'usr//lib/./modules/6.1/kernel/d.ko.gz', body: '123' },
        { path: 'lib/modules/6.1/kernel/e.ko.zst', body: '1234' },
        { path: 'lib/modules/6.1/kernel/f.ko.bz2', body: '12345' },
        { path: 'lib/modules/6.1/modules.dep', body: 'x' },
        { path: 'lib/modules/6.1/kernel/g.ko', type: 'folder' },
        { path: 'lib/modules/h.ko', body: 'x' },
        { path: 'opt/lib/modules/6.1/kernel/i.ko', body: 'x' },
        { path: 'lib/modules/5.0', type: 'folder' },
        { path: 'lib/modules', type: 'folder' },
      ]),
    );
    expect(content.modules.map(({ name, kernel, bytes, path }) => [name, kernel, bytes, path])).toEqual([
      ['a', '4.19.0', 1, 'lib/modules/4.19.0/kernel/a.ko'],
      ['b_c', '6.1', 2, 'usr/lib/modules/6.1/extra/b-c.ko.xz'],
      ['d', '6.1', 3, 'usr/lib/modules/6.1/kernel/d.ko.gz'],
      ['e', '6.1', 4, 'lib/modules/6.1/kernel/e.ko.zst'],
      ['f', '6.1', 5, 'lib/modules/6.1/kernel/f.ko.bz2'],
    ]);
    expect(content.kernels).toEqual(['4.19.0', '6.1', '5.0']);
  });

  test('hard links have the size of the one that carries the body, wherever it stands', async () => {
    const at = (name: string) => `${modules}/kernel/${name}.ko`;
    const link = (name: string, body: string, inode = 7) => ({ path: at(name), body, inode, links: 3 });
    const last = makeCpio([link('a', ''), link('b', ''), { path: at('x'), body: '' }, link('c', 'the body')]);
    const first = makeCpio([link('d', 'other', 7), link('e', '', 7), link('f', '', 8)]);
    const content = await readWell(last, compress('gzip', first));
    expect(content.modules.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a', 8],
      ['b', 8],
      ['x', 0],
      ['c', 8],
      ['d', 5],
      ['e', 5],
      ['f', 0],
    ]);
  });

  test('the body of a hard link may come under a name that means nothing', async () => {
    const link = { inode: 3, links: 2 };
    const content = await readWell(
      makeCpio([
        { path: 'etc/modprobe.d/hv.conf', body: '', ...link },
        { path: 'a copy', body: 'blacklist hv_vmbus\n', ...link },
      ]),
    );
    expect(content.texts).toEqual({ 'etc/modprobe.d/hv.conf': 'blacklist hv_vmbus\n' });
  });

  test('a module that is a link counts where its target is there', async () => {
    const link = (path: string, body: string): CpioItem => ({ path: `${modules}/${path}`, type: 'link', body });
    const content = await readWell(
      makeCpio([
        link('weak-updates/hv_netvsc.ko', '/lib/modules/6.1.0-8-amd64/extra/hv_netvsc.ko'),
        link('updates/again.ko', '../weak-updates/hv_netvsc.ko'),
        link('updates/nowhere.ko', 'missing.ko'),
        link('updates/loop.ko', 'loop.ko'),
      ]),
      makeCpio([{ path: 'usr/lib/modules/6.1.0-8-amd64/extra/hv_netvsc.ko', body: 'netvsc' }]),
    );
    expect(content.modules.map(({ name, kernel, bytes }) => [name, kernel, bytes])).toEqual([
      ['hv_netvsc', '6.1.0-8-amd64', 6],
      ['hv_netvsc', '6.1.0-9-amd64', 6],
      ['again', '6.1.0-9-amd64', 6],
    ]);
  });

  test('a later file of the same path takes its place', async () => {
    const path = hvVmbus.path;
    const twice = await readWell(makeCpio([hvVmbus]), makeCpio([{ path, body: '' }]));
    expect(twice.modules).toMatchObject([{ name: 'hv_vmbus', bytes: 0 }]);
    const asLink = await readWell(makeCpio([hvVmbus]), makeCpio([{ path, type: 'link', body: '/nowhere' }]));
    expect(asLink.modules).toEqual([]);
    const asFile = await readWell(makeCpio([{ path, type: 'link', body: 'nowhere' }]), makeCpio([hvVmbus]));
    expect(asFile.modules).toMatchObject([{ name: 'hv_vmbus', bytes: 5 }]);
  });

  test('modules.builtin and the small texts are kept, nothing else, nothing large', async () => {
    const content = await readWell(
      compress(
        'zstd',
        makeCpio([
          { path: 'conf/modules', body: 'hv_vmbus\n' },
          { path: 'conf/conf.d/resume', body: 'RESUME=none\n' },
          { path: 'etc/cmdline.d/20-force_drivers.conf', body: 'rd.driver.pre=hv_vmbus\n' },
          { path: 'etc/modprobe.d/b.conf', body: 'blacklist \xe9\n' },
          { path: 'usr/lib/modprobe.d/c.conf', body: 'x' },
          { path: 'etc/modprobe.d/huge.conf', body: 'x'.repeat(65_537) },
          { path: 'etc/passwd', body: 'root:' },
          { path: 'lib/modules/6.1/modules.builtin', body: 'kernel/drivers/hv/hv-vmbus.ko\nkernel/fs/udf/udf.ko\n' },
          { path: 'lib/modules/6.1/modules.builtin.bin', body: 'xx' },
        ]),
      ),
    );
    expect(content.texts).toEqual({
      'conf/modules': 'hv_vmbus\n',
      'conf/conf.d/resume': 'RESUME=none\n',
      'etc/cmdline.d/20-force_drivers.conf': 'rd.driver.pre=hv_vmbus\n',
      'etc/modprobe.d/b.conf': Buffer.from('blacklist \xe9\n').toString('latin1'),
      'usr/lib/modprobe.d/c.conf': 'x',
    });
    expect(content.builtin).toEqual(['hv_vmbus', 'udf']);
  });

  test.each(['squash-root.img', 'squashfs-root.img', 'erofs-root.img', 'squash/root.img'])(
    '%s hides the rest',
    async (path) => {
      expect((await readWell(main, makeCpio([{ path, body: 'hsqs' }]))).hidden).toBe(path);
    },
  );

  test('an archive is early only when nothing else is in it', async () => {
    const firmware = { path: 'kernel/firmware/acpi/dsdt.aml', body: 'x' };
    const earlyOf = async (...items: CpioItem[]) => (await readWell(makeCpio(items))).archives[0]?.early;
    expect(await earlyOf(firmware)).toBe(true);
    expect(await earlyOf(firmware, hvVmbus)).toBe(false);
    expect(await earlyOf({ path: 'kernel/x86/other', body: 'x' })).toBe(false);
    expect(await earlyOf()).toBe(false);
  });
});

test('a tree packed by GNU cpio, as a generator does it, in every compression', async () => {
  const put = (path: string, body: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), body);
  };
  put(hvVmbus.path, 'x'.repeat(30_001));
  put(`${modules}/kernel/a.ko`, '');
  put(`${modules}/kernel/b.ko`, 'shared');
  linkSync(join(folder, modules, 'kernel/b.ko'), join(folder, modules, 'kernel/c.ko'));
  put('conf/modules', 'hv_vmbus\n');
  symlinkSync('usr/lib', join(folder, 'lib'));
  const list = runFilter('find', ['.'], '', folder).toString().split('\n').sort().filter(Boolean);
  const packed = runFilter('cpio', ['-o', '--quiet', '-H', 'newc'], `${list.join('\n')}\n`, folder);
  for (const name of compressorNames) {
    const content = await readInitrd(readerOf(Buffer.concat([early, compress(name, packed)])), withTools);
    expect(content).toMatchObject({ is: 'read', archives: [{ early: true }, { entries: list.length }] });
    if (content.is !== 'read') continue;
    const sizes = Object.fromEntries(content.modules.map((module) => [module.name, module.bytes]));
    expect(sizes).toEqual({ hv_vmbus: 30_001, a: 0, b: 6, c: 6 });
    expect(content.texts).toEqual({ 'conf/modules': 'hv_vmbus\n' });
  }
});

describe('random images', () => {
  test('are read as they were written', async () => {
    const random = makeRandom(3);
    for (let round = 0; round < 30; round++) {
      const expected: [string, number][] = [];
      const parts: Buffer[] = [];
      const kinds: (CompressorName | 'none')[] = [];
      for (let left = 1 + random.below(4); left > 0; left--) {
        const items = Array.from({ length: random.below(8) }, (_, index): CpioItem => {
          const body = random.bytes(1 + random.below(400));
          const path = random.pick([`${modules}/k/m${left}-${index}.ko`, `bin/${left}${index}`]);
          if (path.endsWith('.ko')) expected.push([`m${left}_${index}`, body.length]);
          return { path, body };
        });
        const archive = makeCpio([...items, { path: 'end' }], { format: random.pick(['newc', 'crc'] as const) });
        const kind = random.pick([...compressorNames, 'none', 'none'] as const);
        kinds.push(kind);
        const bytes = kind === 'none' ? archive : compress(kind, archive);
        // lz4 needs padding behind it; cpio alignment.
        parts.push(padTo(random.pick([4, 512]), bytes), zeros(4 * random.below(3) + (kind === 'lz4' ? 4 : 0)));
      }
      const content = await readWell(...parts);
      const found = content.modules.map(({ name, bytes }) => [name, bytes]);
      expect(found, kinds.join(' ')).toEqual(expected);
    }
  });

  test('with some bytes changed or cut off: an answer, and never an exception', async () => {
    const random = makeRandom(4);
    let unknown = 0;
    for (const name of [...compressorNames, 'none'] as const) {
      const image = Buffer.concat([padTo(4, early), name === 'none' ? main : compress(name, main), zeros(4), main]);
      for (let round = 0; round < 120; round++) {
        const broken = Buffer.from(image.subarray(0, random.pick([image.length, 1 + random.below(image.length)])));
        for (let left = random.below(4); left > 0; left--) {
          broken[random.below(broken.length)] = random.pick([0, 0x30, 0x46, 0xff, random.below(256)]);
        }
        const content = await read(broken);
        expect(['read', 'unknown']).toContain(content.is);
        if (content.is === 'unknown') {
          unknown++;
          expect(content.why).not.toBe('');
          expect(content.offset).toBeLessThanOrEqual(broken.length);
        }
      }
    }
    expect(unknown).toBeGreaterThan(300);
  });
});

describe('hostile images', () => {
  const hex = (value: number) => value.toString(16).padStart(8, '0');

  /** An unpacker that hands on what it is given, as often as it says. */
  function repeating(chunk: Buffer, times: number): Unpacker & { given: number } {
    return {
      given: 0,
      async unpack(_source, _from, _compression, take) {
        for (; this.given < times; this.given++) if (!take(chunk)) return { is: 'stopped', end: 2 };
        return { is: 'done', end: 2 };
      },
    };
  }
  const gzipMagic = readerOf(Buffer.from([0x1f, 0x8b]));

  test('a bomb is given up', async () => {
    const file = makeEntry({ path: 'a', says: { bytes: hex(0xffff_ff00) } });
    const bomb = repeating(Buffer.alloc(1 << 24), 10_000);
    const first = bomb.unpack;
    bomb.unpack = (source, from, compression, take) => {
      take(file);
      return first.call(bomb, source, from, compression, (chunk) => take(chunk));
    };
    expect(await readInitrd(gzipMagic, bomb)).toMatchObject({
      is: 'unknown',
      why: expect.stringMatching(/8589934592/),
    });
    expect(bomb.given).toBeLessThan(520);
  });

  test.each<[string, CpioItem, RegExp]>([
    ['entries without end', { path: 'a' }, /entries/],
    ['modules without end', { path: `lib/modules/1/${'m'.repeat(3000)}.ko`, body: '' }, /beyond all measure/],
  ])('%s are given up', async (_, item, why) => {
    let count = 0;
    const unpackerOfMany: Unpacker = {
      async unpack(_source, _from, _compression, take) {
        for (; count < 2_000_000; count++) {
          const unique = item.path.replace('mmmmmmmm', hex(count));
          if (!take(makeEntry({ ...item, path: unique }))) return { is: 'stopped', end: 2 };
        }
        return { is: 'done', end: 2 };
      },
    };
    // Built once and repeated where every entry may be the same.
    const many = item.path === 'a' ? repeating(Buffer.concat(Array(1024).fill(makeEntry(item))), 5000) : unpackerOfMany;
    expect(await readInitrd(gzipMagic, many)).toMatchObject({ is: 'unknown', why: expect.stringMatching(why) });
  });

  test('texts without end are given up', async () => {
    const texts = Array.from({ length: 40 }, (_, at) => ({
      path: `etc/modprobe.d/${at}`,
      body: Buffer.alloc(60_000, 'x'),
    }));
    expect(await read(makeCpio(texts))).toMatchObject({ is: 'unknown', why: expect.stringContaining('measure') });
    const builtin = { path: 'lib/modules/1/modules.builtin', body: Buffer.alloc(2 << 20, 'x') };
    expect(await read(makeCpio([builtin]))).toMatchObject({ is: 'unknown', why: expect.stringContaining('builtin') });
  });

  test('archives without end are given up', async () => {
    const tiny = makeCpio([{ path: 'a' }]);
    const packed = compress('gzip', tiny);
    const apart = Buffer.concat([packed, zeros(4)]);
    expect(await read(...Array<Buffer>(4000).fill(tiny))).toMatchObject({ is: 'read' });
    const why = expect.stringContaining('archives');
    expect(await read(...Array<Buffer>(5000).fill(tiny))).toMatchObject({ is: 'unknown', why });
    expect(await read(...Array<Buffer>(5000).fill(apart))).toMatchObject({ is: 'unknown', why });
    const inside = Buffer.concat(Array<Buffer>(5000).fill(tiny));
    expect(await read(compress('gzip', inside))).toMatchObject({ is: 'unknown', why });
  });

  test('a file larger than any boot loader takes is not even looked at', async () => {
    const source = {
      size: 2 ** 32 + 1,
      readAt(): number {
        throw new Error('looked at');
      },
    };
    expect(await readInitrd(source, unpacker)).toMatchObject({ is: 'unknown', why: expect.stringContaining('larger') });
  });

  test('lengths near 2^32 and beyond the end', async () => {
    for (const says of [
      { bytes: 'ffffffff' },
      { nameBytes: 'ffffffff' },
      { bytes: 'fffffffc', nameBytes: '00001000' },
    ]) {
      for (const image of [makeEntry({ path: 'a', says }), compress('gzip', makeEntry({ path: 'a', says }))]) {
        expect(await read(image, trailer)).toMatchObject({ is: 'unknown' });
      }
    }
  });

  test('names that climb out, and names of things that every object has', async () => {
    const content = await readWell(
      makeCpio([
        { path: `${modules}/../../../../../../../lib/modules/6.1/a.ko`, body: 'x' },
        { path: 'lib/modules/__proto__/kernel/constructor.ko', body: 'x' },
        { path: 'etc/modprobe.d/__proto__', body: 'x' },
      ]),
    );
    expect(content.modules.map(({ name, kernel }) => [name, kernel])).toEqual([
      ['a', '6.1'],
      ['constructor', '__proto__'],
    ]);
    expect(Object.keys(content.texts)).toEqual(['etc/modprobe.d/__proto__']);
  });
});

test('an error of reading the file is an answer, with its reason', async () => {
  const image = Buffer.concat([padTo(512, early), compress('zstd', main)]);
  for (const limit of [0, 100, padTo(512, early).length + 10]) {
    const source = {
      size: image.length,
      readAt(into: Uint8Array, offset: number): number {
        if (offset + into.length > limit && offset < image.length - 30) throw new Error('EIO: i/o error, read');
        return readerOf(image).readAt(into, offset);
      },
    };
    expect(await readInitrd(source, unpacker)).toMatchObject({ is: 'unknown', why: expect.stringContaining('EIO') });
  }
});

test('a file that became shorter meanwhile is cut short', async () => {
  const image = Buffer.concat([early, main]);
  const source = { ...readerOf(image.subarray(0, early.length + 300)), size: image.length };
  expect(await readInitrd(source, unpacker)).toMatchObject({ is: 'unknown' });
});

test('an aborted signal is an answer too', async () => {
  for (const image of [main, compress('gzip', main)]) {
    const content = await readInitrd(readerOf(image), unpacker, { signal: AbortSignal.abort() });
    expect(content).toEqual({ is: 'unknown', why: 'interrupted', offset: 0, bytes: image.length });
  }
});

test('two at once do not disturb one another', async () => {
  const other = makeCpio([{ path: 'lib/modules/5.10/kernel/a.ko', body: Buffer.alloc(3 << 20, 'a') }]);
  for (const name of compressorNames) {
    const images = [compress(name, Buffer.concat([main, other])), compress(name, other), compress(name, main)];
    for (const use of [unpacker, withTools]) {
      const contents = await Promise.all(images.map((image) => readInitrd(readerOf(image), use)));
      expect(contents.map((content) => content.is === 'read' && names(content))).toEqual([
        ['hv_vmbus', 'hv_storvsc', 'a'],
        ['a'],
        ['hv_vmbus', 'hv_storvsc'],
      ]);
    }
  }
});

describe('a quick read', () => {
  const sorted = makeCpio([
    { path: 'conf/modules', body: 'a\n' },
    hvVmbus,
    hvStorvsc,
    { path: 'usr/lib/systemd/systemd', body: makeRandom(5).bytes(2 << 20) },
    { path: 'var', type: 'folder' },
  ]);

  test('stops behind the modules of a sorted archive, and goes on with the next part', async () => {
    const last = makeCpio([{ path: 'lib/modules/6.1/z.ko', body: 'x' }]);
    const image = readerOf(Buffer.concat([padTo(4, compress('zstd', sorted)), last]));
    for (const use of [withTools]) {
      const content = await readInitrd(image, use, { quick: true });
      if (content.is !== 'read') throw new Error(content.why);
      expect(names(content)).toEqual(['hv_vmbus', 'hv_storvsc', 'z']);
      expect(content.texts).toEqual({ 'conf/modules': 'a\n' });
      expect(content.archives[0]).toMatchObject({ trailer: false });
      expect(content.archives[0]?.unpacked).toBeLessThan(sorted.length);
    }
  });

  test('does not trust names that are not sorted', async () => {
    const large = { path: 'var/large', body: makeRandom(6).bytes(2 << 20) };
    const mixed = makeCpio([{ path: 'z' }, { path: 'a' }, hvVmbus, large, hvStorvsc]);
    const content = await readInitrd(readerOf(compress('gzip', mixed)), unpacker, { quick: true });
    expect(content).toMatchObject({ archives: [{ trailer: true }], modules: [{}, {}] });
  });
});
