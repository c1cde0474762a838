import { expect, test } from 'vitest';
import { callHost } from '../../src/guest/host-programs.ts';

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
