import type { FamilyName } from '../../model.ts';

/** What differs between distributions and is neither boot loader nor initrd tool. One record per family. */
export interface Distro {
  readonly family: FamilyName;
  /** `ID` values of os-release that belong here. */
  readonly ids: readonly string[];
  /** True where this program may edit; the others are inspected only. */
  readonly edits: boolean;
  /** GRUB 2 sources read after /etc/default/grub, as a folder of *.cfg in glob order; undefined where there is none. */
  readonly grubDropIns: string | undefined;
  /** Package names for what the article asks to have installed, and the command that installs a package. */
  readonly packages: { readonly agent: string; readonly ssh: string; readonly install: string };
}
