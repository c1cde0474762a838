/**
 * node scripts/bench-initrd.ts FILE...: what our reader costs on these initrds, against the decompressor alone and
 * lsinitramfs, as medians of interleaved runs. Nothing is asserted: machines are shared and noisy, and the ratio of
 * processor time (user+sys) is the steadier one. The reader runs bundled, on the Node given with --node (default: the one
 * that runs this) or, with --binary, in a built prep-guest.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, root } from './bundle.ts';
import { type Command, type Cost, measure, median } from './measure.ts';

/** The decompressor that would be used by hand; by the first bytes, and undefined where the file begins with cpio. */
function decompressor(file: string): Command | undefined {
  const magic = readFileSync(file).subarray(0, 2).toString('hex');
  const tools: Readonly<Record<string, Command>> = {
    '1f8b': ['gzip', '-dc'],
    '425a': ['bzip2', '-dc'],
    '5d00': ['xz', '--format=lzma', '-dc'],
    fd37: ['xz', '-dc', '-T2'],
    '894c': ['lzop', '-dc'],
    '0221': ['lz4', '-dcq'],
    '28b5': ['zstd', '-dcq'],
  };
  const tool = tools[magic];
  return tool === undefined ? undefined : [...tool, file];
}

/** A program of a few lines that reads the initrd given to it, or nothing, and says what it found. */
async function bundleReader(work: string): Promise<string> {
  const entry = join(work, 'entry.ts');
  const from = (path: string) => JSON.stringify(join(root, 'src', path));
  writeFileSync(
    entry,
    `import { fstatSync, openSync, readSync } from 'node:fs';
    import { readInitrd } from ${from('formats/initrd.ts')};
    import { createUnpacker } from ${from('guest/unpack.ts')};
    const [, , file] = process.argv;
    if (file !== undefined) {
      const fd = openSync(file, 'r');
      const source = { size: fstatSync(fd).size, readAt: (into, at) => readSync(fd, into, 0, into.length, at) };
      void readInitrd(source, createUnpacker()).then((content) => {
        console.log(content.is, content.is === 'read' ? content.modules.length : content.why);
        process.exitCode = content.is === 'read' ? 0 : 1;
      });
    }`,
  );
  const program = join(work, 'reader.cjs');
  await bundle(entry, program);
  return program;
}

function show(file: string, costs: Readonly<Record<string, readonly Cost[]>>): void {
  console.log(`\n${file}`);
  const of = (name: string, figure: keyof Cost) => median((costs[name] ?? []).map((cost) => cost[figure]));
  for (const name of Object.keys(costs)) {
    const figures = `${of(name, 'cpu').toFixed(3)} s user+sys  ${of(name, 'wall').toFixed(3)} s wall`;
    console.log(`  ${name.padEnd(14)} ${figures}  ${of(name, 'peak').toFixed(1)} MiB`);
  }
  const ratio = (says: string, value: (figure: 'cpu' | 'wall') => number) =>
    console.log(`  ${says.padEnd(34)} ${value('cpu').toFixed(2)} user+sys  ${value('wall').toFixed(2)} wall`);
  if (costs.alone) ratio('ours / (alone + bare start)', (f) => of('ours', f) / (of('alone', f) + of('bare start', f)));
  if (costs.lsinitramfs) ratio('lsinitramfs / ours', (f) => of('lsinitramfs', f) / of('ours', f));
}

/** What is compared: our reader (the file is added), a bare start of it, and lsinitramfs where there is one. */
export interface Rivals {
  readonly reader: Command;
  readonly bareStart: Command;
  readonly lsinitramfs: string | undefined;
}

/** Measures and prints one initrd. */
export function benchInitrd(file: string, { reader, bareStart, lsinitramfs }: Rivals, runs: number): void {
  const alone = decompressor(file);
  const commands: Record<string, Command> = { 'bare start': bareStart, ours: [...reader, file] };
  if (alone) commands.alone = alone;
  if (lsinitramfs !== undefined) commands.lsinitramfs = [lsinitramfs, file];
  show(file, measure(commands, runs));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '7' },
      node: { type: 'string', default: process.execPath },
      binary: { type: 'string' },
      lsinitramfs: { type: 'string', default: '/usr/bin/lsinitramfs' },
    },
  });
  const lsinitramfs = existsSync(values.lsinitramfs) ? values.lsinitramfs : undefined;
  // It calls unmkinitramfs by name, which may lie beside it.
  process.env.PATH = [process.env.PATH, dirname(values.lsinitramfs)].join(delimiter);
  const work = mkdtempSync(join(tmpdir(), 'prep-guest-bench-'));
  try {
    const ours = values.binary === undefined ? ([values.node, await bundleReader(work)] as const) : undefined;
    const reader: Command = ours ?? [values.binary ?? '', 'initrd', '--quiet'];
    const bareStart: Command = ours ?? [values.binary ?? '', '--version'];
    for (const file of positionals) benchInitrd(file, { reader, bareStart, lsinitramfs }, Number(values.runs));
  } finally {
    rmSync(work, { recursive: true });
  }
}

if (import.meta.main) await main();
