import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exitTable, showHelp } from '../../src/cli/show/help.ts';
import { manPage } from '../../src/cli/show/man.ts';
import { createPrinter } from '../../src/cli/show/printer.ts';
import { optionTable, verbs } from '../../src/cli/verbs.ts';
import { exitCodes } from '../../src/errors.ts';

function helpOf(name?: (typeof verbs)[number]['name']): string {
  const parts: string[] = [];
  const out = { write: (text: string) => parts.push(text) };
  showHelp(createPrinter(out, out, {}, { color: false, quiet: false }), name);
  return parts.join('');
}

describe('--help', () => {
  it('names every verb, option and exit code, in 80 columns of ASCII', () => {
    const text = helpOf();
    for (const { call } of verbs) expect(text).toContain(call);
    for (const name of Object.keys(optionTable)) expect(text).toContain(`--${name}`);
    for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^ *${code}  `, 'm'));
    for (const line of text.split('\n')) expect(line).toMatch(/^[ -~]{0,80}$/);
  });

  it.each(verbs.map((verb) => verb.name))('of %s shows its own options only', (name) => {
    const text = helpOf(name);
    for (const [option, { verbs: allowed }] of Object.entries(optionTable)) {
      expect(text.includes(`  --${option} `)).toBe(allowed === undefined || allowed.includes(name));
    }
  });

  it('explains exactly the codes that there are', () => {
    expect(exitTable.map(([code]) => code).sort()).toEqual(Object.values(exitCodes).sort());
  });
});

describe('the man page', () => {
  it('is roff that man reads without a warning', () => {
    const page = manPage('1.2.3');
    const text = execFileSync('man', ['--warnings', '-l', '-'], {
      input: page,
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '80', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const { call } of verbs) expect(text).toContain(call.split(' [')[0]);
    for (const name of Object.keys(optionTable)) expect(text).toContain(`--${name}`);
  });
});
