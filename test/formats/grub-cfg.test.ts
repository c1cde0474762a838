import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editGrubCfg, grubDefault, grubLeadsTo, parseGrubCfg } from '../../src/formats/grub-cfg.ts';

const sample = (name: string) => readFileSync(new URL(`../samples/${name}`, import.meta.url), 'latin1');
const debian = sample('grub-debian.cfg');
const ubuntu = sample('grub-ubuntu-partuuid.cfg');
const change = { have: ['console=ttyS0,115200n8'], lack: ['rhgb', 'quiet', 'crashkernel=auto'] };
const entry = (body: string) => `menuentry 'a' {\n${body}\n}\n`;
const argsOf = (body: string) => parseGrubCfg(entry(body))[0]?.linux?.args;

describe('parseGrubCfg', () => {
  test('opens submenus, counts as GRUB does, and takes functions for what they are', () => {
    const entries = parseGrubCfg(debian);
    expect(
      entries.map(({ title, id, index, submenu, uncertain }) => [title, id, submenu?.index, index, uncertain]),
    ).toEqual([
      ['Debian GNU/Linux', 'gnulinux-simple-0a1b', undefined, 0, false],
      ['Debian GNU/Linux, with Linux 6.1.0-32-amd64', 'gnulinux-6.1.0-32-amd64-advanced-0a1b', 1, 0, false],
      [
        'Debian GNU/Linux, with Linux 6.1.0-32-amd64 (recovery mode)',
        'gnulinux-6.1.0-32-amd64-recovery-0a1b',
        1,
        1,
        false,
      ],
      ['Debian GNU/Linux, with Linux 6.1.0-30-amd64', 'gnulinux-6.1.0-30-amd64-advanced-0a1b', 1, 2, false],
      ['UEFI Firmware Settings', 'uefi-firmware', undefined, 2, true],
      ['Hand "made" > kept', 'by-hand', undefined, 3, true],
    ]);
    expect(entries[0]?.classes).toEqual(['debian', 'gnu-linux', 'gnu', 'os']);
    expect(entries[1]?.submenu).toMatchObject({
      title: 'Advanced options for Debian GNU/Linux',
      id: 'gnulinux-advanced-0a1b',
    });
    expect(entries[4]).toMatchObject({ linux: undefined, initrd: undefined });
  });

  test('kernel, arguments and initrds, with their lines', () => {
    const [first, , recovery, , , custom] = parseGrubCfg(debian);
    expect(first?.linux).toMatchObject({
      path: '/boot/vmlinuz-6.1.0-32-amd64',
      args: 'root=UUID=0a1b ro rhgb quiet crashkernel=auto',
      line: 68,
    });
    expect(debian.slice(first?.linux?.start, first?.linux?.end)).toBe('root=UUID=0a1b ro  rhgb quiet crashkernel=auto');
    expect(first?.initrd).toEqual({ paths: ['/boot/initrd.img-6.1.0-32-amd64'], line: 70 });
    expect(recovery?.initrd?.paths).toEqual(['/boot/intel-uc.img', '/boot/initrd.img-6.1.0-32-amd64']);
    expect(custom?.linux).toMatchObject({
      path: '/vmlinuz-custom',
      args: 'root=/dev/sda1 dyndbg="file a.c +p" $vt_handoff',
    });
    expect(custom?.initrd?.paths).toEqual(['/initrd-custom']);
  });

  test('an entry that tries twice has two kernel lines', () => {
    const [first] = parseGrubCfg(ubuntu);
    expect(first?.linux?.args).toBe('root=PARTUUID=0a1b-02 ro console=tty1 console=ttyS0');
    expect(first?.moreLinux.map(({ args }) => args)).toEqual([
      'root=PARTUUID=0a1b-02 ro console=tty1 console=ttyS0 panic=-1',
    ]);
  });

  test.each([
    ['linux /v a', 'a'],
    ['linux16 /v a', 'a'],
    ['\tlinuxefi\t/v\ta ', 'a'],
    ['linux /v a # b', 'a'],
    ['linux /v a; initrd /i', 'a'],
    ["linux /v 'a b' c\\ d", "'a b' c\\ d"],
    [`linux /v a=\${b} "c;d"`, `a=\${b} "c;d"`],
    ['if true; then linux /v a; fi', 'a'],
    ['linux /v a\r', 'a'],
    ['linux /v', ''],
    ['echo linux /v a', undefined],
    ['# linux /v a', undefined],
    ['linux', undefined],
  ])('%j', (body, args) => expect(argsOf(body)).toBe(args));

  test('menuentry in a function or in text is none', () => {
    expect(parseGrubCfg("function f {\n menuentry 'a' {\n linux /v a\n }\n}\necho 'menuentry b {'\n")).toEqual([]);
  });
  test('one line may hold it all', () => {
    expect(parseGrubCfg('menuentry a { linux /v x; initrd /i; } ; menuentry b { linux /w y\n}')).toMatchObject([
      { title: 'a', linux: { args: 'x' }, initrd: { paths: ['/i'] } },
      { title: 'b', linux: { path: '/w', args: 'y' } },
    ]);
  });
});

describe('grubDefault', () => {
  const entries = parseGrubCfg(debian);
  const withDefault = (value: string) => debian.replace('set default="0"', `set default="${value}"`);
  test.each([
    ['0', 0],
    ['1', 1],
    ['1>2', 3],
    ['1 > 1', 2],
    ['gnulinux-advanced-0a1b>gnulinux-6.1.0-30-amd64-advanced-0a1b', 3],
    ['Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-30-amd64', 3],
    ['by-hand', 5],
    ['Hand \\"made\\" >> kept', 5],
    ['nothing of that name', 0],
    ['7', 0],
    // Whether it is the third or the fourth hangs on the firmware.
    ['3', undefined],
    ['$somewhere', undefined],
  ])('%s', (value, index) => expect(grubDefault(withDefault(value), entries, {})).toBe(index));

  test('saved_entry needs the environment block', () => {
    const saved = parseGrubCfg(ubuntu);
    expect(grubDefault(ubuntu, saved)).toBeUndefined();
    expect(grubDefault(ubuntu, saved, {})).toBe(0);
    expect(grubDefault(ubuntu, saved, { saved_entry: 'gnulinux-old-0a1b' })).toBe(1);
    expect(grubDefault(ubuntu, saved, { saved_entry: '0', next_entry: '1' })).toBe(1);
  });
  test('without any set default it is the first', () => {
    expect(grubDefault('menuentry a { linux /v }', parseGrubCfg('menuentry a { linux /v }'))).toBe(0);
    expect(grubDefault('', [])).toBeUndefined();
  });
});

test('grubLeadsTo tells a wrapper and a BLS menu', () => {
  expect(
    grubLeadsTo("search.fs_uuid 0a1b root hd0,gpt2\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n"),
  ).toEqual({
    blscfg: false,
    configfiles: ['($root)/boot/grub/grub.cfg'],
  });
  expect(grubLeadsTo('set default=0\ninsmod blscfg\nblscfg\n')).toEqual({
    blscfg: true,
    configfiles: [],
  });
  expect(grubLeadsTo(debian)).toEqual({ blscfg: false, configfiles: [] });
});

describe('editGrubCfg', () => {
  test('changes the kernel lines that were picked and nothing else', () => {
    const edited = editGrubCfg(debian, ({ title }) => !title.includes('recovery'), change);
    const lines = [debian, edited].map((text) => text.split('\n'));
    const changed = lines[0]?.flatMap((line, at) => (line === lines[1]?.[at] ? [] : [[at + 1, lines[1]?.[at]]]));
    expect(changed).toEqual([
      [68, '\tlinux\t/boot/vmlinuz-6.1.0-32-amd64 root=UUID=0a1b ro console=ttyS0,115200n8 '],
      [74, '\t\tlinux\t/boot/vmlinuz-6.1.0-32-amd64 root=UUID=0a1b ro console=ttyS0,115200n8 '],
      [82, '\t\tlinux\t/boot/vmlinuz-6.1.0-30-amd64 root=UUID=0a1b ro console=ttyS0,115200n8 '],
      [100, '    root=/dev/sda1 dyndbg="file a.c +p" $vt_handoff console=ttyS0,115200n8 # a note'],
    ]);
    expect(editGrubCfg(edited, ({ title }) => !title.includes('recovery'), change)).toBe(edited);
  });
  test('nothing to change is byte-equal', () => {
    for (const text of [debian, ubuntu])
      expect(editGrubCfg(text, () => true, { have: [], lack: ['nothing'] })).toBe(text);
  });
  test('both lines of an entry that tries twice', () => {
    const edited = editGrubCfg(ubuntu, () => true, { have: ['a=1'], lack: ['console=tty1'] });
    expect(edited.match(/.*a=1.*/g)).toEqual([
      '\t  linux\t/boot/vmlinuz-6.8.0-1021-azure root=PARTUUID=0a1b-02 ro console=ttyS0 a=1',
      '\t  linux\t/boot/vmlinuz-6.8.0-1021-azure root=PARTUUID=0a1b-02 ro console=ttyS0 panic=-1 a=1',
      '\tlinux\t/boot/vmlinuz-6.8.0-1001-azure root=PARTUUID=0a1b-02 ro a=1',
    ]);
  });
  test('a kernel line without arguments gets some', () => {
    expect(editGrubCfg(entry('linux /v'), () => true, { have: ['a'], lack: [] })).toBe(entry('linux /v a'));
  });
  test('refuses a line whose quote is never closed', () => {
    expect(() => editGrubCfg("menuentry a {\nlinux /v ' }\n", () => true, change)).toThrow(/never closed/);
  });
  test('CR LF stays', () => {
    expect(editGrubCfg(entry('linux /v quiet\r\n'), () => true, change)).toBe(
      entry('linux /v console=ttyS0,115200n8\r\n'),
    );
  });
  test.each(['a;b', 'a{', '$x', 'a"b', "a'b", 'a\\b', '#a'])('refuses to add %j', (arg) => {
    expect(() => editGrubCfg(debian, () => true, { have: [arg], lack: [] })).toThrow(RangeError);
  });

  const piece = fc.constantFrom(
    "menuentry 'a' ",
    'menuentry b ',
    'submenu c ',
    '{',
    '}',
    '\n',
    '\nlinux /v ',
    '\n initrd /i',
    'a',
    'quiet',
    ' ',
    ';',
    '"',
    "'",
    '\\',
    '#',
    '$x',
    '${',
    'if true; then ',
    ' fi',
    'function f {',
    '\r\n',
    ' -- ',
    '\\\n',
  );
  test('twice is once, and only argument spans change, whatever the file', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        const before = parseGrubCfg(text);
        let edited: string;
        try {
          edited = editGrubCfg(text, () => true, change);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect(text).toMatch(/["'\\]/);
          return;
        }
        expect(editGrubCfg(edited, () => true, change)).toBe(edited);
        const after = parseGrubCfg(edited);
        const shape = (entries: typeof after) =>
          entries.map(({ title, id, index, line, initrd, linux }) => [
            title,
            id,
            index,
            line,
            initrd?.paths,
            linux?.path,
            linux?.line,
          ]);
        // A blank that a lone quote took in may go with its argument; lines never do.
        if (!/["'\\]/.test(text)) expect(shape(after)).toEqual(shape(before));
        for (const { linux } of after)
          if (linux && !/["'\\]/.test(text)) expect(linux.args.split(' ')).toContain('console=ttyS0,115200n8');
      }),
      { numRuns: 3000 },
    );
  });
});

test('hostile input is read in one pass, and more than 4 MiB not at all', () => {
  const n = 200_000;
  for (const text of [
    'submenu a {\n'.repeat(n),
    '{'.repeat(n),
    entry('linux /v a\n'.repeat(n)),
    '"\\'.repeat(n),
    `${'>'.repeat(n)}`,
    'if '.repeat(n),
    'a '.repeat(n),
  ]) {
    parseGrubCfg(text);
    grubDefault(`set default="${'0>'.repeat(1000)}"\n${text}`, [], {});
  }
  expect(() => parseGrubCfg(' '.repeat(5 * 1024 * 1024))).toThrow(/more than/);
});
