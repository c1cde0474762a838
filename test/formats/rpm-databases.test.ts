import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readBerkeleyHash } from '../../src/formats/berkeley-hash.ts';
import { type Blob, blobOf } from '../../src/formats/blob.ts';
import { readNdb } from '../../src/formats/ndb.ts';
import { readRpmChangelog, readRpmHeader, rpmVersion } from '../../src/formats/rpm-header.ts';
import { readSqliteTable } from '../../src/formats/sqlite-table.ts';
import type { ByteReader } from '../../src/model.ts';
import { readerOf } from '../lib/byte-reader.ts';
import { ndbFile, rpmHeader } from '../lib/rpm-writer.ts';

const samples = join(import.meta.dirname, '..', 'samples', 'packages');
const sample = (name: string) => gunzipSync(readFileSync(join(samples, `${name}.gz`)));

const folder = mkdtempSync(join(tmpdir(), 'rpm-databases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function versions(blobs: Iterable<Blob>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const blob of blobs) {
    const one = readRpmHeader(blob);
    if (one !== undefined) found[one.name] = rpmVersion(one);
  }
  return found;
}

/** A reader that counts what is read of it. */
function counting(bytes: Uint8Array): ByteReader & { readonly read: () => number } {
  const reader = readerOf(bytes);
  let sum = 0;
  return {
    size: reader.size,
    readAt: (into, offset) => {
      const read = reader.readAt(into, offset);
      sum += read;
      return read;
    },
    read: () => sum,
  };
}

/** What a reader makes of hostile bytes: records, or a RangeError with a sentence; never anything else, never for ever. */
function survives(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}

const written = [
  { name: 'bash', version: '5.1.8', release: '9.el9' },
  { name: 'kernel', version: '5.14.0', release: '427.el9', padding: 90_000, changelog: ['- one', '- two'] },
  { name: 'grub2-common', version: '2.06', release: '77.el9', epoch: 1 },
  ...Array.from({ length: 400 }, (_, at) => ({ name: `filler-${at}`, padding: at % 5 === 0 ? 3000 + at : 0 })),
];
const expected = Object.fromEntries(
  written.map((one) => [
    one.name,
    rpmVersion({ version: '1.0', release: '1.el9', epoch: undefined, arch: '', ...one }),
  ]),
);

describe('an rpm header', () => {
  it('that rpm itself has written', () => {
    const header = blobOf(sample('rpm-header'));
    expect(readRpmHeader(header)).toEqual({
      name: 'phony-agent',
      version: '2.7',
      release: '3',
      epoch: 4,
      arch: 'noarch',
    });
    expect(readRpmChangelog(header, 1_000_000)).toBe('- [scsi] storvsc: NULL pointer dereference fix\n');
  });

  it('of a kernel: its changelog, as far as it is asked for', () => {
    const header = blobOf(rpmHeader({ name: 'kernel', changelog: ['- first', '- second', '- third'] }));
    expect(readRpmChangelog(header, 1000)).toBe('- first\n- second\n- third\n');
    expect(readRpmChangelog(header, 10)).toBe('- first\n- ');
    expect(readRpmChangelog(blobOf(rpmHeader({ name: 'x' })), 1000)).toBe('');
  });

  it('that lies about its size is damaged', () => {
    const header = rpmHeader({ name: 'bash' });
    header.writeUInt32BE(0xffff_ffff, 0);
    expect(() => readRpmHeader(blobOf(header))).toThrow(RangeError);
    expect(() => readRpmHeader(blobOf(new Uint8Array(3)))).toThrow(RangeError);
  });

  it('of any bytes ends', () => {
    const header = rpmHeader({ name: 'bash', epoch: 3, changelog: ['- a'] });
    fc.assert(
      fc.property(fc.nat(header.length - 1), fc.nat(255), fc.nat(header.length), (at, byte, cut) => {
        const bent = Buffer.from(header.subarray(0, cut));
        if (at < bent.length) bent[at] = byte;
        survives(() => readRpmHeader(blobOf(bent)));
        survives(() => readRpmChangelog(blobOf(bent), 1000));
      }),
    );
  });
});

/** The bytes of a database that SQLite itself has made, with its log where the writer is still there. */
function sqlite(pageBytes: number, logged: readonly string[] = []): { main: Buffer; wal: Buffer | undefined } {
  const path = join(mkdtempSync(join(folder, 'db-')), 'rpmdb.sqlite');
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA page_size=${pageBytes}`);
  db.exec('CREATE TABLE Other (a TEXT)');
  db.exec("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
  const insert = db.prepare('INSERT INTO Packages (blob) VALUES (?)');
  db.exec('BEGIN');
  for (const one of written) insert.run(rpmHeader(one));
  db.exec('COMMIT');
  if (logged.length === 0) {
    db.close();
    return { main: readFileSync(path), wal: undefined };
  }
  db.exec('PRAGMA journal_mode=WAL');
  for (const name of logged) insert.run(rpmHeader({ name, padding: 9000 }));
  const both = { main: readFileSync(path), wal: readFileSync(`${path}-wal`) };
  db.close();
  return both;
}

describe('rpmdb.sqlite', () => {
  it.each([512, 1024, 4096, 65_536])('with pages of %i bytes', (pageBytes) => {
    const { main } = sqlite(pageBytes);
    expect(versions(readSqliteTable(readerOf(main), undefined, 'Packages', 1))).toEqual(expected);
  });

  it('is not read further than the beginnings of its packages', () => {
    const { main } = sqlite(4096);
    const reader = counting(main);
    versions(readSqliteTable(reader, undefined, 'Packages', 1));
    const large = written.reduce((sum, one) => sum + (one.padding ?? 0), 0);
    expect(reader.read()).toBeLessThan(main.length - large / 4 + 4096 * 100);
  });

  it('with what its log holds, up to the last whole commit', () => {
    const { main, wal } = sqlite(4096, ['logged-1', 'logged-2', 'logged-3']);
    if (wal === undefined) throw new Error('SQLite has made no log');
    const read = (log: Buffer) => versions(readSqliteTable(readerOf(main), readerOf(log), 'Packages', 1));
    expect(Object.keys(read(wal)).filter((name) => name.startsWith('logged'))).toEqual([
      'logged-1',
      'logged-2',
      'logged-3',
    ]);
    // The last frame is torn: its commit did not happen.
    expect(Object.keys(read(wal.subarray(0, wal.length - 5))).filter((name) => name.startsWith('logged'))).toEqual([
      'logged-1',
      'logged-2',
    ]);
    expect(read(Buffer.alloc(0))).toEqual(expected);
  });

  it('without the table is damaged, and never empty', () => {
    const { main } = sqlite(4096);
    expect(() => [...readSqliteTable(readerOf(main), undefined, 'Nothing', 1)]).toThrow(/no table/);
    expect(() => [...readSqliteTable(readerOf(main.subarray(0, main.length / 2)), undefined, 'Packages', 1)]).toThrow(
      RangeError,
    );
    expect(() => [...readSqliteTable(readerOf(Buffer.from('junk')), undefined, 'Packages', 1)]).toThrow(RangeError);
  });

  it('of any bytes ends', () => {
    const { main } = sqlite(512);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(main.length - 1), fc.nat(255)), { maxLength: 20 }), (bends) => {
        const bent = Buffer.from(main);
        for (const [at, byte] of bends) bent[at] = byte;
        survives(() => versions(readSqliteTable(readerOf(bent), undefined, 'Packages', 1)));
      }),
      { numRuns: 60 },
    );
  });

  it('whose pages lead in a ring is damaged', () => {
    const { main } = sqlite(512);
    // Every right-most child of an interior page leads to page 2.
    for (let page = 512; page < main.length; page += 512) if (main[page] === 5) main.writeUInt32BE(2, page + 8);
    expect(() => [...readSqliteTable(readerOf(main), undefined, 'Packages', 1)]).toThrow(RangeError);
  });
});

describe('Packages of Berkeley DB', () => {
  const inside = {
    'phony-agent': '4:2.7-3',
    'package-0': '0.1-1.el9',
    'package-3': '2:3.1-1.el9',
    'package-35': '35.1-1.el9',
  };

  it.each(['berkeley-little', 'berkeley-big'])('as db_load writes it: %s', (name) => {
    const found = versions(readBerkeleyHash(readerOf(sample(name))));
    expect(Object.keys(found)).toHaveLength(41);
    expect(found).toMatchObject(inside);
  });

  it('of any bytes ends', () => {
    const whole = sample('berkeley-little');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 20 }), (bends) => {
        const bent = Buffer.from(whole);
        for (const [at, byte] of bends) bent[at] = byte;
        survives(() => versions(readBerkeleyHash(readerOf(bent))));
      }),
    );
  });

  it('whose overflow pages lead in a ring ends', () => {
    const bent = sample('berkeley-little');
    for (let page = 512; page < bent.length; page += 512)
      if (bent[page + 25] === 7) bent.writeUInt32LE(page / 512, page + 16);
    survives(() => {
      for (const blob of readBerkeleyHash(readerOf(bent))) blob.prefix(blob.bytes);
    });
  });

  it('that is none, or is cut', () => {
    expect(() => [...readBerkeleyHash(readerOf(Buffer.alloc(4096)))]).toThrow(/no Berkeley/);
    expect(() => [...readBerkeleyHash(readerOf(sample('berkeley-little').subarray(0, 2048)))]).toThrow(RangeError);
  });
});

describe('Packages.db', () => {
  const some = written.slice(0, 200);
  const file = ndbFile(some.map(rpmHeader));

  it('has every package', () => {
    expect(versions(readNdb(readerOf(file)))).toEqual(
      Object.fromEntries(some.map(({ name }) => [name, expected[name]])),
    );
  });

  it('is read no further than needed', () => {
    const reader = counting(file);
    versions(readNdb(reader));
    expect(reader.read()).toBeLessThan(4096 + 200 * 6000);
  });

  it('of any bytes ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8191), fc.nat(255)), { maxLength: 20 }), (bends) => {
        const bent = Buffer.from(file);
        for (const [at, byte] of bends) bent[at] = byte;
        survives(() => versions(readNdb(readerOf(bent))));
      }),
    );
  });

  it('that is none, or is cut', () => {
    expect(() => [...readNdb(readerOf(Buffer.alloc(4096)))]).toThrow(/no ndb/);
    expect(() => [...readNdb(readerOf(file.subarray(0, 9000)))]).toThrow(RangeError);
  });
});
