import { expect, test } from 'vitest';
import { examine, verdictOf } from '../../src/checks/examine.ts';
import { createPrinter } from '../../src/cli/show/printer.ts';
import { showReport } from '../../src/cli/show/text-report.ts';
import type { Facts } from '../../src/model.ts';
import { type Bendable, debianFacts, policy } from '../lib/facts.ts';

/** The report on a terminal of 80 columns. */
function report(bend: (facts: Bendable<Facts>) => void): string[] {
  let text = '';
  const out = { write: (part: string) => (text += part) };
  const printer = createPrinter(out, out, {}, { color: false, quiet: false });
  const facts = debianFacts(bend);
  const examined = examine(facts, policy());
  showReport(
    { version: '0', at: new Date(0), policy: policy(), facts, examined, verdict: verdictOf(examined) },
    printer,
    false,
  );
  return text.split('\n');
}

test('no title is wider than the terminal', () => {
  const lines = report((f) => {
    if (f.boot.kind === 'grub2') for (const one of f.boot.entries) one.args = ['ro', 'crashkernel=auto'];
  });
  expect(lines.filter((line) => line.startsWith('  should  kernel-cmdline-earlyprintk'))).toHaveLength(1);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('a remark is no recommendation', () => {
  const lines = report((f) => void f.accounts.histories.push({ path: '/root/.python_history', bytes: 9 }));
  expect(lines.filter((line) => line.startsWith('  info'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('READY'))).toEqual([
    'READY: every rule that must hold does.',
    'READY: every rule that must hold does.',
  ]);
});

test('what is left to the seal stands apart, and is no failure', () => {
  const lines = report((f) => {
    f.traces['host-keys'] = { is: 'there', value: ['/etc/ssh/ssh_host_rsa_key'] };
  });
  expect(lines.filter((line) => line.includes('ssh-host-keys-removed'))).toEqual([
    expect.stringMatching(/^ {2}at seal ssh-host-keys-removed {2}1 file/),
  ]);
  expect(lines.join(' ')).toMatch(/ 0 failed,.* 1 left to the seal/);
  expect(lines.filter((line) => line.startsWith('READY'))).toHaveLength(2);
});
