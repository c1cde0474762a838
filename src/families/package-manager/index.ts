import type { PackageManagerName } from '../../model.ts';
import { apk } from './apk.ts';
import { aptGet } from './apt.ts';
import type { PackageManager } from './package-manager.ts';
import { pacman } from './pacman.ts';
import { dnf, tdnf, yum, zypper } from './rpm.ts';

/** Each by its name; a missing one does not compile. */
export const packageManagers: Readonly<Record<PackageManagerName, PackageManager>> = {
  apt: aptGet,
  yum,
  dnf,
  tdnf,
  zypper,
  pacman,
  apk,
};
