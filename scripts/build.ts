import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { manPage } from '../src/cli/show/man.ts';
import { bundle, root } from './bundle.ts';
import { pack, packSupportedNode } from './pack.ts';
import type { Arch } from './pkg-base.ts';

const ownEntry = join(root, 'src', 'main.ts');

/**
 * npm run build                          dist/prep-guest, one file for any Linux with glibc 2.17 or later
 * npm run build -- --arch arm64          dist/prep-guest-arm64 (glibc 2.27, no byte code)
 * npm run build:node24                   dist/prep-guest-node24, on a supported Node (glibc 2.28)
 * PREP_GUEST_PKG_TARGET=node24-linuxstatic-x64 npm run build
 *                                        on a base that pkg downloads, for a builder with internet access
 * --entry FILE --output FILE             another program by the same way: the tests of the packing use it
 */
const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: 'x64' },
    node24: { type: 'boolean', default: false },
    entry: { type: 'string', default: ownEntry },
    output: { type: 'string' },
  },
});

const { arch, node24, entry } = values;
if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch is x64 or arm64, not ${arch}`);
const suffix = node24 ? '-node24' : arch === 'arm64' ? '-arm64' : '';
const output = values.output ?? join(root, 'dist', `prep-guest${suffix}`);
const bundled = values.output === undefined ? join(root, 'dist', 'prep-guest.cjs') : `${output}.cjs`;

await bundle(entry, bundled);
if (node24) {
  await packSupportedNode(bundled, output);
} else {
  const target: Arch | string = process.env.PREP_GUEST_PKG_TARGET ?? arch;
  const guest = mkdtempSync(join(tmpdir(), 'warm-guest-'));
  try {
    mkdirSync(join(guest, 'etc'));
    writeFileSync(join(guest, 'etc', 'os-release'), 'ID=debian\nVERSION_ID="12"\n');
    // Only of our own program is it known that it reads and nothing else when it is run like this.
    const warm = entry === ownEntry ? ['check', '--root', guest, '--format', 'json'] : undefined;
    await pack(bundled, output, target as Arch | `node${string}`, warm);
  } finally {
    rmSync(guest, { recursive: true });
  }
}

// The manual goes with the program.
if (values.output === undefined) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(root, 'dist', 'prep-guest.8'), manPage(version));
}
