import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDeb } from '../../src/formats/deb.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import { readerOf } from '../lib/byte-reader.ts';

const control = 'Package: waagent\nVersion: 2.7.3.0-4.1\nArchitecture: all\nDescription: agent\n Package: other\n';

function tar(name: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(text.length.toString(8).padStart(11, '0'), 124, 'latin1');
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  content.write(text, 'latin1');
  return Buffer.concat([header, content]);
}

function member(name: string, content: Buffer): Buffer {
  const header = `${name.padEnd(48)}${String(content.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(header, 'latin1'), content, Buffer.alloc(content.length % 2, '\n')]);
}

function deb(suffix: string, packed: Buffer): Buffer {
  const version = member('debian-binary', Buffer.from('2.0\n'));
  return Buffer.concat([Buffer.from('!<arch>\n'), version, member(`control.tar${suffix}`, packed)]);
}

const archive = Buffer.concat([tar('./md5sums', 'x'.repeat(600)), tar('./control', control), Buffer.alloc(1024)]);
const read = (bytes: Buffer) => readDeb(readerOf(bytes), createUnpacker());

describe('a .deb', () => {
  it.each([
    ['', archive],
    ['.gz', gzipSync(archive)],
  ])('tells its name, version and architecture: control.tar%s', async (suffix, packed) => {
    expect(await read(deb(suffix, packed))).toEqual({ name: 'waagent', version: '2.7.3.0-4.1', arch: 'all' });
  });

  it.each([
    ['something else', Buffer.from('PK and so on'), 'no Debian package'],
    ['one that was cut', deb('.gz', gzipSync(archive)).subarray(0, -20), 'not whole'],
    ['an unknown packing', deb('.lzo', archive), 'packed as .lzo'],
    ['damage', deb('.gz', Buffer.alloc(64, 1)), 'cannot be unpacked'],
    ['no control file', deb('', tar('./md5sums', 'x')), 'names no package'],
  ])('is not taken for one: %s', async (_what, bytes, says) => {
    expect(await read(bytes)).toContain(says);
  });
});
