import { expect, test } from 'vitest';
import { initrdConfigEdits } from '../../src/families/initrd/index.ts';
import { readDracutConf } from '../../src/formats/shell-vars.ts';
import type { GuestPath } from '../../src/model.ts';
import { debianFacts, write } from '../lib/facts.ts';

const dropIn: GuestPath = '/etc/dracut.conf.d/azure.conf';

/** What the files read after dracut is to add these drivers, or why not. */
function edited(files: Readonly<Record<GuestPath, string>>, drivers: readonly string[]) {
  const sources = Object.entries(files).map(([path, text]) => ({ path: path as GuestPath, text }));
  const { addDrivers, forceDrivers, omitDrivers, drivers: only } = readDracutConf(sources);
  const facts = debianFacts((f) => {
    f.initrdTool = {
      kind: 'dracut',
      version: '059',
      addDrivers: [...addDrivers],
      forceDrivers: [...forceDrivers],
      omitDrivers: omitDrivers.map(({ name, at }) => ({ name, at: { ...at } })),
      drivers: only && [...only],
      hostonly: false,
      faults: [],
      files: sources.map(({ path }) => path),
      program: '/usr/bin/dracut',
      anyMachine: ['--no-hostonly', '--no-hostonly-cmdline'],
    };
    for (const { path, text } of sources) write(f, path, text);
  });
  const edits = initrdConfigEdits(drivers, facts);
  if (typeof edits === 'string') return edits;
  const now: Record<string, string | null> = { ...files };
  for (const { path, change } of edits) now[path] = change(now[path] ?? null);
  return now;
}

const added = 'add_drivers+=" hv_vmbus hv_storvsc "\n';
const two = ['hv_vmbus', 'hv_storvsc'];

test('a driver that is omitted in plain words is taken out of every list, with what it needs, and nothing else changes', () => {
  const files = {
    '/etc/dracut.conf': '# mine\nomit_drivers+=" hv_storvsc "\nhostonly="yes"\n',
    '/etc/dracut.conf.d/a.conf': "  omit_drivers+=' floppy hv-vmbus  nouveau ' # no\r\n",
    '/etc/dracut.conf.d/b.conf': 'omit_drivers+=" scsi_transport_fc floppy "\n',
    '/etc/dracut.conf.d/c.conf': 'omit_drivers+=" hv_netvsc "\n',
  } as const;
  expect(edited(files, two)).toEqual({
    '/etc/dracut.conf': '# mine\n# prep-guest: omit_drivers+=" hv_storvsc "\nhostonly="yes"\n',
    '/etc/dracut.conf.d/a.conf': "  omit_drivers+=' floppy  nouveau ' # no\r\n",
    '/etc/dracut.conf.d/b.conf': 'omit_drivers+=" floppy "\n',
    '/etc/dracut.conf.d/c.conf': files['/etc/dracut.conf.d/c.conf'],
    [dropIn]: added,
  });
});

test('what is added already is not added again', () => {
  const files = { '/etc/dracut.conf': 'omit_drivers="hv_vmbus"\n', [dropIn]: added } as const;
  expect(edited(files, two)).toEqual({ ...files, '/etc/dracut.conf': '# prep-guest: omit_drivers="hv_vmbus"\n' });
});

test.each([
  ['code', 'omit_drivers+=" $(true) hv_vmbus "\n'],
  ['a list of several lines', 'omit_drivers+=" floppy\nhv_vmbus "\n'],
  ['a line that does more', 'true; omit_drivers+=" hv_vmbus "\n'],
])('%s is left to a person', (_, text) => {
  expect(edited({ '/etc/dracut.conf': text }, two)).toMatch(/omits hv_vmbus \(omit_drivers\): take it out by hand/);
});
