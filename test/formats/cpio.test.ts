import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CpioArchive, type CpioEntry, CpioReader } from '../../src/formats/cpio.ts';
import { runFilter } from '../lib/compressors.ts';
import { type CpioItem, makeCpio, makeEntry, padTo, trailer } from '../lib/cpio-writer.ts';
import { makeRandom } from '../lib/random.ts';

const folder = mkdtempSync(join(tmpdir(), 'prep-guest-cpio-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Seen {
  entries: (CpioEntry & { text?: string })[];
  archives: CpioArchive[];
  fault: CpioReader['fault'];
  taken: number;
  complete: boolean;
}

/** Everything that a reader says about some bytes, given to it in pieces of the sizes that `piece` returns. */
function readAll(bytes: Buffer, piece: () => number = () => bytes.length || 1, bodies = true): Seen {
  const seen: Seen = { entries: [], archives: [], fault: undefined, taken: 0, complete: false };
  const reader = new CpioReader({
    entry(entry) {
      seen.entries.push({ ...entry });
      return bodies;
    },
    body(_, body) {
      Object.assign(seen.entries.at(-1) ?? {}, { text: body.toString('latin1') });
    },
    archive: (archive) => seen.archives.push(archive),
  });
  while (seen.taken < bytes.length) {
    // The piece is overwritten afterwards, as an unpacker's buffer is.
    const given = Buffer.from(bytes.subarray(seen.taken, seen.taken + piece()));
    const taken = reader.push(given);
    given.fill(0x30);
    seen.taken += taken;
    if (taken < given.length) break;
  }
  seen.complete = reader.complete;
  if (!reader.fault) reader.finish();
  return { ...seen, fault: reader.fault };
}

const names = (seen: Seen) => seen.entries.map(({ name }) => name);

test('what GNU cpio wrote is read as it was: names, sizes, links, bodies', () => {
  mkdirSync(join(folder, 'tree/a folder'), { recursive: true });
  writeFileSync(join(folder, 'tree/empty'), '');
  writeFileSync(join(folder, 'tree/a folder/größe'), 'x'.repeat(1001));
  writeFileSync(join(folder, 'tree/first'), 'shared body');
  linkSync(join(folder, 'tree/first'), join(folder, 'tree/second'));
  symlinkSync('a folder/größe', join(folder, 'tree/link'));
  const list = ['.', 'a folder', 'a folder/größe', 'empty', 'first', 'link', 'second'];
  for (const format of ['newc', 'crc'] as const) {
    const made = runFilter('cpio', ['-o', '--quiet', '-H', format], `${list.join('\n')}\n`, join(folder, 'tree'));
    const seen = readAll(made);
    expect(seen.fault).toBeUndefined();
    expect(names(seen).sort()).toEqual(list.map((name) => Buffer.from(name).toString('latin1')).sort());
    expect(seen.archives).toEqual([{ offset: 0, bytes: expect.any(Number), entries: 7, format, trailer: true }]);
    const by = Object.fromEntries(seen.entries.map((entry) => [entry.name, entry]));
    expect(by.empty).toMatchObject({ bytes: 0, links: 1 });
    expect(by[Buffer.from('a folder/größe').toString('latin1')]).toMatchObject({ bytes: 1001, text: 'x'.repeat(1001) });
    expect(by.link?.text).toBe(Buffer.from('a folder/größe').toString('latin1'));
    expect((by.link?.mode ?? 0) & 0o170000).toBe(0o120000);
    expect(by.first?.file).toBe(by.second?.file);
    // Only the last of the two carries the body.
    expect([by.first?.bytes, by.second?.bytes].sort()).toEqual([0, 11]);
  }
});

test('the writer of these tests writes what GNU cpio reads', () => {
  const items: CpioItem[] = [
    { path: 'd', type: 'folder' },
    { path: 'd/f', body: 'abc' },
    { path: 'l', type: 'link', body: 'd/f' },
  ];
  for (const format of ['newc', 'crc'] as const) {
    const list = runFilter('cpio', ['-t', '--quiet'], padTo(512, makeCpio(items, { format }))).toString();
    expect(list).toBe('d\nd/f\nl\n');
  }
});

test('random trees in random pieces: the same as in one piece, and what was written', () => {
  const random = makeRandom(1);
  for (let round = 0; round < 150; round++) {
    const items = Array.from({ length: random.below(12) }, (_, index): CpioItem => {
      const type = random.pick(['file', 'file', 'folder', 'link'] as const);
      const path = `${'p'.repeat(random.below(40))}${index}`;
      return { path, type, body: type === 'folder' ? '' : random.bytes(random.below(300)), inode: index };
    });
    const format = random.pick(['newc', 'crc'] as const);
    const bytes = padTo(random.pick([4, 512]), makeCpio(items, { format }));
    const seen = readAll(bytes, () => 1 + random.below(random.pick([4, 120, 2000])));
    expect(seen.fault).toBeUndefined();
    expect(seen).toEqual(readAll(bytes));
    expect(seen.entries.map(({ name, text }) => [name, text])).toEqual(
      items.map(({ path, body }) => [path, Buffer.from(body ?? '').toString('latin1')]),
    );
  }
});

test('archives one after another, zero bytes between entries and archives', () => {
  const first = makeCpio([{ path: 'a', body: '1' }]);
  const gap = Buffer.alloc(12);
  const second = Buffer.concat([makeEntry({ path: 'b' }), gap, makeEntry({ path: 'c' }), trailer]);
  const seen = readAll(Buffer.concat([gap, first, gap, second, gap]));
  expect(seen.fault).toBeUndefined();
  expect(names(seen)).toEqual(['a', 'b', 'c']);
  expect(seen.archives).toEqual([
    { offset: 12, bytes: first.length, entries: 1, format: 'newc', trailer: true },
    { offset: 24 + first.length, bytes: second.length, entries: 2, format: 'newc', trailer: true },
  ]);
});

test('a missing trailer is told, and only where an entry ends', () => {
  const entries = [makeEntry({ path: 'a', body: 'abcde' }), makeEntry({ path: 'b', body: 'xyz' })];
  const whole = Buffer.concat([...entries, trailer]);
  const ends = [0, entries[0]?.length ?? 0, whole.length - trailer.length, whole.length];
  for (let cut = 0; cut <= whole.length; cut++) {
    const seen = readAll(whole.subarray(0, cut));
    // The final padding may be missing: nothing of the body is.
    const atEnd = ends.find((end) => cut <= end && end - cut < (end === whole.length ? 1 : end === ends[1] ? 4 : 2));
    if (atEnd === undefined) expect(seen.fault?.why, `cut at ${cut}`).toMatch(/cut short/);
    else {
      expect(seen.fault, `cut at ${cut}`).toBeUndefined();
      expect(seen.archives.map((archive) => archive.trailer)).toEqual(cut === 0 ? [] : [cut === whole.length]);
      expect(seen.complete).toBe(cut === atEnd);
    }
  }
});

test('stops in front of what is no cpio archive, and says how much it took', () => {
  const archive = makeCpio([{ path: 'a' }]);
  const seen = readAll(Buffer.concat([archive, Buffer.alloc(8), Buffer.from([0x1f, 0x8b, 8])]));
  expect(seen.fault).toBeUndefined();
  expect(seen.taken).toBe(archive.length + 8);
});

test('what follows an archive has to be aligned, as for the kernel', () => {
  const seen = readAll(Buffer.concat([makeCpio([]), Buffer.alloc(2), makeCpio([{ path: 'b' }])]));
  expect(seen.fault).toMatchObject({ why: expect.stringContaining('aligned'), offset: trailer.length + 2 });
});

test('a wrong checksum is a fault; the right one, over a body in pieces, is none', () => {
  const body = 'ü'.repeat(5000);
  const good = makeCpio([{ path: 'a', body }], { format: 'crc' });
  expect(readAll(good, () => 77, false).fault).toBeUndefined();
  good.writeUInt8(0, 2000);
  expect(readAll(good, () => 77, false).fault).toEqual({ why: 'the checksum of "a" is wrong', offset: 0 });
});

test.each<[string, CpioItem, RegExp]>([
  ['the old portable format', { path: 'a', says: { magic: '070707' } }, /old portable/],
  ['another magic number', { path: 'a', says: { magic: '070703' } }, /no cpio header/],
  ['digits that are none', { path: 'a', says: { bytes: '0000 100' } }, /hexadecimal/],
  ['a negative number', { path: 'a', says: { bytes: '-0000001' } }, /hexadecimal/],
  ['no name', { path: 'a', says: { nameBytes: '00000000' } }, /name of 0 bytes/],
  ['a name near 2^32', { path: 'a', says: { nameBytes: 'ffffffff' } }, /name of 4294967295 bytes/],
  ['a name longer than PATH_MAX', { path: 'a'.repeat(4096) }, /name of 4097 bytes/],
  ['a name without its NUL', { path: 'abc', says: { nameBytes: '00000003' } }, /no end/],
  ['a body near 2^32 that is not there', { path: 'a', body: 'x', says: { bytes: 'ffffffff' } }, /cut short in "a"/],
])('%s is a fault', (_, item, why) => {
  const before = makeEntry({ path: 'before' });
  const seen = readAll(Buffer.concat([before, makeEntry(item)]), undefined, false);
  expect(seen.fault?.why).toMatch(why);
  expect(seen.fault?.offset).toBe(before.length);
});

test('a name may be as long as PATH_MAX, in any pieces, and ends at its first NUL', () => {
  const long = 'n'.repeat(4095);
  expect(names(readAll(makeCpio([{ path: long }]), () => 1000))).toEqual([long]);
  expect(names(readAll(makeCpio([{ path: 'a\0b' }])))).toEqual(['a']);
});

test('bodies that nobody wants can be skipped without being looked at', () => {
  const reader = new CpioReader({ entry: () => false, body: () => {}, archive: () => {} });
  const entry = makeEntry({ path: 'a', body: Buffer.alloc(10_000) });
  const taken = reader.push(entry.subarray(0, 1000));
  expect(taken).toBe(1000);
  expect(reader.skippable).toBe(112 + 10_000 - 1000);
  reader.skip(reader.skippable);
  expect(reader.push(trailer)).toBe(trailer.length);
  expect(reader.fault).toBeUndefined();
  expect(reader.complete).toBe(true);
});
