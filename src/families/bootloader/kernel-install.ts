import { editCmdlineFile, readCmdlineFile } from '../../formats/kernel-cmdline-file.ts';
import type { ArgsChange } from '../../formats/kernel-line.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, Evidence, Facts, GuestPath, LoaderFacts } from '../../model.ts';
import type { Edit } from './bootloader.ts';

/** What kernel-install (and sdbootutil, and mkinitcpio for unified images) gives the entry of a new kernel. */

/** The first that is there counts. */
const cmdlineFiles: readonly GuestPath[] = ['/etc/kernel/cmdline', '/usr/lib/kernel/cmdline'];

type Next = Pick<LoaderFacts, 'sources' | 'nextArgs' | 'nextAt'>;

/**
 * The line in /etc/kernel/cmdline. Without one kernel-install takes the line that the system was booted with, so a new entry is
 * made like the default one.
 */
export async function readKernelInstall(
  files: GuestFiles,
  cfg: GuestPath,
  entries: readonly BootEntry[],
): Promise<Next> {
  for (const path of cmdlineFiles) {
    const text = await files.text(path);
    if (text.is === 'unreadable') return { sources: [path], nextArgs: undefined, nextAt: { path } };
    if (text.is !== 'there') continue;
    const { args, lines } = readCmdlineFile(text.value);
    const at: Evidence = { path, ...(lines[0] === undefined ? {} : { line: lines[0] }), text: args.join(' ') };
    return { sources: [path], nextArgs: args, nextAt: at };
  }
  const model = entries.find((entry) => entry.isDefault) ?? entries.find((entry) => !entry.recovery);
  if (model === undefined) return { sources: [], nextArgs: [], nextAt: { path: cfg } };
  return { sources: [], nextArgs: model.args, nextAt: { ...model.at, text: model.args.join(' ') } };
}

/** Edits of that file, where there is one. What a package brought in /usr is not edited: the file in /etc goes before it. */
export function kernelInstallEdits(change: ArgsChange, sources: readonly GuestPath[], facts: Facts): Edit[] {
  const path = cmdlineFiles.find((one) => sources.includes(one));
  if (path === undefined) return [];
  const vendor = facts.texts[path];
  return [{ path: cmdlineFiles[0] as GuestPath, change: (text) => editCmdlineFile(text ?? vendor ?? '', change) }];
}
