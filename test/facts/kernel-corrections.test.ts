import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { addCorrections } from '../../src/facts/kernel-corrections.ts';
import { scanOs } from '../../src/facts/os.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import { kernel } from '../lib/facts.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { ndbFile, rpmHeader } from '../lib/rpm-writer.ts';
import { recorded } from './recorded.ts';

async function correctionsOf(version: string, tree: PhonyTree) {
  const files = recorded(tree, 'offline');
  const [found] = await addCorrections(files, await scanOs(files), [kernel({ version })], createUnpacker());
  return found?.corrections;
}

const changelog = ['- [scsi] storvsc: NULL pointer dereference fix (A B) [1215770]', '- other'];
const rhel7 = (release: string) => ({
  '/etc/os-release': 'ID=rhel\nVERSION_ID=7.1\n',
  '/var/lib/rpm/Packages.db': ndbFile([
    rpmHeader({ name: 'bash' }),
    rpmHeader({ name: 'kernel', version: '3.10.0', release, changelog, padding: 9000 }),
  ]),
});

test('what the changelog of the very kernel package names', async () => {
  const version = '3.10.0-229.7.2.el7.x86_64';
  expect(await correctionsOf(version, rhel7('229.7.2.el7'))).toEqual({
    commits: ['b12bb60d6c35'],
    at: '/var/lib/rpm/Packages.db',
  });
  // Of another kernel's package nothing follows.
  expect(await correctionsOf(version, rhel7('229.el7'))).toBeUndefined();
});

test('what a Debian changelog names', async () => {
  const version = '3.16.0-4-amd64';
  const path = `/usr/share/doc/linux-image-${version}/changelog.Debian.gz` as const;
  const text = 'linux (3.16.7-ckt4-1)\n  * - storvsc: ring buffer failures may result in I/O freeze\n';
  const tree = { '/etc/os-release': 'ID=debian\nVERSION_ID=8\n', [path]: gzipSync(text) };
  expect(await correctionsOf(version, tree)).toEqual({ commits: ['e86fb5e8ab95'], at: path });
  expect(await correctionsOf(version, { ...tree, [path]: gzipSync(text).subarray(0, 20) })).toBeUndefined();
});

test('a new kernel needs no changelog', async () => {
  expect(await correctionsOf('6.1.0-32-amd64', rhel7('1'))).toBeUndefined();
});
