import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { binary } from '../lib/prep-guest.ts';

/** The question before anything is changed, on a real terminal: script(1) makes one. */

const made: string[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'prep-guest-prompt-'));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** Asks to roll back, answers as soon as the question stands there, and gives the exit code with what was shown. */
async function answer(root: string, keys: string): Promise<{ code: number | null; shown: string }> {
  const command = `exec ${binary} rollback --root ${root} --log-file ${makeFolder()}/log`;
  const args = ['--quiet', '--return', '--command', command, '/dev/null'];
  const child: ChildProcess = spawn('script', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  let answered = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (answered || !shown.includes('[y/N]')) return;
    answered = true;
    child.stdin?.write(keys);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown };
}

test.each([
  ['n', 'n\n'],
  ['nothing', '\n'],
  ['anything else', 'yes please\n'],
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s is no: nothing is changed, and the exit code says so', async (_name, keys) => {
  const root = makeFolder();
  const { code, shown } = await answer(root, keys);
  expect(shown).toContain('nothing was changed');
  expect(code).toBe(2);
  expect(readdirSync(root)).toEqual([]);
});

test('y goes on', async () => {
  expect(await answer(makeFolder(), 'y\n')).toMatchObject({
    code: 2,
    shown: expect.stringContaining('no run to undo'),
  });
});
