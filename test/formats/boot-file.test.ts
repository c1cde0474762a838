import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestedChange } from '../../src/formats/args-request.ts';
import { readBls } from '../../src/formats/bls.ts';
import { bootFileKinds, editBootFile } from '../../src/formats/boot-file.ts';
import { readDefaultGrub } from '../../src/formats/default-grub.ts';
import { readExtlinux } from '../../src/formats/extlinux.ts';
import { parseGrubCfg } from '../../src/formats/grub-cfg.ts';
import { readCmdlineFile } from '../../src/formats/kernel-cmdline-file.ts';
import { editArgs, splitArgs } from '../../src/formats/kernel-line.ts';
import { readMenuLst } from '../../src/formats/menu-lst.ts';
import { layouts } from '../samples/boot/layouts.ts';

const change = requestedChange('console=ttyS0,115200n8 rootdelay=300 root=UUID=9', 'quiet rhgb crashkernel=auto');
const edit = (text: string, as: (typeof bootFileKinds)[number], want = change) =>
  editBootFile(text, as, 'all', want).text;

/** The kernel lines of a file by its reader. */
function linesOf(text: string, as: (typeof bootFileKinds)[number]): (readonly string[])[] {
  switch (as) {
    case 'grub-legacy':
      return readMenuLst(text).entries.flatMap(({ linux }) => (linux ? [splitArgs(linux.args)] : []));
    case 'grub2':
      return parseGrubCfg(text).flatMap(({ linux }) =>
        linux && !linux.path.includes('memtest') ? [linux.args.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []] : [],
      );
    case 'bls':
      return [splitArgs(readBls(text).options)];
    case 'extlinux':
      return readExtlinux(text).entries.flatMap(({ kernel, args }) => (kernel ? [args] : []));
    case 'default-grub':
      return [readDefaultGrub(text).flatMap((value) => splitArgs(value ?? ''))];
    case 'kernel-cmdline':
      return [readCmdlineFile(text).args];
  }
}

test('there are at least 30 layouts', () => expect(layouts.length).toBeGreaterThan(30));

describe.each(layouts)('%s (%s)', (_, as, text) => {
  test('nothing to do is byte-equal', () => {
    expect(edit(text, as, requestedChange('', 'nothing other=1'))).toBe(text);
  });
  test('the lines read are those before, edited; twice is once', () => {
    const edited = edit(text, as);
    const wanted = linesOf(text, as).map((args) => editArgs(args, change));
    const sorted = (lines: (readonly string[])[]) => lines.map((args) => [...args].sort());
    // In /etc/default/grub what is added may stand in the first of the two variables.
    if (as === 'default-grub') expect(sorted(linesOf(edited, as))).toEqual(sorted(wanted));
    else expect(linesOf(edited, as)).toEqual(wanted);
    expect(edit(edited, as)).toBe(edited);
  });
  test('lines that hold no kernel line stay', () => {
    const touched = /kernel|module|linux|append|options|kopt|defopt|altopt|GRUB_CMDLINE|quiet|console=|root=|rd\.|^ro/i;
    const rest = (file: string) => file.split('\n').filter((line) => line !== '' && !touched.test(line));
    expect(rest(edit(text, as))).toEqual(rest(text));
  });
});

describe('what is asked for', () => {
  const on = (line: string, add: string, remove = '') =>
    editArgs(splitArgs(line), requestedChange(add, remove)).join(' ');
  test.each([
    ['a=1 b a=2', 'a=3', '', 'a=3 b'],
    ['console=tty0', 'console=ttyS0', '', 'console=tty0 console=ttyS0'],
    ['console=tty0', 'console=tty0', '', 'console=tty0'],
    ['quiet quiet=1 noquiet systemd.show_status=quiet', '', 'quiet', 'noquiet systemd.show_status=quiet'],
    ['a=1 a=2', '', 'a=1', 'a=2'],
    ['k=abc= k=x', '', 'k=abc=', 'k=x'],
    ['crashkernel=auto', 'crashkernel=256M,high crashkernel=72M,low', '', 'crashkernel=256M,high crashkernel=72M,low'],
    ['crashkernel=1M,high crashkernel=2M,low', 'crashkernel=3M,low', '', 'crashkernel=1M,high crashkernel=3M,low'],
    [
      'hugepagesz=2M hugepages=8',
      'hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=9',
      '',
      'hugepagesz=1G hugepages=4 hugepagesz=2M hugepages=9',
    ],
    ['a -- quiet', 'b', 'quiet', 'a b -- quiet'],
  ])('%s add %s remove %s', (line, add, remove, after) => expect(on(line, add, remove)).toBe(after));
  test.each(['a="b', '-- x', 'caf\xe9'])('refuses --add %s', (add) =>
    expect(() => requestedChange(add, '')).toThrow(RangeError),
  );
});

describe('entries', () => {
  const centos = layouts.find(([name]) => name.startsWith('CentOS 6'))?.[2] as string;
  test('by number and by default', () => {
    const one = editBootFile(centos, 'grub-legacy', 1, change).text;
    expect(one).toContain('vmlinuz-b ro root=UUID=1 quiet\n');
    expect(one).toContain('vmlinuz-a ro root=UUID=9 console=ttyS0,115200n8 rootdelay=300\n');
    expect(editBootFile(centos, 'grub-legacy', 'default', change).text).toBe(one);
    expect(() => editBootFile(centos, 'grub-legacy', 2, change)).toThrow(/no entry 2: it has 2/);
  });
  test.each(['RHEL 7', 'Xen on SLES'])('the saved default of %s cannot be told', (wanted) => {
    const [, as, text] = layouts.find(([name]) => name === wanted) as (typeof layouts)[number];
    expect(() => editBootFile(text, as, 'default', change)).toThrow(/cannot be told/);
  });
  test('Debian: the comments of update-grub too', () => {
    const [, as, text] = layouts.find(([name]) => name.startsWith('Debian 5')) as (typeof layouts)[number];
    const edited = edit(text, as);
    expect(edited).toContain('# kopt=root=UUID=9 ro console=ttyS0,115200n8 rootdelay=300\n');
    expect(edited).toContain('# defoptions=\n');
    expect(edited).toContain('# altoptions=(single-user mode) single\n');
    expect(editBootFile(text, as, 0, change).text).toContain('# defoptions=quiet\n');
  });
});

describe('any input', () => {
  const word = fc.constantFrom(
    'title',
    'kernel',
    'linux',
    'options',
    'append',
    'label',
    'module',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\\\n',
    '/v',
    'quiet',
    '"',
    "'",
    '\\',
    '#',
    '=',
    '--',
    '---',
    '-',
    'root=1',
    'GRUB_CMDLINE_LINUX=',
    '{',
    '}',
    'menuentry a ',
    '$x',
    '\0',
  );
  test('gives a text that stays the same, or a RangeError', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.constantFrom(...bootFileKinds), (words, as) => {
        let once: string;
        try {
          once = edit(words.join(''), as);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(edit(once, as)).toBe(once);
      }),
      { numRuns: 3000, examples: [[['quiet', ' ', '#'], 'kernel-cmdline']] },
    );
  });
  test('a megabyte of anything ends', () => {
    for (const as of bootFileKinds)
      for (const part of [
        'a ',
        'title a\nkernel /v quiet\n',
        'label a\nkernel v\n',
        '\\\n',
        '"',
        'options quiet\n',
        '(',
      ]) {
        const text = `title a\nlinux /v\n${part.repeat(1_000_000 / part.length)}`;
        try {
          edit(text, as);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
  });
});
