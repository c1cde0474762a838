import { describe, expect, it } from 'vitest';
import { readSetting } from '../../src/formats/cloud-init.ts';
import { addItems } from '../../src/formats/yaml-list.ts';

const add = (text: string, after: readonly string[] = ['resizefs']) =>
  addItems(text, 'init', ['disk_setup', 'mounts'], after);

describe('items of a list', () => {
  it.each([
    ['one blank', 'a: 1\ninit:\n - x\n - resizefs\n - y # last\nb: 2\n', ' - resizefs\n', ' - disk_setup\n - mounts\n'],
    ['two blanks', 'init:\n  - resizefs\n  - y\n', '  - resizefs\n', '  - disk_setup\n  - mounts\n'],
    ['no indentation', 'init:\n- resizefs\n- y\n', '- resizefs\n', '- disk_setup\n- mounts\n'],
    ['wide dashes', 'init:\n  -   resizefs\n', '  -   resizefs\n', '  -   disk_setup\n  -   mounts\n'],
    ['CR LF', 'init:\r\n - resizefs\r\n - y\r\n', ' - resizefs\r\n', ' - disk_setup\r\n - mounts\r\n'],
  ])('go behind the one named, with %s, and nothing else changes', (_, text, before, added) => {
    const edited = add(text);
    expect(edited).toBe(text.replace(before, before + added));
    expect(add(edited)).toBe(edited);
  });

  it('go first where none is named', () => {
    expect(add('init:\n  # why\n  - x\n', [])).toBe('init:\n  # why\n  - disk_setup\n  - mounts\n  - x\n');
  });

  it('go into a list in one line', () => {
    expect(add('init: [x, resizefs, y] # c\n')).toBe('init: [x, resizefs, disk_setup, mounts, y] # c\n');
    expect(add('init: []\n')).toBe('init: [disk_setup, mounts]\n');
  });

  it('are added once each: one with a frequency counts', () => {
    expect(add('init:\n - [ disk_setup, always ]\n - resizefs\n')).toBe(
      'init:\n - [ disk_setup, always ]\n - resizefs\n - mounts\n',
    );
  });

  it.each(['b: 1\n', 'init: x\n', 'init: &a\n - x\n', 'init:\n - - x\n'])('are refused for %j', (text) => {
    expect(() => add(text, [])).toThrow(RangeError);
  });
});

describe('what the files of cloud-init say together', () => {
  const files = [
    { path: '/etc/cloud/cloud.cfg', text: 'a:\n  b: 1\n  c: 2\n' },
    { path: '/etc/cloud/cloud.cfg.d/10.cfg', text: '# x\na: {b: 3}\n' },
  ] as const;

  it('is that of the last, key by key', () => {
    expect(readSetting(files, 'a', 'b')).toMatchObject({ node: { text: '3' }, at: { path: files[1].path, line: 2 } });
    expect(readSetting(files, 'a', 'c')).toMatchObject({ node: { text: '2' }, at: { path: files[0].path, line: 3 } });
    expect(readSetting(files, 'a', 'd')).toBeUndefined();
  });
});
