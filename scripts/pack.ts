import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import producer from '@yao-pkg/pkg/lib-es5/producer.js';
import sea from '@yao-pkg/pkg/lib-es5/sea.js';
import pkgFetch from '@yao-pkg/pkg-fetch';
import { root } from './bundle.ts';
import { type Arch, baseNode, restoreBase } from './pkg-base.ts';

type ProducerOptions = Parameters<typeof producer.default>[0];

/** pkg's number for a file that is stored as it is. */
const asItIs = 1;

/**
 * Makes one executable of a bundled CommonJS file and a base of pkg: `target` as pkg spells it (`node24-linuxstatic-x64`,
 * then pkg fetches that base itself), or an architecture, for the base that restoreBase knows.
 *
 * Only pkg's producer is used, not its walker, byte code and prelude: there is one file, codeCache() says why not the byte
 * code, and scripts/prelude.cjs why not the prelude. `warm`: arguments of a run of the program, for the code cache.
 */
export async function pack(
  bundled: string,
  output: string,
  target: Arch | `node${string}`,
  warm?: readonly string[],
): Promise<void> {
  const { nodeRange, platform, arch, base } = await findBase(target);
  const text = await readFile(bundled);
  const entrypoint = `/${basename(bundled)}`;
  const prelude = await readFile(join(root, 'scripts', 'prelude.cjs'), 'utf8');
  const stripes: ProducerOptions['backpack']['stripes'] = [{ snap: entrypoint, store: asItIs, buffer: text }];
  if (arch === process.arch) {
    stripes.push({
      snap: `${entrypoint}.cache`,
      store: asItIs,
      buffer: codeCache(base, text, `/snapshot${entrypoint}`, warm),
    });
  }
  const beside = `${output}.new`;
  await mkdir(dirname(output), { recursive: true });
  await producer.default({
    backpack: {
      entrypoint,
      stripes,
      prelude: [
        'const FILES = %VIRTUAL_FILESYSTEM%;',
        'const ENTRY = %DEFAULT_ENTRYPOINT%;',
        prelude,
        // The base has Node's module loader ask `fs` for two functions that a prelude may replace: this leaves Node's own.
        'return { undoPatch: true };',
      ].join('\n'),
    },
    bakes: [],
    slash: '/',
    // The types demand what only byte code would need.
    target: { nodeRange, platform, arch, binaryPath: base, output: beside } as ProducerOptions['target'],
    symLinks: {},
    doCompress: 0,
    nativeBuild: false,
  });
  await deafen(beside);
  await chmod(beside, 0o755);
  await rename(beside, output);
}

/**
 * What V8 makes of the text, as `filename`, before anything of it runs: 9 ms of each start saved. Only the base itself can
 * make it, so only the same kind of processor can. pkg's own byte code holds every function, needed or not, which costs
 * 4 ms more. With `warm`, the program runs once with these arguments, and the functions that it needed are kept as well.
 */
function codeCache(base: string, text: Buffer, filename: string, warm: readonly string[] | undefined): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'code-cache-'));
  const make = `
    const [fs, Module, { Script }] = [require('fs'), require('module'), require('vm')];
    const script = new Script(Module.wrap(fs.readFileSync(0, 'latin1')), ${JSON.stringify({ filename })});
    process.on('exit', () => {
      fs.writeFileSync(${JSON.stringify(join(folder, 'cache'))}, script.createCachedData());
      process.exitCode = 0;
    });
    const warm = ${JSON.stringify(warm ?? null)};
    if (warm !== null) {
      process.argv = [process.execPath, ${JSON.stringify(filename)}, ...warm];
      const main = new Module(${JSON.stringify(filename)});
      script.runInThisContext().call(main.exports, main.exports, require, main, main.id, '/snapshot');
    }`;
  try {
    const options = { env: { PKG_EXECPATH: 'PKG_INVOKE_NODEJS' }, input: text, stdio: ['pipe', 'ignore', 'inherit'] };
    execFileSync(base, ['-e', make], options as ExecFileSyncOptions);
    return readFileSync(join(folder, 'cache'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function findBase(target: Arch | `node${string}`) {
  if (target === 'x64' || target === 'arm64') {
    const base = await restoreBase(root, join(root, '.cache', 'pkg-base'), target);
    return { nodeRange: baseNode, platform: 'linux', arch: target, base };
  }
  const [nodeRange = '', platform = '', arch = ''] = target.split('-');
  return { nodeRange, platform, arch, base: await pkgFetch.need({ nodeRange, platform, arch, forceFetch: true }) };
}

/**
 * Variables that the native part of the base reads before any of our code runs. By PKG_EXECPATH=PKG_INVOKE_NODEJS it is a
 * plain Node, and our arguments are Node's options (the build needs that once, for codeCache). The others make it read
 * files, one of which may name a library to load. NODE_OPTIONS is not among them: these bases are built without it.
 */
const unheard = ['PKG_EXECPATH', 'NODE_EXTRA_CA_CERTS', 'NODE_ICU_DATA', 'OPENSSL_CONF'];

/** Takes the first letter of each name away: what is handed to getenv() is then empty, and no variable is. */
async function deafen(executable: string): Promise<void> {
  const bytes = await readFile(executable);
  const file = await open(executable, 'r+');
  try {
    for (const name of unheard) {
      const at = bytes.indexOf(`\0${name}\0`, 0, 'latin1');
      if (at < 0) throw new Error(`this base does not ask for ${name}, or not in the way that is known`);
      await file.write(Buffer.of(0), 0, 1, at + 1);
    }
  } finally {
    await file.close();
  }
}

/**
 * The same program as a single executable of a Node that is still supported: the one that npm installed for the
 * build. It needs a C library of its own age (glibc 2.28), which old guests have not.
 */
export async function packSupportedNode(bundled: string, output: string): Promise<void> {
  const arch = process.arch;
  const beside = `${output}.new`;
  const seaConfig = {
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: true,
    // NODE_OPTIONS and --node-options are not for us.
    execArgvExtension: 'none',
  };
  await mkdir(dirname(output), { recursive: true });
  await sea.default(bundled, {
    targets: [{ nodeRange: `node${process.versions.node}`, platform: 'linux', arch, output: beside }],
    nodePath: join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node'),
    seaConfig,
    signature: false,
  });
  await chmod(beside, 0o755);
  await rename(beside, output);
}
