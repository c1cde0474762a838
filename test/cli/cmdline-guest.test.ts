import { describe, expect, test } from 'vitest';
import { rollback } from '../../src/apply/rollback.ts';
import { runCmdline } from '../../src/cli/cmdline.ts';
import { readOptions } from '../../src/cli/options.ts';
import { createPrinter } from '../../src/cli/show/printer.ts';
import { exitCodes, type PrepError } from '../../src/errors.ts';
import { createRootedGuest } from '../../src/guest/rooted.ts';
import { silentLog } from '../../src/log.ts';
import type { GuestPath } from '../../src/model.ts';
import { options } from '../apply/applied-guest.ts';
import { guest as alpine } from '../guests/alpine-extlinux.guest.ts';
import { guest as debian } from '../guests/debian-12-four-kernels.guest.ts';
import type { PhonyGuest } from '../guests/phony.ts';
import { guest as kernelopts } from '../guests/rhel-8-kernelopts.guest.ts';
import { guest as bls } from '../guests/rhel-9-prepared.guest.ts';
import { guest as silverblue } from '../guests/silverblue-ostree.guest.ts';
import { guest as legacy } from '../guests/sles-11-legacy.guest.ts';
import { makeGuest } from '../lib/phony-guest.ts';
import { readTree, treeChanges } from '../lib/tree.ts';

/** `prep-guest cmdline` on whole guests of every kind of store: what it lists, what it changes, what it gives back. */

interface Listed {
  readonly loader: string;
  readonly entries: readonly {
    readonly entry: number;
    readonly default: boolean;
    readonly recovery: boolean;
    readonly args: readonly string[];
    readonly at: { readonly path: GuestPath };
  }[];
  readonly next: { readonly args: readonly string[] | null };
  readonly differences: readonly object[];
  readonly run?: { readonly is: string };
}

/** Its own state is the one thing that a rollback leaves. */
const without = ['/var/lib/prep-guest'];

/** Runs the verb as main does, with its output collected. */
async function cmdline(root: string, ...words: string[]): Promise<{ code: number; out: string }> {
  const out: string[] = [];
  const to = { write: (text: string) => out.push(text), columns: 200 };
  const printer = createPrinter(to, { write: () => true }, {}, { color: false, quiet: false });
  const code = await runCmdline({
    options: readOptions(['cmdline', '--root', root, '--yes', ...words]),
    printer,
    log: silentLog,
    version: '1.2.3',
    signal: new AbortController().signal,
  });
  return { code, out: out.join('') };
}

async function listed(root: string, ...words: string[]): Promise<Listed> {
  return JSON.parse((await cmdline(root, '--format', 'json', ...words)).out) as Listed;
}

const guests: readonly (readonly [name: string, loader: string, guest: PhonyGuest])[] = [
  ['RHEL 9', 'bls', bls],
  ['RHEL 8 with kernelopts', 'bls', kernelopts],
  ['Debian 12', 'grub2', debian],
  ['SLES 11', 'grub-legacy', legacy],
  ['Alpine', 'extlinux', alpine],
];

describe.each(guests)('%s', (_name, loader, { tree }) => {
  test('lists every entry with its line, and touches nothing', async () => {
    const root = makeGuest(tree);
    const before = await readTree(root, {});
    const { entries, ...rest } = await listed(root);
    expect(rest.loader).toBe(loader);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_entry, index) => index));
    expect(entries.filter((one) => one.default)).toHaveLength(1);
    const { code, out } = await cmdline(root);
    expect(code).toBe(rest.differences.length === 0 ? exitCodes.content : exitCodes.findings);
    expect(out).toContain(`boot loader: ${loader}\n`);
    for (const { args } of entries) expect(out).toContain(`   next boot:   ${args.join(' ')}`);
    expect(treeChanges(before, await readTree(root, {}))).toEqual([]);
  });

  test('adds to every normal entry and to later ones, takes out again, and a rollback gives the bytes back', async () => {
    const root = makeGuest(tree);
    const before = await readTree(root, { without });
    const asked = ['--add', 'console=ttyS7', '--add', 'panic=9', '--remove', 'quiet'];
    const after = await listed(root, ...asked);
    expect(after.run?.is).toBe('done');
    const normal = after.entries.filter((one) => !one.recovery);
    for (const { args } of [...normal, { args: after.next.args ?? [] }]) {
      expect(args.filter((arg) => /^(console=ttyS7|panic=|quiet)/.test(arg))).toEqual(['console=ttyS7', 'panic=9']);
    }
    // What is so already is no plan, and no run.
    expect((await cmdline(root, ...asked)).out).toMatch(/^Nothing to change\./);
    // All values out and one in, which is there already: it stays.
    const again = await listed(root, '--remove', 'panic=', '--add', 'panic=9');
    for (const { args } of [...again.entries.filter((one) => !one.recovery), { args: again.next.args ?? [] }])
      expect(args.filter((arg) => arg.startsWith('panic='))).toEqual(['panic=9']);
    const files = createRootedGuest(root, 'offline');
    if (again.run?.is === 'done') expect(await rollback(files, undefined, options)).toMatchObject({ is: 'undone' });
    expect(await rollback(files, undefined, options)).toMatchObject({ is: 'undone' });
    expect(treeChanges(before, await readTree(root, { without }))).toEqual([]);
  });

  test('--entry changes one line; later entries and the others stay', async () => {
    const root = makeGuest(tree);
    const before = await listed(root);
    const after = await listed(root, '--entry', '0', '--add', 'panic=9');
    expect(after.next).toEqual(before.next);
    expect(after.entries[0]?.args).toContain('panic=9');
    expect(after.entries.slice(1)).toEqual(before.entries.slice(1));
  });

  test('--entry says whether the change outlives the next making of the menu', async () => {
    const { out } = await cmdline(makeGuest(tree), '--entry', '0', '--add', 'panic=9');
    const lasts = tree === bls.tree || loader === 'grub-legacy';
    expect(/is made anew from\s+its sources/.test(out)).toBe(!lasts);
  });

  test('a number that no entry has is wrong usage, and nothing is touched', async () => {
    const root = makeGuest(tree);
    const before = await readTree(root, {});
    const code = await cmdline(root, '--entry', '99', '--add', 'panic=9').catch((error: PrepError) => error.code);
    expect(code).toBe('usage');
    expect(treeChanges(before, await readTree(root, {}))).toEqual([]);
  });
});

test.each([
  ['usage', debian, ['--add', 'a="b']],
  ['usage', debian, ['--remove', 'quiet --']],
  ['usage', debian, ['--add', 'console=\u201cttyS0\u201d']],
  ['refused', silverblue, ['--add', 'panic=9']],
] as const)('%s, and nothing is touched: %#', async (code, guest, words) => {
  const root = makeGuest(guest.tree);
  const before = await readTree(root, {});
  await expect(cmdline(root, ...words)).rejects.toMatchObject({ code });
  expect(treeChanges(before, await readTree(root, {}))).toEqual([]);
});
