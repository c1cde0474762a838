import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dpkgStatusReader, readDpkgStatus } from '../../src/formats/dpkg-status.ts';

const text = `Package: waagent
Status: install ok installed
Architecture: amd64
Version: 2.7.3.0-4.1
Conffiles:
 /etc/waagent.conf 0123
Description: Windows Azure Linux Agent
 Status: install ok installed is only text here
 .
 Package: neither

Package: network-manager
Status: deinstall ok config-files
Version: 1.42.4-1

Package: linux-image-amd64
Status: hold ok installed
Version: 6.1.0-32

Package: half
Status: install ok half-configured
Version: 1

Package: no-version
Status: install ok installed

Package: last
Version: 1:2.0-1
Status: install ok installed`;

test('what is installed, by state and not by files', () => {
  expect({ ...readDpkgStatus(text) }).toEqual({
    waagent: '2.7.3.0-4.1',
    'linux-image-amd64': '6.1.0-32',
    last: '1:2.0-1',
  });
});

test('in any pieces the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const reader = dpkgStatusReader();
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      for (const [at, place] of places.entries()) reader.add(text.slice(place, places[at + 1]));
      expect(reader.end()).toEqual(readDpkgStatus(text));
    }),
  );
});

test('nothing, junk and one endless line', () => {
  expect({ ...readDpkgStatus('') }).toEqual({});
  expect({ ...readDpkgStatus('Package: a\nVersion: 1\n\n\n\nStatus: install ok installed\n') }).toEqual({});
  const reader = dpkgStatusReader();
  for (let pieces = 0; pieces < 500; pieces++) reader.add('x\n'.repeat(30_000));
  reader.add(`\n\n${text}`);
  expect(reader.end()).toEqual(readDpkgStatus(text));
});
