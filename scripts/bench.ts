/**
 * npm run bench: what prep-guest costs, against the tools that a user would call instead, in one run on one real guest. Prints
 * medians of interleaved runs and their ratios; nothing is asserted, since machines are shared and noisy. The ratio of
 * processor time (user+sys) is the steadier one. Needs root, for the guest is built with its owners.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRoot, unpackRoot } from './guest/build-root.ts';
import { removeTree } from './guest/cache.ts';
import { enterScript } from './guest/in-guest.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
const runs = Number(values.runs);
const binary = join(import.meta.dirname, '..', 'dist', 'prep-guest');

interface Sample {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

interface Row {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly samples: Sample[];
}

/** One run of a command as GNU time accounts it: processor and wall seconds, the largest process in KiB. */
function sample([program, ...args]: Row['argv'], work: string): Sample {
  const account = join(work, 'account');
  const run = spawnSync('time', ['-q', '-o', account, '-f', '%U %S %e %M', program, ...args], { stdio: 'ignore' });
  if (run.error !== undefined) throw run.error;
  // A check that finds something ends with 1, and that is right.
  if (run.status === null || run.status > 1) throw new Error(`${program} ${args.join(' ')} ended with ${run.status}`);
  const [user = 0, system = 0, wall = 0, peak = 0] = readFileSync(account, 'utf8').trim().split(' ').map(Number);
  return { cpu: user + system, wall, peak };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

const of = (row: Row, figure: keyof Sample) => median(row.samples.map((one) => one[figure]));

/** Runs all commands in turn, round by round, the first round not counted. */
function measure(rows: readonly Row[], work: string): void {
  for (let round = 0; round <= runs; round++) {
    for (const row of rows) {
      const one = sample(row.argv, work);
      if (round > 0) row.samples.push(one);
    }
  }
}

const printed = (text: string, width: number) => text.padStart(width);

function table(rows: readonly Row[]): void {
  console.log(`${'command'.padEnd(40)}${printed('user+sys s', 12)}${printed('wall s', 10)}${printed('peak MiB', 10)}`);
  for (const row of rows) {
    const figures = [printed(of(row, 'cpu').toFixed(3), 12), printed(of(row, 'wall').toFixed(3), 10)];
    console.log(row.name.padEnd(40) + figures.join('') + printed((of(row, 'peak') / 1024).toFixed(1), 10));
  }
}

/** Each round's ratio, and of those the median: a machine that slows down does so for both. Several rows below are one sum. */
function ratio(says: string, a: Row, below: readonly Row[], target: string): void {
  const sum = (at: number, figure: 'cpu' | 'wall') =>
    below.reduce((all, row) => all + (row.samples[at]?.[figure] ?? Number.NaN), 0);
  const pairs = (figure: 'cpu' | 'wall') => median(a.samples.map((one, at) => one[figure] / sum(at, figure)));
  console.log(
    `${says.padEnd(52)}${printed(pairs('cpu').toFixed(2), 8)}${printed(pairs('wall').toFixed(2), 8)}  ${target}`,
  );
}

/** The same archive in another compression. */
function repack(initrd: string, work: string): Record<string, string> {
  const cpio = join(work, 'initrd.cpio');
  const shell = (script: string, ...args: string[]) => execFileSync('sh', ['-c', script, 'sh', ...args]);
  shell('zstd -dcq "$1" > "$2"', initrd, cpio);
  const made: Record<string, string> = { zstd: initrd };
  const packers = { gzip: 'gzip -6 -c', xz: 'xz -T2 --check=crc32 -c', lz4: 'lz4 -l -9 -c', bzip2: 'bzip2 -9 -c' };
  for (const [name, command] of Object.entries(packers)) {
    const file = join(work, `initrd.${name}`);
    shell(`${command} "$1" > "$2"`, cpio, file);
    made[name] = file;
  }
  return made;
}

const unpackers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  zstd: ['zstd', '-dcq'],
  gzip: ['gzip', '-dc'],
  xz: ['xz', '-dc', '-T2'],
  lz4: ['lz4', '-dcq'],
  bzip2: ['bzip2', '-dc'],
};

async function bench(work: string): Promise<void> {
  const root = join(work, 'guest');
  // lsinitramfs calls the guest's own decompressors.
  const extra = ['lz4', 'xz-utils', 'bzip2'];
  await unpackRoot(await buildRoot({ suite: 'bookworm', initrd: 'initramfs-tools', extra }), root);
  const name = readdirSync(join(root, 'boot')).find((one) => one.startsWith('initrd.img-'));
  if (name === undefined) throw new Error('the guest has no initrd');
  const files = repack(join(root, 'boot', name), work);
  const row = (says: string, ...argv: [string, ...string[]]): Row => ({ name: says, argv, samples: [] });
  // The guest's own lsinitramfs, in its own root; what entering costs is measured and shown.
  const enter = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--fork',
    'sh',
    '-c',
    enterScript,
    'sh',
    root,
    '0',
  ] as const;
  const start = row('prep-guest --version (bare start)', binary, '--version');
  const check = row('prep-guest check', binary, 'check', '--root', root);
  const entering = row('entering the guest (true)', ...enter, 'true');
  const rows: Row[] = [start, check, entering];
  console.log(`# Debian 12, ${name}, ${runs} rounds\n`);
  const pairs: [string, Row, Row, Row][] = [];
  for (const [kind, file] of Object.entries(files)) {
    execFileSync('cp', [file, join(root, 'boot', `bench.${kind}`)]);
    const ours = row(`prep-guest initrd (${kind})`, binary, 'initrd', '--quiet', file);
    const list = row(`lsinitramfs (${kind})`, ...enter, 'lsinitramfs', `/boot/bench.${kind}`);
    const alone = row(`${unpackers[kind]?.join(' ')} (alone)`, ...(unpackers[kind] ?? ['false']), file);
    rows.push(ours, list, alone);
    pairs.push([kind, ours, list, alone]);
  }
  measure(rows, work);
  table(rows);
  console.log(`\n${'ratio (median of the rounds)'.padEnd(52)}${printed('cpu', 8)}${printed('wall', 8)}  target`);
  const bars: Record<string, [string, string]> = {
    zstd: ['>= 1.6', '<= 1.25'],
    gzip: ['>= 4', '<= 0.55'],
    xz: ['>= 1.5', ''],
    lz4: ['>= 1.3', ''],
    bzip2: ['>= 1.4', ''],
  };
  for (const [kind, ours, list, alone] of pairs) {
    ratio(`lsinitramfs / prep-guest initrd (${kind})`, list, [ours], bars[kind]?.[0] ?? '');
    ratio(`prep-guest initrd / (decompressor + bare start) (${kind})`, ours, [alone, start], bars[kind]?.[1] ?? '');
  }
  const zstd = pairs.find(([kind]) => kind === 'zstd');
  if (zstd !== undefined) ratio('prep-guest check / lsinitramfs (zstd)', check, [zstd[2]], '<= 0.75');
}

if (process.getuid?.() !== 0) throw new Error('A guest with its owners can only be built by root: sudo npm run bench');
if (!existsSync(binary)) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'prep-guest-bench-'));
try {
  await bench(work);
} finally {
  await removeTree(work);
}
