/**
 * The main job on a real guest: builds a Debian 12 root in a temporary folder, looks at it, prepares it, looks again.
 * Nothing of the machine that it runs on is prepared, and nothing is installed on it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpackRoot } from './guest/build-root.ts';
import { removeTree } from './guest/cache.ts';
import { missingPackages } from './guest/needs.ts';
import { guests, spoiledGuest } from './guest/spoiled-guest.ts';

const binary = path.join(import.meta.dirname, '../dist/prep-guest');

async function show(says: string, argv: readonly [string, ...string[]], expected: number): Promise<void> {
  console.log(`\n# ${says}\n$ ${argv.join(' ')}\n`);
  const [program, ...args] = argv;
  const [code] = await once(spawn(program, args, { stdio: 'inherit' }), 'exit');
  console.log(`\n# exit code ${code}`);
  if (code !== expected) throw new Error(`${path.basename(program)} ended with ${code}, expected ${expected}`);
}

async function demo(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error('A root file system with its owners can only be built by root: sudo npm run demo');
  const missing = await missingPackages();
  if (missing.length > 0)
    throw new Error(`First: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
  await access(binary).catch(() => show('the program is built first', ['npm', 'run', 'build'], 0));
  console.log('# a Debian 12 guest, as somebody would bring it (about two minutes, the first time)');
  const guest = await spoiledGuest(guests.bookworm);
  const work = await mkdtemp(path.join(tmpdir(), 'prep-guest-demo-'));
  const root = path.join(work, 'guest');
  try {
    await unpackRoot(guest.tarball, root);
    const log = ['--log-file', path.join(work, 'prep-guest.log')] as const;
    await show('what is wrong with it?', [binary, 'check', '--root', root], 1);
    await show('prepare it', [binary, '--apply', '--yes', '--root', root, ...log], 0);
    await show('and now?', [binary, 'check', '--root', root], 0);
    console.log('\n# done: every rule that must hold does, and the guest is sealed');
  } finally {
    await removeTree(work);
  }
}

await demo().catch((error: Error) => {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});
