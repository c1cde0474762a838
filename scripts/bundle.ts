import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Asked for inside a try, and only on a Mac, by systeminformation. */
const neverFound = ['osx-temperature-sensor', 'macos-temperature-sensor'];

/** The checkout this script lies in. */
export const root = join(import.meta.dirname, '..');

/**
 * Bundles `entry` and everything it imports into one CommonJS file, and returns esbuild's account of what went in.
 * Throws when anything but a module of Node itself is left outside: the packed program has no node_modules to look in.
 */
export async function bundle(entry: string, outfile: string): Promise<Metafile> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    // CommonJS, since pkg's base has no hook for ES modules inside the executable. An import() of a bundled module
    // stays lazy: esbuild turns it into a wrapper that is run when it is first asked for.
    format: 'cjs',
    platform: 'node',
    // The Node of pkg's base, not the one that builds.
    target: 'node20.11',
    // Not minified: it made start-up slower, and stack traces in bug reports keep their names.
    minify: false,
    charset: 'ascii',
    loader: { '.wasm': 'binary' },
    define: { __VERSION__: JSON.stringify(version), 'import.meta.url': 'importMetaUrl' },
    // node-cron asks for import.meta.url when it is loaded.
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const outside = Object.values(metafile.inputs)
    .flatMap((input) => input.imports)
    .filter((one) => one.external === true)
    .map((one) => one.path)
    .filter((name) => !isBuiltin(name) && !neverFound.includes(name));
  if (outside.length > 0) throw new Error(`left out of the bundle: ${outside.join(', ')}`);
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, ascii(outputFiles[0]?.text ?? ''));
  return metafile;
}

/**
 * esbuild escapes what is in strings; a regular expression or a comment of a package may still hold a letter that is
 * not ASCII. One such letter makes V8 keep the whole text at two bytes a character, which costs 3 ms of each start.
 */
function ascii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII
  return text.replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (import.meta.main) await bundle(join(root, 'src', 'main.ts'), join(root, 'dist', 'prep-guest.cjs'));
