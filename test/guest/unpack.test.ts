import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { crc32, createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createUnpacker } from '../../src/guest/unpack.ts';
import type { ByteReader, Unpacked, Unpacker } from '../../src/model.ts';
import { readerOf } from '../lib/byte-reader.ts';
import { type CompressorName, compress, compressorNames } from '../lib/compressors.ts';
import { makeRandom } from '../lib/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'prep-guest-unpack-'));
const log = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => rmSync(log, { force: true }));

/** A script in place of a tool. */
function makeScript(name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The real tool, which writes its name and exit code to the log. */
const logging = (name: string) =>
  makeScript(name, `/usr/bin/${name} "$@"; code=$?; echo ${name} $code >>${log}; exit $code`);

const here = createUnpacker({ findProgram: () => undefined });
const withTools = createUnpacker({ findProgram: logging, worthATool: 0 });

interface Got {
  readonly result: Unpacked;
  readonly bytes: Buffer;
}

async function unpackAll(unpacker: Unpacker, name: CompressorName, source: ByteReader, from = 0): Promise<Got> {
  const chunks: Buffer[] = [];
  const result = await unpacker.unpack(source, from, name, (chunk) => {
    chunks.push(Buffer.from(chunk));
    return true;
  });
  return { result, bytes: Buffer.concat(chunks) };
}

const random = makeRandom(2);
/** Text, runs and noise, so that every kind of block and match occurs; longer than one block of any format but lz4. */
const words = Array.from({ length: 400 }, () => random.bytes(3 + random.below(9)));
const sample = Buffer.concat([
  ...Array.from({ length: 100_000 }, () => random.pick(words)),
  Buffer.alloc(200_000, 'x'),
  random.bytes(60_000),
]);

const variants: readonly [CompressorName, readonly string[]][] = [
  ['gzip', []],
  ['gzip', ['-1']],
  ['bzip2', []],
  ['bzip2', ['-1']],
  ['lzma', []],
  ['lzma', ['--lzma1=lc=0,lp=4,pb=0,dict=4KiB']],
  ['lzma', ['--lzma1=lc=4,lp=0,pb=4']],
  ['xz', []],
  ['xz', ['--check=crc64', '--block-size=100KiB', '-T2']],
  ['xz', ['--check=sha256', '--lzma2=preset=6,lc=0,lp=2,pb=1,dict=4KiB']],
  ['xz', ['--check=none', '-0']],
  ['lzo', []],
  ['lzo', ['-9']],
  ['lzo', ['-1', '-C']],
  ['lzo', ['-F']],
  ['lz4', []],
  ['lz4', ['-9']],
  ['zstd', []],
  ['zstd', ['-19', '--no-check']],
  ['zstd', ['-1', '--long=27']],
];

describe.each(variants)('%s %j', (name, more) => {
  const packed = compress(name, sample, ...more);

  test('is unpacked here, to the byte, and its end is found', async () => {
    const { result, bytes } = await unpackAll(here, name, readerOf(packed));
    expect(result).toEqual({ is: 'done', end: packed.length });
    expect(bytes.equals(sample)).toBe(true);
  });

  test('is unpacked by the tool, which gets exactly its data', async () => {
    const { result, bytes } = await unpackAll(withTools, name, readerOf(packed));
    expect(result).toEqual({ is: 'done', end: packed.length });
    expect(bytes.equals(sample)).toBe(true);
    // gzip is the exception: zlib is faster.
    const tool = { bzip2: 'bzip2', lzma: 'xz', xz: 'xz', lzo: 'lzop', lz4: 'lz4', zstd: 'zstd', gzip: undefined }[name];
    expect(existsSync(log) ? readFileSync(log, 'utf8') : undefined).toBe(
      tool === undefined ? undefined : `${tool} 0\n`,
    );
  });
});

const small = Buffer.concat(Array.from({ length: 600 }, () => random.pick(words)));

describe.each(compressorNames)('%s among other data', (name) => {
  const packed = compress(name, small);
  const before = random.bytes(41);

  test.each([
    ['three zero bytes', Buffer.alloc(3)],
    ['zero bytes', Buffer.alloc(600)],
    ['a cpio header', Buffer.from('07070100000001')],
    ['a zstd frame', compress('zstd', small)],
    ['a gzip member', compress('gzip', small)],
    ['the same again', packed],
    ['noise', Buffer.from('\xff\xfe\x01noise', 'latin1')],
  ])('followed by %s it ends where it ends', async (what, after) => {
    const source = readerOf(Buffer.concat([before, packed, after]));
    const end = before.length + packed.length;
    for (const unpacker of [here, withTools]) {
      const { result, bytes } = await unpackAll(unpacker, name, source, before.length);
      if (name === 'lz4' && !what.includes('zero') && what !== 'the same again') {
        // The legacy frame has no end: the kernel takes what follows for a block.
        expect(result.is).toBe('failed');
      } else if (what === 'the same again' && (name === 'lz4' || name === 'gzip')) {
        expect(result).toEqual({ is: 'done', end: end + packed.length });
        expect(bytes.equals(Buffer.concat([small, small]))).toBe(true);
      } else if (name === 'gzip' && what === 'a gzip member') {
        expect(result).toEqual({ is: 'done', end: end + after.length });
      } else {
        expect(result).toEqual({ is: 'done', end });
        expect(bytes.equals(small)).toBe(true);
      }
    }
  });

  test('cut short anywhere it fails, and never hands on more than there was', async () => {
    const cuts = [
      ...Array.from({ length: 24 }, (_, cut) => cut),
      ...Array.from({ length: 40 }, () => random.below(packed.length)),
    ];
    for (const cut of [...cuts, packed.length - 1, packed.length - 4, packed.length - 9]) {
      const { result, bytes } = await unpackAll(here, name, readerOf(packed.subarray(0, cut)));
      // Without an end mark lz4 may end wherever a block does.
      if (name === 'lz4' && result.is === 'done') expect(bytes.length === 0 && cut >= 4 && cut < 8).toBe(true);
      else expect(result, `cut at ${cut}`).toMatchObject({ is: 'failed', why: expect.any(String) });
      expect(small.subarray(0, bytes.length).equals(bytes)).toBe(true);
    }
  });

  test('with any byte changed it comes to an end', async () => {
    for (let round = 0; round < 150; round++) {
      const broken = Buffer.from(packed);
      for (let left = 1 + random.below(3); left > 0; left--) broken[random.below(broken.length)] = random.below(256);
      const { result, bytes } = await unpackAll(here, name, readerOf(broken));
      // What has a checksum over all of its data must not pass for good with other data.
      if (result.is === 'done' && name !== 'lz4' && name !== 'lzma') expect(bytes.equals(small)).toBe(true);
    }
  });

  test('cut short it also fails where a tool does the work', async () => {
    for (const cut of [packed.length - 1, packed.length >> 1]) {
      const { result } = await unpackAll(withTools, name, readerOf(packed.subarray(0, cut)));
      expect(result.is).toBe('failed');
    }
  });
});

test('a tool reads an open file by itself, from any place on, and the file stays where it was', async () => {
  const path = join(folder, 'image');
  for (const [before, after] of [
    [0, 0],
    [50_000, 0],
    [0, 8],
    [50_000, 8],
  ] as const) {
    for (const name of compressorNames) {
      rmSync(log, { force: true });
      const packed = compress(name, sample);
      writeFileSync(path, Buffer.concat([Buffer.alloc(before, 'a'), packed, Buffer.alloc(after)]));
      const fd = openSync(path, 'r');
      const size = before + packed.length + after;
      const source = { size, fd, readAt: (into: Uint8Array, at: number) => readSync(fd, into, 0, into.length, at) };
      const { result, bytes } = await unpackAll(withTools, name, source, before);
      expect(result).toEqual({ is: 'done', end: before + packed.length });
      expect(bytes.equals(sample)).toBe(true);
      // lzma has no framing: xz is given the padding too, complains, and our own decoder finds the end.
      const code = name === 'lzma' && after > 0 ? ' 1\n' : ' 0\n';
      if (name !== 'gzip') expect(readFileSync(log, 'utf8')).toContain(code);
      const first = Buffer.alloc(1);
      expect(readSync(fd, first, 0, 1, null)).toBe(1);
      expect(first[0]).toBe(before > 0 ? 97 : packed[0]);
      closeSync(fd);
    }
  }
});

test('bzip2: the end is found at every alignment, as the decoder finds it', async () => {
  const seen = new Set<number>();
  for (let round = 0; round < 60; round++) {
    const packed = compress('bzip2', random.bytes(random.below(400)));
    const source = readerOf(Buffer.concat([packed, Buffer.from('07070100')]));
    for (const unpacker of [here, createUnpacker({ worthATool: 0 })]) {
      expect((await unpackAll(unpacker, 'bzip2', source)).result).toEqual({ is: 'done', end: packed.length });
    }
    // The end mark (48 bits) and checksum (32) stand right before the padding: where in its byte does it begin?
    const bits = BigInt(`0x${packed.toString('hex')}`);
    for (let pad = 0n; pad < 8n; pad++)
      if (((bits >> (pad + 32n)) & 0xffffffffffffn) === 0x177245385090n) seen.add(Number(pad));
  }
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('lz4: blocks of 8 MiB, and a frame that begins anew', async () => {
  const large = Buffer.concat([random.bytes(500_000), Buffer.alloc(9 << 20, 'abcdefghij'), random.bytes(100_000)]);
  const source = readerOf(Buffer.concat([compress('lz4', large), compress('lz4', small), Buffer.alloc(4)]));
  for (const unpacker of [here, withTools]) {
    const { result, bytes } = await unpackAll(unpacker, 'lz4', source);
    expect(result).toEqual({ is: 'done', end: source.size - 4 });
    expect(bytes.equals(Buffer.concat([large, small]))).toBe(true);
  }
});

test.each<[CompressorName, string, number]>([
  ['gzip', '', 8],
  ['gzip', '', 4],
  ['bzip2', '', 3],
  ['zstd', '', 2],
  ['xz', 'crc32', 4],
  ['xz', 'crc64', 8],
  ['xz', 'sha256', 32],
])('%s %s: a wrong checksum is seen, here and by the tool', async (name, check, fromEnd) => {
  const packed = compress(name, small, ...(check === '' ? [] : [`--check=${check}`]));
  // In xz the index and the footer come last; the footer tells the length of the index.
  const index = name === 'xz' ? 12 + (packed.readUInt32LE(packed.length - 8) + 1) * 4 : 0;
  const at = packed.length - index - fromEnd;
  packed.writeUInt8(packed.readUInt8(at) ^ 0x40, at);
  for (const unpacker of [here, withTools]) {
    const { result } = await unpackAll(unpacker, name, readerOf(packed));
    expect(result).toMatchObject({ is: 'failed', why: expect.stringMatching(/check|length/) });
  }
});

test('lzma: a stated size, with the end mark behind it', async () => {
  const packed = compress('lzma', small);
  packed.writeBigUInt64LE(BigInt(small.length), 5);
  const { result, bytes } = await unpackAll(here, 'lzma', readerOf(Buffer.concat([packed, Buffer.from('0707')])));
  expect(result).toEqual({ is: 'done', end: packed.length });
  expect(bytes.equals(small)).toBe(true);
  packed.writeBigUInt64LE(BigInt(small.length + 1), 5);
  expect((await unpackAll(here, 'lzma', readerOf(packed))).result.is).toBe('failed');
});

test('gzip: every field that a header can have', async () => {
  const packed = compress('gzip', small);
  const head = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]),
    Buffer.from([5, 0]),
    Buffer.from('extra'),
    Buffer.from('a name\0a comment\0'),
  ]);
  const check = Buffer.alloc(2);
  check.writeUInt16LE(crc32(head) & 0xffff);
  const rich = Buffer.concat([head, check, packed.subarray(10)]);
  expect(gunzipSync(rich).equals(small)).toBe(true);
  for (const after of ['', '070701']) {
    const { result, bytes } = await unpackAll(here, 'gzip', readerOf(Buffer.concat([rich, Buffer.from(after)])));
    expect(result).toEqual({ is: 'done', end: rich.length });
    expect(bytes.equals(small)).toBe(true);
  }
});

test('gzip: the binding of zlib that we drive directly is there', () => {
  const { _handle } = createGunzip() as unknown as { _handle: { writeSync: unknown } };
  expect(typeof _handle.writeSync).toBe('function');
});

describe('a header that asks for too much is refused', () => {
  test('zstd: a window of 2 GiB', async () => {
    const frame = compress('zstd', small, '--ultra', '-22', '--long=31', '--no-check');
    // Make it a frame with a window descriptor of 2^31, whatever the tool thought was enough.
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3]);
    const source = readerOf(Buffer.concat([header, frame.subarray(header.length)]));
    expect((await unpackAll(withTools, 'zstd', source)).result).toMatchObject({
      is: 'failed',
      why: expect.stringContaining('window'),
    });
    expect((await unpackAll(here, 'zstd', source)).result.is).toBe('failed');
  });

  test('lzma: a dictionary of 4 GiB', async () => {
    const packed = compress('lzma', small);
    packed.writeUInt32LE(0xffff_ffff, 1);
    for (const unpacker of [here, withTools]) {
      const { result } = await unpackAll(unpacker, 'lzma', readerOf(packed));
      expect(result).toMatchObject({ is: 'failed', why: expect.stringContaining('dictionary') });
    }
  });

  test('xz: a dictionary of 4 GiB', async () => {
    const packed = compress('xz', small);
    // Behind the stream header: size, flags, LZMA2's id, one byte of properties, which are 40 for 4 GiB; then a CRC-32.
    expect(packed.toString('hex', 12, 17)).toBe('0200210116');
    packed[16] = 40;
    packed.writeUInt32LE(crc32(packed.subarray(12, 20)), 20);
    for (const unpacker of [here, withTools]) {
      const { result } = await unpackAll(unpacker, 'xz', readerOf(packed));
      expect(result).toMatchObject({ is: 'failed', why: expect.stringContaining('dictionary') });
    }
  });

  test('lz4: a block of 4 GiB', async () => {
    const source = readerOf(Buffer.from('02214c18ffffffff00', 'hex'));
    for (const unpacker of [here, withTools])
      expect((await unpackAll(unpacker, 'lz4', source)).result.is).toBe('failed');
  });
});

test('xz: another filter is left to the tool, and said to be where there is none', async () => {
  const packed = compress('xz', sample, '--x86', '--lzma2=preset=1');
  const byTool = await unpackAll(withTools, 'xz', readerOf(packed));
  expect(byTool.result).toEqual({ is: 'done', end: packed.length });
  expect(byTool.bytes.equals(sample)).toBe(true);
  expect((await unpackAll(here, 'xz', readerOf(packed))).result).toMatchObject({
    why: expect.stringContaining('filter 4'),
  });
});

describe('a tool that fails is made up for', () => {
  const packed = compress('zstd', sample);

  test.each([
    ['ends at once', 'exit 1'],
    ['says it is done, and gave nothing', 'exit 0'],
    ['dies halfway', '/usr/bin/zstd -dc | head -c 300000; kill -9 $$'],
    ['gives nearly all, then fails', `/usr/bin/zstd -dc | head -c ${sample.length - 1}; exit 1`],
    ['gives all, then fails', '/usr/bin/zstd -dc; exit 1'],
    ['does not read', 'exec <&-; echo; exit 3'.replace('echo; ', '')],
  ])('%s', async (_, body) => {
    const tool = makeScript('broken', body);
    const { result, bytes } = await unpackAll(createUnpacker({ findProgram: () => tool }), 'zstd', readerOf(packed));
    expect(result).toEqual({ is: 'done', end: packed.length });
    expect(bytes.equals(sample)).toBe(true);
  });

  test.each([
    ['hangs', 'exec /usr/bin/sleep 60'],
    ['leaves somebody behind who holds its output', '/usr/bin/sleep 3 & exit 0'],
  ])('%s', async (_, body) => {
    const tool = makeScript('silent', body);
    const impatient = createUnpacker({ findProgram: () => tool, patience: 100 });
    const { result, bytes } = await unpackAll(impatient, 'zstd', readerOf(packed));
    expect(result).toEqual({ is: 'done', end: packed.length });
    expect(bytes.equals(sample)).toBe(true);
  });

  test('is not there after all', async () => {
    const unpacker = createUnpacker({ findProgram: () => join(folder, 'nothing') });
    expect((await unpackAll(unpacker, 'zstd', readerOf(packed))).bytes.equals(sample)).toBe(true);
  });
});

describe('no child outlives the read', () => {
  const packed = compress('zstd', sample);
  const pid = () => Number(readFileSync(log, 'utf8'));
  const isGone = (id: number) => {
    try {
      process.kill(id, 0);
      return false;
    } catch {
      return true;
    }
  };

  test('when no more is wanted', async () => {
    const tool = makeScript('endless', `echo $$ >${log}; exec /usr/bin/yes`);
    let taken = 0;
    const result = await createUnpacker({ findProgram: () => tool }).unpack(readerOf(packed), 0, 'zstd', (chunk) => {
      taken += chunk.length;
      return taken < 1_000_000;
    });
    expect(result).toEqual({ is: 'stopped', end: packed.length });
    expect(isGone(pid())).toBe(true);
    expect(taken).toBeLessThan(2_000_000);
  });

  test('when it is interrupted', async () => {
    const tool = makeScript('asleep', `echo $$ >${log}; exec /usr/bin/sleep 300`);
    const abort = new AbortController();
    const unpacker = createUnpacker({ findProgram: () => tool });
    const pending = unpacker.unpack(readerOf(packed), 0, 'zstd', () => true, abort.signal);
    while (!existsSync(log) || readFileSync(log, 'utf8') === '') await setTimeout(5);
    abort.abort();
    expect(await pending).toEqual({ is: 'failed', why: 'interrupted' });
    expect(isGone(pid())).toBe(true);
  });

  test('when reading the source fails', async () => {
    const tool = makeScript('reader', `echo $$ >${log}; exec /usr/bin/cat`);
    const large = compress('zstd', random.bytes(4 << 20), '-1');
    let taken = 0;
    const source: ByteReader = {
      size: large.length,
      readAt(into, offset) {
        if (taken > 0) throw new Error('EIO: i/o error');
        return readerOf(large).readAt(into, offset);
      },
    };
    const unpacker = createUnpacker({ findProgram: () => tool });
    const take = (chunk: Uint8Array) => {
      taken += chunk.length;
      return true;
    };
    await expect(unpacker.unpack(source, 0, 'zstd', take)).rejects.toThrow('EIO');
    expect(isGone(pid())).toBe(true);
  });
});

test('an aborted signal also ends the work that is done here', async () => {
  const abort = new AbortController();
  const packed = compress('gzip', Buffer.alloc(64 << 20));
  let taken = 0;
  const result = await here.unpack(
    readerOf(packed),
    0,
    'gzip',
    (chunk) => {
      taken += chunk.length;
      abort.abort();
      return true;
    },
    abort.signal,
  );
  expect(result).toEqual({ is: 'failed', why: 'interrupted' });
  expect(taken).toBeLessThan(32 << 20);
  expect(await here.unpack(readerOf(packed), 0, 'gzip', () => true, abort.signal)).toEqual(result);
});

test('an error of the source is thrown, not swallowed', async () => {
  const source: ByteReader = {
    size: 1000,
    readAt() {
      throw new Error('EIO: i/o error');
    },
  };
  for (const name of compressorNames) await expect(here.unpack(source, 0, name, () => true)).rejects.toThrow('EIO');
});

test('a source that is shorter than it said ends early', async () => {
  const packed = compress('xz', sample);
  const source = { ...readerOf(packed.subarray(0, 1000)), size: packed.length };
  for (const unpacker of [here, withTools]) expect((await unpackAll(unpacker, 'xz', source)).result.is).toBe('failed');
});

test('two members are unpacked at the same time', async () => {
  const marks: string[] = [];
  const tool = makeScript(
    'meeting',
    `mkfifo ${folder}/$$.meet 2>/dev/null; touch ${folder}/in.$$; while [ $(ls ${folder}/in.* | wc -l) -lt 2 ]; do sleep 0.01; done; exec /usr/bin/zstd "$@"`,
  );
  const unpacker = createUnpacker({ findProgram: () => tool });
  const packed = compress('zstd', sample);
  const results = await Promise.all(
    ['a', 'b'].map((mark) => unpacker.unpack(readerOf(packed), 0, 'zstd', () => marks.push(mark) > 0)),
  );
  expect(results).toEqual([
    { is: 'done', end: packed.length },
    { is: 'done', end: packed.length },
  ]);
  expect(new Set(marks)).toEqual(new Set(['a', 'b']));
});
