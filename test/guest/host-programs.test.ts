import { expect, test } from 'vitest';
import { callHost } from '../../src/guest/host-programs.ts';
import { makeFolder } from './temporary-root.ts';

test('a program of this machine does not hear the Ctrl-C that is meant for us', async () => {
  // A terminal sends it to every process of the group that it has in the foreground.
  const said = await callHost({
    program: '/bin/sh',
    args: ['-c', 'read -r pid name state parent group rest </proc/$$/stat; echo "$pid $group"'],
    path: '/',
    deed: 'ask',
  });
  const [pid, group] = said.trim().split(' ');
  expect(Number(pid)).toBeGreaterThan(1);
  expect(group).toBe(pid);
});

test('a program that a Ctrl-C has ended before it began is called again', async () => {
  const folder = makeFolder();
  const args = ['-c', '[ -e "$0/begun" ] && exec echo done; : >"$0/begun"; kill -s INT $$', folder];
  expect(await callHost({ program: '/bin/sh', args, path: '/', deed: 'ask' })).toBe('done\n');
});
