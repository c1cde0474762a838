import type { FamilyName } from '../../model.ts';
import type { AgentHabits } from './agent-habits.ts';
import type { BootHabits } from './boot-habits.ts';
import type { EfiHabits } from './efi-habits.ts';
import type { InitrdHabits } from './initrd-habits.ts';
import type { NetworkHabits } from './network-habits.ts';
import type { PackageHabits } from './package-habits.ts';
import type { SealHabits } from './seal-habits.ts';

/** What differs between distributions and is neither boot loader nor initrd tool. One record per family. */
export interface Distro {
  readonly family: FamilyName;
  /** `ID` values of os-release that belong here. */
  readonly ids: readonly string[];
  /** The word of `ID_LIKE` by which a name that nobody knows belongs here; absent where only the known names do. */
  readonly derived?: string;
  readonly boot: BootHabits;
  /** How its loaders on the EFI system partition find each other. */
  readonly efi: EfiHabits;
  readonly initrd: InitrdHabits;
  readonly network: NetworkHabits;
  readonly agent: AgentHabits;
  /** Which packages bring what, and how they come. */
  readonly packages: PackageHabits;
  /** Endorsed from this release on, by `ID`: 24.04 is 24.04, 6.7 is 6.07. */
  readonly endorsedFrom: Readonly<Record<string, number>>;
  /** Releases with support for NVMe disks, by `ID`: from the minor release that is named on, within its major one. */
  readonly nvmeFrom: Readonly<Record<string, readonly number[]>>;
  /** Before this release nobody asks that the floppy driver be kept from loading, by `ID` (LISA floppy). */
  readonly floppyFrom: Readonly<Record<string, number>>;
  /** What the finish has to know. */
  readonly seal: SealHabits;
}
