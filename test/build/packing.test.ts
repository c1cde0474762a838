import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const { version: supported } = JSON.parse(
  readFileSync(join(root, `node_modules/node-linux-${process.arch}/package.json`), 'utf8'),
) as { version: string };

let folder: string;
/** program.ts, packed: it answers from inside what its arguments ask. */
let program: string;

/** The answers to the questions, with nothing else in the environment than what is given and a PATH. */
function ask(questions: readonly string[], env: Record<string, string> = {}): unknown[] {
  const { status, stdout, stderr } = spawnSync(program, questions, {
    encoding: 'utf8',
    env: { PATH: `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`, ...env },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

/** A script that leaves a mark when anything runs it. */
function trap(name: string): { script: string; sprung: () => boolean } {
  const mark = join(folder, `${name}-was-here`);
  const script = join(folder, `${name}.cjs`);
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`);
  return { script, sprung: () => readdirSync(folder).includes(`${name}-was-here`) };
}

// The first starts on old guests; the second is for those who want a Node that is still supported.
describe.each([
  { artefact: "pkg's base", options: [], node: 'v20.11.1' },
  { artefact: 'a single executable of Node', options: ['--node24'], node: `v${supported}` },
])('on $artefact', ({ options, node }) => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'prep-guest-packing-'));
    program = join(folder, 'program');
    const args = ['--entry', join(import.meta.dirname, 'program.ts'), '--output', program, ...options];
    execFileSync(process.execPath, [join(root, 'scripts/build.ts'), ...args], { stdio: 'pipe' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the trap is one: a plain node falls into it', () => {
    const { script, sprung } = trap('plain');
    spawnSync(process.execPath, ['-e', ''], { env: { NODE_OPTIONS: `--require=${script}` } });
    expect(sprung()).toBe(true);
  });

  test('it runs on the Node that was meant', () => {
    expect(ask(['node'])).toEqual([node]);
  });

  test('lazy packages work inside, and systeminformation gets answers', () => {
    const [winston, cron, system] = ask(['winston', 'cron', 'systemInformation']);
    expect([winston, cron]).toEqual(['function', true]);
    expect(system).toEqual({ total: expect.any(Number), kernel: expect.stringMatching(/^\d/), blockDevices: true });
  });

  test('child_process is the one of Node', () => {
    expect(ask(['execWithUndefined', 'promisedExecFile'])).toEqual(['heard', { stdout: 'heard\n', stderr: '' }]);
  });

  test('a child named node is the one on the PATH, not this program', () => {
    expect(ask(['shellThatCallsNode', 'childNamedNode'])).toEqual(['42', []]);
  });

  test('children see no variable that pkg added, nor one that would steer them', () => {
    const hostile = {
      LD_DEBUG_OUTPUT: '/dev/null',
      NODE_OPTIONS: '--no-deprecation',
      PYTHONPATH: '/x',
      BASH_ENV: '/x',
    };
    const [names] = ask(['childEnvironment'], { ...hostile, PKG_EXECPATH: '/x', TERM: 'dumb' });
    expect((names as string[]).map((one) => one.split('=')[0]).toSorted()).toEqual(['PATH', 'TERM']);
  });

  test('an error says where in the bundle it happened', () => {
    expect(ask(['stack'])).toEqual([expect.stringMatching(/^at stack \(\/.*program\.cjs:\d+:\d+\)$/)]);
  });

  test('the root folder is listed as it is', () => {
    const names = readdirSync('/').toSorted();
    const [listed] = ask(['rootFolder']) as [{ sync: string[]; promised: string[] }];
    expect([listed.sync.toSorted(), listed.promised.toSorted()]).toEqual([names, names]);
  });

  test('no variable makes it a plain node', () => {
    const { script, sprung } = trap('execpath');
    for (const value of ['PKG_INVOKE_NODEJS', program]) {
      const env = { PKG_EXECPATH: value };
      expect(ask(['-p', '6*7', 'arguments'], env)).toEqual([['-p', '6*7', 'arguments']]);
      expect(ask([script, 'arguments'], env)).toEqual([[script, 'arguments']]);
    }
    expect(sprung()).toBe(false);
  });

  // An official Node reads these, and ends or warns; pkg's base is told not to.
  if (options.length === 0) {
    test('files that the environment names are not read before the start', () => {
      const broken = join(folder, 'broken.cnf');
      writeFileSync(broken, 'nodejs_conf = missing_section\n');
      const env = { NODE_EXTRA_CA_CERTS: '/nowhere', NODE_ICU_DATA: '/nowhere', OPENSSL_CONF: broken };
      for (const [name, value] of Object.entries(env)) expect(ask(['node'], { [name]: value })).toEqual([node]);
    });
  }

  test('options of Node, from the environment or the command line, are not heard', () => {
    const { script, sprung } = trap('options');
    const [args, execArgs] = ask(['--require', script, 'arguments', 'execArguments'], {
      NODE_OPTIONS: `--require=${script}`,
    }) as [string[], string[]];
    expect([args[0], execArgs]).toEqual(['--require', []]);
    expect(sprung()).toBe(false);
  });

  test('a module of this machine is never loaded in place of a packed one', () => {
    const { script, sprung } = trap('module');
    for (const name of ['winston', 'ini', 'osx-temperature-sensor', 'macos-temperature-sensor']) {
      for (const place of [folder, join(folder, 'node_modules')]) {
        mkdirSync(join(place, name), { recursive: true });
        writeFileSync(join(place, name, 'index.js'), `require(${JSON.stringify(script)});`);
      }
    }
    const { status } = spawnSync(program, ['winston', 'systemInformation'], {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', NODE_PATH: folder, HOME: folder },
    });
    expect({ status, sprung: sprung() }).toEqual({ status: 0, sprung: false });
  });
});
