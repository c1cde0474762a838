import type { InitrdArchive } from '../model.ts';

/** What a part of an initrd may be compressed with. */
export type Compression = Exclude<InitrdArchive['compression'], 'none'>;

/**
 * The kernel decides by two bytes (lib/decompress.c), and so do we: what follows them is the decompressor's to judge.
 * `1f 9e` is on its list too, though its gunzip then takes `1f 8b` only.
 */
const magics: readonly (readonly [number, number, Compression])[] = [
  [0x1f, 0x8b, 'gzip'],
  [0x1f, 0x9e, 'gzip'],
  [0x42, 0x5a, 'bzip2'],
  [0x5d, 0x00, 'lzma'],
  [0xfd, 0x37, 'xz'],
  [0x89, 0x4c, 'lzo'],
  [0x02, 0x21, 'lz4'],
  [0x28, 0xb5, 'zstd'],
];

/** The compression that begins with these bytes, as the kernel would choose; undefined where it would give up. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return magics.find(([first, second]) => head[0] === first && head[1] === second)?.[2];
}

/** Things that are found in place of an initrd, by their first bytes (latin1): for the sentence that refuses them. */
const strangers: readonly (readonly [string, string])[] = [
  ['070707', 'a cpio archive in the old portable format (070707); the kernel reads only newc'],
  ['MZ', 'a PE file (a unified kernel image or an EFI program), not an initrd'],
  ['hsqs', 'a squashfs file system'],
  ['\x04"M\x18', 'lz4 in its newer frame format; the kernel reads only the legacy one (lz4 -l)'],
  ['\x7fELF', 'an ELF file'],
];

/** What the bytes are, for a person, where `compressionOf` does not know them. */
export function describeStranger(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  const known = strangers.find(([magic]) => text.startsWith(magic));
  if (known) return known[1];
  // dracut, pzstd and others may begin with one: the kernel does not know these frames.
  if (text.charCodeAt(0) >> 4 === 5 && text.startsWith('*M\x18', 1))
    return 'a zstd skippable frame, which the kernel does not read';
  return `neither a cpio archive nor a known compression (it begins with ${Buffer.from(head).toString('hex') || 'nothing'})`;
}
