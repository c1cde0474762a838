import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elfArch } from '../../src/formats/elf.ts';

/** The first bytes of a program: class (1 = 32 bits), order (1 = little), machine. */
function header(bits: number, order: number, machine: readonly [number, number]): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, bits, order, 1]);
  bytes.set(machine, 18);
  return bytes;
}

test.each([
  [header(2, 1, [62, 0]), { arch: 'x86_64', bits: 64 }],
  [header(2, 1, [183, 0]), { arch: 'aarch64', bits: 64 }],
  [header(1, 1, [3, 0]), { arch: 'i686', bits: 32 }],
  [header(1, 1, [40, 0]), { arch: 'arm', bits: 32 }],
  [header(2, 2, [0, 22]), { arch: 's390x', bits: 64 }],
  [header(2, 1, [21, 0]), { arch: 'ppc64le', bits: 64 }],
  [header(2, 2, [0, 21]), { arch: 'ppc64', bits: 64 }],
  [header(2, 1, [0, 9]), undefined],
  [header(3, 1, [62, 0]), undefined],
  [header(2, 1, [62, 0]).slice(0, 19), undefined],
  [new TextEncoder().encode('#!/bin/sh\necho a script of more than 20 bytes\n'), undefined],
  [new Uint8Array(0), undefined],
])('%#', (bytes, expected) => expect(elfArch(bytes)).toEqual(expected));

test('the program that runs this test', () => {
  const arch = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string];
  expect(elfArch(readFileSync(process.execPath).subarray(0, 64))?.arch).toBe(arch);
});
