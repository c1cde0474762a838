import { detectBootLoader } from '../families/bootloader/index.ts';
import { valueOf as argValue, keyOf } from '../formats/kernel-line.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootEntry, BootLoader, GuestPath, OsFacts } from '../model.ts';

/** The boot loader with every entry it offers. */
export async function scanBoot(files: GuestFiles, os: OsFacts): Promise<BootLoader> {
  const boot = await detectBootLoader(files, os);
  if (boot.kind === 'unknown') return boot;
  return { ...boot, entries: await Promise.all(boot.entries.map((entry) => withMissing(files, entry))) };
}

async function withMissing(files: GuestFiles, entry: BootEntry): Promise<BootEntry> {
  const missing: GuestPath[] = [];
  for (const path of entry.initrds) if ((await files.real(path)).is === 'absent') missing.push(path);
  return missing.length === 0 ? entry : { ...entry, missing };
}

/** The entries of a boot loader of any kind; none where it is unknown. */
export function bootEntries(boot: BootLoader): readonly BootEntry[] {
  return boot.kind === 'unknown' ? [] : boot.entries;
}

/** What boots when nobody chooses: the default entry, else the first that is not for recovery. */
export function defaultEntry(boot: BootLoader): BootEntry | undefined {
  const entries = bootEntries(boot);
  return entries.find((entry) => entry.isDefault) ?? entries.find((entry) => !entry.recovery);
}

/** The value of the last argument of that name on the default entry's line, which is the one that counts. */
export function defaultArg(boot: BootLoader, key: string): string | undefined {
  const arg = defaultEntry(boot)?.args.findLast((one) => keyOf(one) === key);
  return arg === undefined ? undefined : argValue(arg);
}
