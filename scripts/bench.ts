/**
 * npm run bench: what prep-guest costs, against the tools that a user would call instead, in one run on one real guest. Prints
 * medians of interleaved runs and their ratios (`-- --all`: bzip2 too, which takes minutes); nothing is asserted, since machines are shared and noisy. The ratio of
 * processor time (user+sys) is the steadier one. Needs root, for the guest is built with its owners.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRoot, unpackRoot } from './guest/build-root.ts';
import { removeTree } from './guest/cache.ts';
import { enterScript } from './guest/in-guest.ts';
import { type Command, type Cost, measure, median } from './measure.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '7' }, all: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const binary = join(import.meta.dirname, '..', 'dist', 'prep-guest');

interface Row {
  readonly name: string;
  readonly argv: Command;
}

type Costs = Readonly<Record<string, readonly Cost[]>>;

const printed = (text: string, width: number) => text.padStart(width);

const of = (costs: readonly Cost[], figure: keyof Cost) => median(costs.map((cost) => cost[figure]));

function table(costs: Costs): void {
  console.log(`${'command'.padEnd(40)}${printed('user+sys s', 12)}${printed('wall s', 10)}${printed('peak MiB', 10)}`);
  for (const [name, all] of Object.entries(costs)) {
    const figures = [printed(of(all, 'cpu').toFixed(3), 12), printed(of(all, 'wall').toFixed(3), 10)];
    console.log(name.padEnd(40) + figures.join('') + printed(of(all, 'peak').toFixed(1), 10));
  }
}

/** Each round's ratio, and of those the median: a machine that slows down does so for both. Several rows below are one sum. */
function ratio(costs: Costs, says: string, above: Row, below: readonly Row[], target: string): void {
  const sum = (at: number, figure: 'cpu' | 'wall') =>
    below.reduce((all, row) => all + (costs[row.name]?.[at]?.[figure] ?? Number.NaN), 0);
  const pairs = (figure: 'cpu' | 'wall') =>
    median((costs[above.name] ?? []).map((one, at) => one[figure] / sum(at, figure)));
  console.log(
    `${says.padEnd(56)}${printed(pairs('cpu').toFixed(2), 8)}${printed(pairs('wall').toFixed(2), 8)}  ${target}`,
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
    if (name === 'bzip2' && !values.all) continue;
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
  await unpackRoot(await buildRoot({ suite: 'bookworm', initrd: 'initramfs-tools', loader: 'grub-pc', extra }), root);
  const name = readdirSync(join(root, 'boot')).find((one) => one.startsWith('initrd.img-'));
  if (name === undefined) throw new Error('the guest has no initrd');
  const files = repack(join(root, 'boot', name), work);
  const row = (says: string, ...argv: [string, ...string[]]): Row => ({ name: says, argv });
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
  const costs = measure(Object.fromEntries(rows.map(({ name: says, argv }) => [says, argv])), runs);
  table(costs);
  console.log(`\n${'ratio (median of the rounds)'.padEnd(56)}${printed('cpu', 8)}${printed('wall', 8)}  target`);
  const bars: Record<string, [string, string]> = {
    zstd: ['>= 1.6', '<= 1.25'],
    gzip: ['>= 4', '<= 0.55'],
    xz: ['>= 1.5', ''],
    lz4: ['>= 1.3', ''],
    bzip2: ['>= 1.4', ''],
  };
  for (const [kind, ours, list, alone] of pairs) {
    ratio(costs, `lsinitramfs / prep-guest initrd (${kind})`, list, [ours], bars[kind]?.[0] ?? '');
    ratio(
      costs,
      `prep-guest initrd / (decompressor + bare start) (${kind})`,
      ours,
      [alone, start],
      bars[kind]?.[1] ?? '',
    );
  }
  const zstd = pairs.find(([kind]) => kind === 'zstd');
  if (zstd !== undefined) ratio(costs, 'prep-guest check / lsinitramfs (zstd)', check, [zstd[2]], '<= 0.75');
}

if (process.getuid?.() !== 0) throw new Error('A guest with its owners can only be built by root: sudo npm run bench');
if (!existsSync(binary)) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'prep-guest-bench-'));
try {
  await bench(work);
} finally {
  await removeTree(work);
}
