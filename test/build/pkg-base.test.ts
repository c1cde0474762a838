import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restoreBase, takeOut } from '../../scripts/pkg-base.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prep-guest-base-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What pkg's producer writes, in small: code with its four fields filled in, then payload and prelude. */
function packed(code: string): Buffer {
  const filled = (name: string, value: string) => `var ${name} = '${value.padEnd(`// ${name} //`.length)}' | 0;`;
  const fields = ['PAYLOAD_SIZE', 'PRELUDE_POSITION', 'PRELUDE_SIZE'].map((name) => filled(name, '7')).join('');
  const head = `${code}${'\0'.repeat(230)}${fields}`;
  const length = head.length + filled('PAYLOAD_POSITION', '').length;
  return Buffer.from(`${head}${filled('PAYLOAD_POSITION', String(length))}payload and prelude`, 'latin1');
}

test('what was packed into a base is taken out again', () => {
  const base = takeOut(packed('ELF'), 10).toString('latin1');
  expect(base).not.toContain('payload and prelude');
  expect(base.slice(10, 10 + 201)).toBe(`\0${'// BAKERY '.repeat(20)}`);
  for (const name of ['PAYLOAD_POSITION', 'PAYLOAD_SIZE', 'PRELUDE_POSITION', 'PRELUDE_SIZE']) {
    expect(base).toContain(`var ${name} = '// ${name} //' | 0;`);
  }
});

test('a base with a single other byte is refused, and nothing is kept of it', async () => {
  const carrier = join('node_modules', '@pnpm', 'linux-x64');
  const bytes = readFileSync(join(root, carrier, 'pnpm'));
  bytes.writeUInt8(bytes.readUInt8(1_000_000) ^ 1, 1_000_000);
  mkdirSync(join(folder, carrier), { recursive: true });
  writeFileSync(join(folder, carrier, 'pnpm'), bytes);
  const cache = join(folder, 'cache');
  await expect(restoreBase(folder, cache, 'x64')).rejects.toThrow(/has sha256 [0-9a-f]{64}, refused/);
  expect(readdirSync(folder)).toEqual(['node_modules']);
});

test('a spoiled base in the cache is not used', async () => {
  const good = await restoreBase(root, folder, 'x64');
  writeFileSync(good, 'spoiled');
  expect(await restoreBase(root, folder, 'x64')).toBe(good);
  expect(readdirSync(folder).length).toBe(1);
  expect(statSync(good).size).toBeGreaterThan(50_000_000);
});
