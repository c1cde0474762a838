import type { Check, Facts, Kernel, Looked } from '../../model.ts';
import { lookAtFileSystem } from '../file-system.ts';
import { articleNow, centosArticle, rhelArticle } from '../sources.ts';

/** The character sets that mounting a FAT file system asks for, by the kernel's own defaults. */
function characterSets(kernel: Kernel): string[][] {
  const config = kernel.config.is === 'there' ? kernel.config.value : {};
  const bare = (name: string) => config[name]?.replaceAll('"', '');
  const page = bare('CONFIG_FAT_DEFAULT_CODEPAGE') ?? '437';
  const set = bare('CONFIG_FAT_DEFAULT_IOCHARSET');
  return [
    [`nls_cp${page}`],
    set === undefined ? ['nls_iso8859_1', 'nls_ascii', 'nls_utf8'] : [`nls_${set.replace('iso8859-', 'iso8859_')}`],
  ];
}

function look(facts: Facts): Looked {
  // A guest that starts by BIOS only has nothing on FAT to mount at boot.
  const biosOnly = facts.os.firmware.is === 'bios';
  return lookAtFileSystem(
    facts,
    {
      modules: ['vfat', 'fat'],
      purpose: 'the EFI system partition cannot be mounted, and the boot stops there',
      ...(biosOnly ? { severity: 'should' as const } : {}),
    },
    characterSets,
  );
}

export const kernelVfat: Check = {
  id: 'kernel-vfat',
  area: 'kernel',
  title: 'Every bootable kernel can mount FAT',
  severity: 'must',
  why: 'The EFI system partition is FAT, and where its mount fails systemd stops in an emergency shell.',
  source: [articleNow, rhelArticle, centosArticle],
  fix: { all: 'apply: a line that blocks it is commented out; by hand: a kernel that has it' },
  look,
};
