import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksDocument, shownByModule } from '../scripts/docs.ts';
import { rules } from '../src/checks/rules.ts';
import { catalogue } from './checks/catalogue.ts';

const root = join(import.meta.dirname, '..');

test('docs/checks.md and the list of guests are fresh: npm run docs', () => {
  expect(readFileSync(join(root, 'src/checks/shown-by.ts'), 'utf8')).toBe(shownByModule());
  expect(readFileSync(join(root, 'docs/checks.md'), 'utf8')).toBe(checksDocument());
});

test('every rule says how it is mended and by which source', () => {
  for (const rule of rules) {
    expect(rule.fix?.all, rule.id).toMatch(/\w/);
    expect(rule.source.length, rule.id).toBeGreaterThan(0);
  }
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
});

test('every rule of the catalogue is there, or docs/decisions.md says why it is not', () => {
  const there = new Set(rules.map((rule) => rule.id));
  const decisions = readFileSync(join(root, 'docs/decisions.md'), 'utf8');
  expect(catalogue.filter((id) => !there.has(id) && !decisions.includes(`\`${id}\``))).toEqual([]);
  expect([...there].filter((id) => !catalogue.includes(id))).toEqual([]);
});
