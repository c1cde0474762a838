import { detectBootLoader } from '../families/bootloader/index.ts';
import { valueOf as argValue, keyOf } from '../formats/kernel-line.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootEntry, BootLoader, OsFacts } from '../model.ts';

/** The boot loader with every entry it offers. */
export function scanBoot(files: GuestFiles, os: OsFacts): Promise<BootLoader> {
  return detectBootLoader(files, os);
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
