import { splitArgs } from '../../formats/kernel-line.ts';
import { peSection } from '../../formats/pe.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, GuestPath } from '../../model.ts';

/** Unified kernel images: kernel, initrd and kernel line in one program of the firmware (EFI/Linux/*.efi). */
export async function readUnified(files: GuestFiles, mounts: readonly GuestPath[]): Promise<BootEntry[]> {
  const entries: BootEntry[] = [];
  for (const mount of mounts) {
    const names = await files.names(`${mount}/EFI/Linux`);
    for (const name of names.is === 'there' ? names.value : []) {
      if (!/\.efi$/i.test(name)) continue;
      const path: GuestPath = `${mount}/EFI/Linux/${name}`;
      const version = await sectionText(files, path, '.uname');
      entries.push({
        title: name,
        kernelPath: path,
        version,
        args: splitArgs((await sectionText(files, path, '.cmdline')) ?? ''),
        // It lies inside.
        initrds: [path],
        isDefault: false,
        recovery: /rescue|fallback/i.test(name),
        at: { path, line: 1 },
      });
    }
  }
  return entries;
}

async function sectionText(files: GuestFiles, path: GuestPath, name: string): Promise<string | undefined> {
  const source = await files.open(path);
  if (source.is !== 'there') return undefined;
  try {
    const bytes = peSection(source.value, name);
    return (
      bytes &&
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/\0[\s\S]*$/, '')
        .trim()
    );
  } finally {
    source.value.close();
  }
}
