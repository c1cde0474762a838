/** Machine numbers of elf.h, with the names that `uname -m` gives. */
const machines: Readonly<Record<number, string>> = {
  3: 'i686',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
};

/** Architecture of a program by its first 20 bytes or more; undefined where it is no ELF file or of no known machine. */
export function elfArch(header: Uint8Array): { readonly arch: string; readonly bits: 32 | 64 } | undefined {
  if (header.length < 20 || header[0] !== 0x7f || header[1] !== 0x45 || header[2] !== 0x4c || header[3] !== 0x46)
    return undefined;
  const bits = header[4] === 1 ? 32 : header[4] === 2 ? 64 : undefined;
  const little = header[5] === 1;
  if (bits === undefined || (!little && header[5] !== 2)) return undefined;
  const arch = machines[new DataView(header.buffer, header.byteOffset).getUint16(18, little)];
  if (arch === undefined) return undefined;
  return { arch: arch === 'ppc64' && little ? 'ppc64le' : arch, bits };
}
