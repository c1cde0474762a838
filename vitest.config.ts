import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { closingLine } from './scripts/closing-line.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** These run dist/prep-guest itself; wherever such a test lies, its name says so. */
const built = ['test/build/**/*.test.ts', 'test/**/*.built.test.ts'];
/** These build real guests, mount and boot them: root, minutes each, one after another. */
const guests = ['test/vm/**/*.test.ts'];
const freshBinary = './test/build/fresh-binary.ts';

export default defineConfig({
  // As in the bundle: scripts/bundle.ts.
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    reporters: ['default', closingLine],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...built, ...guests],
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: built,
          exclude: guests,
          globalSetup: freshBinary,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'guests',
          include: guests,
          globalSetup: freshBinary,
          maxWorkers: 1,
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
