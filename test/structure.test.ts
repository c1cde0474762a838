import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

/** A file may import from its own layer and from those after it. Layers in one entry may import each other. */
const layers = [
  ['main'],
  ['cli'],
  ['watch'],
  ['seal'],
  ['apply'],
  ['plan'],
  ['checks'],
  ['facts'],
  ['families'],
  ['journal'],
  ['formats'],
  ['guest'],
  ['model', 'errors', 'log'],
];
/** vhd stands apart: only cli uses it. */
const below = Object.fromEntries(layers.flatMap((names, at) => names.map((name) => [name, layers.slice(at).flat()])));
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...below,
  cli: [...(below.cli ?? []), 'vhd'],
  // Pure: bytes or text in, records out.
  formats: ['formats', 'model', 'errors'],
  vhd: ['vhd', 'model', 'errors'],
  model: [],
  errors: [],
};

interface Source {
  /** Relative to src, with `/`. */
  readonly file: string;
  /** The first folder, or the file's own name: what `layers` speaks of. */
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** Every way to name another module: import and export from, import(), require(); also for types only. */
const naming = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

function layerOf(file: string): string {
  return file.replace(/\.ts$/, '').split('/')[0] ?? '';
}

/** Comments may say what code may not. Strings stay: a path in them is what is looked for. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(),])\/\/[^\n]*/g, '$1');
}

const sources: readonly Source[] = globSync('**/*.ts', { cwd: src }).map((file) => {
  const text = withoutComments(readFileSync(join(src, file), 'utf8'));
  return { file, layer: layerOf(file), text, imports: [...text.matchAll(naming)].map((match) => match[2] ?? '') };
});

/** Files under src with the words that a rule objects to. */
function offences(object: (source: Source) => readonly string[]): readonly string[] {
  return sources.flatMap((source) => object(source).map((what) => `${source.file}: ${what}`));
}

/** The file under src that a relative import names. */
function target(source: Source, name: string): string {
  return relative(src, join(src, dirname(source.file), name));
}

test('there are sources to look at', () => {
  expect(sources.map((source) => source.file)).toContain('main.ts');
  expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(50);
});

test('every folder and file below src has its place in the order', () => {
  expect([...new Set(sources.map((source) => source.layer))].filter((layer) => !(layer in mayImport))).toEqual([]);
});

test('imports run downward', () => {
  expect(
    offences((source) =>
      source.imports
        .filter((name) => name.startsWith('.'))
        .map((name) => target(source, name))
        .filter((file) => !mayImport[source.layer]?.includes(layerOf(file))),
    ),
  ).toEqual([]);
});

test('every relative import names a file that exists, with its ending', () => {
  expect(
    offences((source) =>
      source.imports.filter((name) => name.startsWith('.') && !existsSync(join(src, target(source, name)))),
    ),
  ).toEqual([]);
});

test('only guest/ and vhd/ touch files and start programs', () => {
  const edge = /^(node:)?(fs|fs\/promises|child_process)$/;
  expect(
    offences((source) =>
      ['guest', 'vhd'].includes(source.layer) ? [] : source.imports.filter((name) => edge.test(name)),
    ),
  ).toEqual([]);
});

test('modules of Node are imported by their full name', () => {
  const short = /^(fs|path|os|util|child_process|crypto|zlib|stream|events|url|readline|net|worker_threads)(\/|$)/;
  expect(offences((source) => source.imports.filter((name) => short.test(name)))).toEqual([]);
});

test('what is imported can be seen by the bundler', () => {
  expect(offences((source) => source.text.match(/\b(?:import|require)\s*\((?!\s*['"])[^)]*\)/g) ?? [])).toEqual([]);
});

test('the model imports nothing', () => {
  expect(sources.find((source) => source.file === 'model.ts')?.imports).toEqual([]);
});

test('there are no default exports', () => {
  expect(offences((source) => source.text.match(/\bexport\s+default\b|\bas\s+default\b/g) ?? [])).toEqual([]);
});

// cli/ask puts a question to whoever sits at the terminal, and waits for the answer.
test('only main ends the process, and only cli/show prints', () => {
  expect(
    offences((source) => [
      ...(source.file === 'main.ts' ? [] : (source.text.match(/\bprocess\.(exit|exitCode|abort)\b/g) ?? [])),
      ...(['main.ts', 'cli/ask.ts'].includes(source.file) || source.file.startsWith('cli/show/')
        ? []
        : (source.text.match(/\bconsole\.\w+\s*\(|\bprocess\.(stdout|stderr)\b/g) ?? [])),
    ]),
  ).toEqual([]);
});

test('every check is in the list, under the id that its file is named after', async () => {
  const files = globSync('*/*.ts', { cwd: join(src, 'checks') });
  expect(files.length).toBeGreaterThan(0);
  const { checks } = (await import('../src/checks/index.ts')) as { checks: readonly { id: string; area: string }[] };
  expect(checks.map((check) => `${check.area}/${check.id}.ts`).toSorted()).toEqual(files.toSorted());
});

// What differs between distributions stands in their records: a condition elsewhere is one that the next family misses.
test('only families/ compares a distribution, or keeps a table of them', () => {
  const naming =
    /\bfamily\s*[!=]==(?!\s*'inet)|\b(?:distro|os)\.id\s*[!=]==?|\b(?:family|distro)\b[\w.]*\.includes\(|\.includes\([\w.]*\.(?:family|distro\.id)\)|Record<(?:FamilyName|Exclude<FamilyName)/g;
  expect(
    offences((source) =>
      source.layer === 'families' || source.file === 'model.ts' ? [] : (source.text.match(naming) ?? []),
    ),
  ).toEqual([]);
});
