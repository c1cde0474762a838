import { describe, expect, test } from 'vitest';
import { findShellFaults, readDracutConf } from '../../src/formats/shell-vars.ts';

/** As GuestFiles.text gives it: one character per byte. */
const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const faults = (text: string) =>
  findShellFaults(latin1(text), '/f').map(({ says, at }) => [says.split(':')[0], at.line]);

test.each([
  ['X=“a b”\n', [['typographic quotes', 1]]],
  ['X="a"\nadd_drivers+=” hv_vmbus “\n', [['typographic quotes', 2]]],
  ['X="serial –speed=115200"\n', [['a typographic dash where a hyphen is meant', 1]]],
  ['X = "a"\n', [['a blank before =', 1]]],
  ['X= "a"\n', [['a blank behind =', 1]]],
  ['X="a"\r\nY="b"\r\n', [['lines end in CR LF', 1]]],
  ['Y=1\nX="a\n', [['a quote or substitution is never closed', 2]]],
  ['X="a\u00a0b"\n', [['a no-break space', 1]]],
])('%j', (text, expected) => expect(faults(text)).toEqual(expected));

test.each([
  '# “quoted”\nX="a"\n',
  'X="Müller’s “box”"\n',
  'IFS= read a\n',
  'X="a - b"\n',
  'X=1 Y=2\n',
  'test "$X" = 1\n',
  '',
])('%j is fine', (text) => {
  expect(faults(text)).toEqual([]);
});

describe('readDracutConf', () => {
  const file = (text: string, name = 'a.conf') => ({ path: `/etc/dracut.conf.d/${name}` as const, text });

  test('merges files in order, normalises names', () => {
    const conf = readDracutConf([
      file('add_drivers+=" hv-vmbus hv_netvsc "\nhostonly="yes"\nfilesystems+=" xfs "\n'),
      file('add_drivers+=" hv_storvsc "\nomit_drivers+=" floppy pci-hyperv "\nhostonly="no"\n', 'b.conf'),
    ]);
    expect(conf).toMatchObject({
      addDrivers: ['hv_vmbus', 'hv_netvsc', 'hv_storvsc'],
      forceDrivers: [],
      drivers: undefined,
      hostonly: false,
      filesystems: ['xfs'],
      faults: [],
      computed: [],
    });
    expect(conf.omitDrivers.map(({ name, at }) => [name, at.path, at.line])).toEqual([
      ['floppy', '/etc/dracut.conf.d/b.conf', 2],
      ['pci_hyperv', '/etc/dracut.conf.d/b.conf', 2],
    ]);
  });

  test('blanks missing inside the quotes glue names of two files together (trap 22)', () => {
    const conf = readDracutConf([
      file('add_drivers+="hv_vmbus hv_netvsc"\n'),
      file('add_drivers+="hv_storvsc"\n', 'b.conf'),
    ]);
    expect(conf.addDrivers).toEqual(['hv_vmbus', 'hv_netvschv_storvsc']);
    expect(conf.faults).toEqual([
      {
        says: expect.stringContaining('hv_netvsc and hv_storvsc become one name'),
        at: { path: '/etc/dracut.conf.d/b.conf', line: 1, text: 'add_drivers+="hv_storvsc"' },
      },
    ]);
  });

  test('one blank in between is enough, and = forgets what was', () => {
    expect(readDracutConf([file('add_drivers+="a"\nadd_drivers+=" b"\n')])).toMatchObject({
      addDrivers: ['a', 'b'],
      faults: [],
    });
    expect(readDracutConf([file('add_drivers+="a"\nadd_drivers="b"\n')])).toMatchObject({
      addDrivers: ['b'],
      faults: [],
    });
  });

  test('typographic quotes set nothing and are a fault', () => {
    const conf = readDracutConf([file(latin1('add_drivers+=” hv_vmbus hv_netvsc ”\n'))]);
    expect(conf.addDrivers).not.toContain('hv_vmbus');
    expect(conf.faults.map((fault) => fault.says)).toContainEqual(expect.stringContaining('typographic quotes'));
  });

  test('drivers= restricts, hostonly is yes only where dracut takes it so, code is named', () => {
    expect(readDracutConf([file('drivers="ext4 sd-mod"\nhostonly=yes\n')])).toMatchObject({
      drivers: ['ext4', 'sd_mod'],
      hostonly: true,
    });
    expect(readDracutConf([file('hostonly="1"\n')]).hostonly).toBe(false);
    expect(readDracutConf([file('omit_drivers+=" $(list) "\n')]).computed).toEqual(['omit_drivers']);
  });
});
