import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** What stands at one path. A text is written one byte per character (latin1), as `GuestFiles.text` reads it. */
export type Planted =
  | string
  | Uint8Array
  /** A symbolic link with that text: it may dangle, and an absolute one is meant from the guest's root. */
  | { readonly link: string }
  | { readonly folder: true; readonly mode?: number }
  | { readonly content: string | Uint8Array; readonly mode: number }
  | { readonly fifo: true };

/** Guest path (`/etc/fstab`) to what is there. Folders on the way are made. */
export type PhonyTree = Readonly<Record<`/${string}`, Planted>>;

const roots: string[] = [];

// Registered in every test file that imports this one: a test need not think of it.
afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
}, 120_000);

function plant(at: string, planted: Planted): void {
  mkdirSync(dirname(at), { recursive: true });
  if (typeof planted === 'string') writeFileSync(at, planted, 'latin1');
  else if (planted instanceof Uint8Array) writeFileSync(at, planted);
  else if ('link' in planted) symlinkSync(planted.link, at);
  else if ('fifo' in planted) execFileSync('mkfifo', [at]);
  else if ('folder' in planted) {
    mkdirSync(at, { recursive: true });
    if (planted.mode !== undefined) chmodSync(at, planted.mode);
  } else {
    plant(at, planted.content);
    chmodSync(at, planted.mode);
  }
}

/**
 * Makes a guest's root in a temporary folder out of a few files and returns that folder. It is removed after the tests of
 * the file. Links are made last, so that nothing is ever written through one: give the real path of every file.
 */
export function makeGuest(tree: PhonyTree): string {
  const root = mkdtempSync(join(tmpdir(), 'phony-guest-'));
  roots.push(root);
  const isLink = (planted: Planted) => typeof planted === 'object' && 'link' in planted;
  const entries = Object.entries(tree);
  for (const [path, planted] of entries) if (!isLink(planted)) plant(join(root, path), planted);
  for (const [path, planted] of entries) if (isLink(planted)) plant(join(root, path), planted);
  return root;
}
