import { globSync, lutimesSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { rollback } from '../../src/apply/rollback.ts';
import { examine, severityOf, verdictOf } from '../../src/checks/examine.ts';
import { showPlan } from '../../src/cli/show/plan-text.ts';
import { createPrinter } from '../../src/cli/show/printer.ts';
import { scan } from '../../src/facts/scan.ts';
import type { GuestFiles } from '../../src/guest/guest.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import type { Examined, Plan } from '../../src/model.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { openGuest, options } from '../apply/applied-guest.ts';
import { counting, poweredOffAt } from '../apply/faulty-guest.ts';
import { lookAtTree } from '../apply/look-at-tree.ts';
import { policy } from '../lib/facts.ts';
import { makeGuest } from '../lib/phony-guest.ts';
import { readTree, treeChanges } from '../lib/tree.ts';
import type { PhonyGuest } from './phony.ts';
import { programsOf } from './programs.ts';

const here = import.meta.dirname;
const names = globSync('*.guest.ts', { cwd: here })
  .map((file) => basename(file, '.guest.ts'))
  .sort();

/** Its own state is the one thing that a rollback leaves. */
const without = ['/var/lib/prep-guest'];

/** Some time ago, not at a whole second, and the same for each making: times are part of what comes back. */
function make(guest: PhonyGuest): string {
  const root = makeGuest(guest.tree);
  for (const name of readdirSync(root, { recursive: true }) as string[])
    lutimesSync(join(root, name), 1.6e9, 1.6e9 + 0.123456);
  return root;
}

async function look(files: GuestFiles, { policy: asked }: PhonyGuest) {
  const facts = await scan(files, { unpacker: createUnpacker() });
  const examined = examine(facts, policy(asked));
  return { facts, examined, verdict: verdictOf(examined), plan: makePlan(examined, facts) };
}

function played(root: string, guest: PhonyGuest) {
  return openGuest(root, programsOf(guest));
}

/** Writing beside a file changes the time of its folder. */
function withoutFolderTimes(root: string): Record<string, string> {
  const seen = Object.entries(lookAtTree(root)).filter(([path]) => path !== '/var/lib');
  return Object.fromEntries(seen.map(([path, text]) => [path, text.replace(/^(folder .*) at \d+$/, '$1')]));
}

/** What stands in the golden file: each thing that is not as it should be, and every step. */
function golden(about: string, verdict: string, examined: readonly Examined[], plan: Plan): string {
  const lines = [about, '', `verdict: ${verdict}`];
  for (const one of examined) {
    const { looked, check } = one;
    if (looked?.is === 'unknown') lines.push(`? ${severityOf(one)} ${check.id}: ${looked.why}`);
    if (looked?.is !== 'fail') continue;
    for (const { severity, about: what, says, wants, advice } of looked.findings) {
      const fix = wants.length > 0 ? `fix: ${wants.map((want) => want.kind).join(', ')}` : `by hand: ${advice}`;
      lines.push(`- ${severity ?? check.severity} ${check.id} (${what}): ${says}`, `    ${fix}`);
    }
  }
  const parts: string[] = [];
  const to = { write: (text: string) => parts.push(text), columns: 200 };
  showPlan(plan, createPrinter(to, to, {}, { color: false, quiet: false }), verdict as never);
  return `${lines.join('\n')}\n\n${parts.join('')}`;
}

function failed(examined: readonly Examined[], severity?: string): string[] {
  return examined
    .filter((one) => one.status === 'fail' && (severity === undefined || severityOf(one) === severity))
    .map((one) => one.check.id)
    .sort();
}

/** Unknowns of a must, and musts that fail: what keeps a guest from being ready. */
function inTheWay(examined: readonly Examined[]): string[] {
  return examined
    .filter((one) => ['fail', 'unknown'].includes(one.status) && severityOf(one) === 'must')
    .map((one) => one.check.id)
    .sort();
}

test('there are at least forty guests', () => expect(names.length).toBeGreaterThanOrEqual(40));

describe.concurrent.each(names)('%s', (name) => {
  const load = async () => ((await import(`./${name}.guest.ts`)) as { guest: PhonyGuest }).guest;

  test('findings and plan are those of the golden file', async ({ expect }) => {
    const guest = await load();
    const { examined, verdict, plan } = await look(createReadOnlyGuest(make(guest), 'offline'), guest);
    for (const id of guest.shows) expect(failed(examined)).toContain(id);
    expect(plan.blockedBy.map((one) => one.says).join('\n')).toMatch(guest.blocked ?? /^$/);
    await expect(golden(guest.about, verdict, examined, plan)).toMatchFileSnapshot(join(here, 'golden', `${name}.txt`));
  });

  test('applied: nothing is left that could be mended, and a second plan is empty; rolled back: byte for byte', async ({
    expect,
  }) => {
    const guest = await load();
    const root = make(guest);
    const before = await readTree(root, { without });
    const { guest: files } = played(root, guest);
    const { plan } = await look(files, guest);
    if (plan.blockedBy.length > 0 || plan.steps.length === 0) return;
    const outcome = await apply(plan, files, { ...options, unpacker: createUnpacker() });
    expect(outcome).toMatchObject({ is: 'done', changed: plan.steps.length });
    const after = await look(files, guest);
    expect(inTheWay(after.examined)).toEqual([...(guest.left ?? [])].sort());
    expect(after.plan.steps.map((one) => one.step)).toEqual([]);
    expect(await rollback(files, undefined, options)).toMatchObject({ is: 'undone' });
    expect(treeChanges(before, await readTree(root, { without }))).toEqual([]);
  });

  test('the power goes after any journal line: a rollback gives the tree back', async ({ expect }) => {
    const guest = await load();
    const first = make(guest);
    const { plan } = await look(createReadOnlyGuest(first, 'offline'), guest);
    if (plan.blockedBy.length > 0 || plan.steps.length === 0) return;
    const before = withoutFolderTimes(first);
    const counted = counting(played(first, guest).guest);
    await apply(plan, counted.guest, { ...options, unpacker: createUnpacker() });
    const lines = counted.calls.flatMap((call, at) => (/^append .*journal/.test(call) ? [at + 1] : []));
    expect(lines.length).toBeGreaterThan(plan.steps.length);
    for (const n of lines) {
      const root = make(guest);
      await apply(plan, poweredOffAt(played(root, guest).guest, n, 'whole').guest, {
        ...options,
        unpacker: createUnpacker(),
      }).catch(() => {});
      const rolledBack = await rollback(played(root, guest).guest, undefined, options);
      expect(rolledBack.is, `after line ${n}: ${JSON.stringify(rolledBack)}`).toBe('undone');
      expect(withoutFolderTimes(root), `after line ${n}`).toEqual(before);
      rmSync(root, { recursive: true });
    }
  }, 300_000);
});
