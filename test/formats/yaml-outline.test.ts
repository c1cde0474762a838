import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { readYaml, type YamlNode, yamlAt } from '../../src/formats/yaml-outline.ts';

/** White space within texts made alike: a line end that YAML folds is a blank to us. */
function folded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, one) => one ?? '').replace(/(?:\\[nrt]|\s)+/g, ' '));
}

/** Maps and lists of texts, as far as it was read. */
function plain(node: YamlNode): unknown {
  if (node.is === 'text') return node.text;
  if (node.is === 'list') return node.items.map(plain);
  if (node.is === 'map') return Object.fromEntries(node.entries.map((entry) => [entry.key, plain(entry.node)]));
  return `unread: ${node.why}`;
}
const read = (text: string) => plain(readYaml(text));

describe('what netplan and cloud-init write', () => {
  test.each([
    ['a: 1\nb: x y # c\n', { a: '1', b: 'x y' }],
    ['a:\n  b:\n    c: 1\n  d: 2\n', { a: { b: { c: '1' }, d: '2' } }],
    ['a:\n- 1\n- 2\nb: 3\n', { a: ['1', '2'], b: '3' }],
    ['a:\n  - b: 1\n    c: 2\n  - d\n', { a: [{ b: '1', c: '2' }, 'd'] }],
    ['- - 1\n  - 2\n- a:\n    - b\n', [['1', '2'], { a: ['b'] }]],
    ['a: [ Azure, None ]\n', { a: ['Azure', 'None'] }],
    ['a: [Azure,\n    "None", # c\n   ]\nb: 1\n', { a: ['Azure', 'None'], b: '1' }],
    ['a: {b: 1, "c": [2, {d: }]}\n', { a: { b: '1', c: ['2', { d: '' }] } }],
    ['"a b": \'it\'\'s\'\nc: "x\\ty\\u0041"\n', { 'a b': "it's", c: 'x\tyA' }],
    ['a: http://b:80/ # c\n', { a: 'http://b:80/' }],
    ['a: 00:15:5d:00:00:01\n', { a: '00:15:5d:00:00:01' }],
    ['a: |\n  b: 1\n  # not a comment\n\n  c\nd: 2\n', { a: 'unread: a block of text', d: '2' }],
    ['a: >-\n  x\n  y\nb: 1\n', { a: 'unread: a block of text', b: '1' }],
    ['a: one\n  two\nb: 1\n', { a: 'one two', b: '1' }],
    ['a:\nb: ~\nc: null\nd: ""\n', { a: '', b: '', c: '', d: '' }],
    ['## template: jinja\n%YAML 1.1\n---\na: 1\n...\nb: 2\n', { a: '1' }],
    ['--- # c\na: 1\n---\nb: 2\n', { a: '1' }],
    ['a: 1\r\nb:\r\n  - c\r\n', { a: '1', b: ['c'] }],
    ['a: x#y\n', { a: 'x#y' }],
    ['', ''],
    ['# nothing\n', ''],
    ['{"network": {"version": 2}}\n', { network: { version: '2' } }],
  ])('%j', (text, expected) => expect(read(text)).toEqual(expected));
});

test.each([
  ['a: *b\n', { a: 'unread: * is not read' }],
  ['a: &b\n  c: 1\nd: 2\n', { a: 'unread: & is not read', d: '2' }],
  ['a: !!str 1\n', { a: 'unread: ! is not read' }],
  ['? a\n: b\n', 'unread: ? is not read'],
  ['a: 1\n\tb: 2\n', 'unread: indented with a tab'],
  ['a: [1, 2\n', 'unread: a comma or ] is missing'],
  ['a: [1, \n', 'unread: [ is never closed'],
  ['a: "x\n', 'unread: a quote is never closed'],
  ['a: "x" y\n', 'unread: text behind a value'],
  ['a:\n    b: 1\n  c: 2\n', 'unread: the indentation is not understood'],
  ['a: b\n  c: 1\n', 'unread: the indentation is not understood'],
])('%j says what is not read', (text, expected) => expect(read(text)).toEqual(expected));

test('lines, also inside what goes over several', () => {
  const root = readYaml('# c\na:\n  - x\n  - [y,\n     z]\nb: 1\n');
  const list = yamlAt(root, 'a');
  expect(list?.line).toBe(3);
  expect(
    list?.is === 'list' &&
      list.items.map((item) => [item.line, item.is === 'list' && item.items.map((one) => one.line)]),
  ).toEqual([
    [3, false],
    [4, [4, 5]],
  ]);
  expect(yamlAt(root, 'b')).toEqual({ is: 'text', text: '1', quoted: false, line: 6 });
  expect(yamlAt(root, 'b', 'c')).toBeUndefined();
});

const text = fc.oneof(
  fc.stringMatching(/^[a-c1:#'" \-[{,]{1,6}$/).map((one) => one.trim()),
  fc.constantFrom('eth0', '10.0.0.1/24', 'true', '-', 'a: b', 'x #y', ''),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b c', 'd:e', '-f', "g'"), tie('value'), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));
const style = fc.record({
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  collectionStyle: fc.constantFrom('any', 'flow', 'block'),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
} as const);

test('whatever the yaml library writes is read as it reads it', () => {
  fc.assert(
    fc.property(value, style, (wanted, options) => {
      const written = stringify(wanted, options);
      const read = plain(readYaml(written));
      // Texts that need an explicit key or a block are not what these files hold.
      if (/unread: (?:\?|a block)/.test(JSON.stringify(read))) return;
      expect({ written, read }).toEqual({ written, read: parseDocument(written, { schema: 'failsafe' }).toJS() });
    }),
    { numRuns: 3000 },
  );
});

const part = fc.constantFrom(
  'a',
  'b:',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '\n    ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  ' #',
  '|',
  '&a',
  '*a',
  '---',
  '\\',
  '\r\n',
  '1',
);
test('whatever is broken is said, or read as the yaml library reads it', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const written = parts.join('');
      const root = readYaml(written);
      const document = parseDocument(written, { schema: 'failsafe', uniqueKeys: false });
      if (JSON.stringify(root).includes('"unread"') || document.errors.length > 0 || document.warnings.length > 0)
        return;
      const theirs = document.toJS() ?? '';
      expect({ written, read: folded(plain(root)) }).toEqual({ written, read: folded(theirs) });
    }),
    { numRuns: 5000 },
  );
});

test('hostile input comes to an end', () => {
  const n = 100_000;
  for (const bad of [
    `"${'\\\\'.repeat(n)}x\n"`,
    `"${'x\n'.repeat(n)}"`,
    `"${' '.repeat(n)}x"`,
    '- '.repeat(n),
    '['.repeat(n),
    'a:\n'.repeat(n),
    '{a: '.repeat(n),
    '"'.repeat(n + 1),
    ' '.repeat(n),
    'a: &b [*b,*b]\n'.repeat(n / 10),
    'a: |\n'.repeat(n),
  ])
    readYaml(bad);
});
