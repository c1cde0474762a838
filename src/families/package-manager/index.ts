import type { PackageManagerName } from '../../model.ts';
import { apk } from './apk.ts';
import { aptGet } from './apt.ts';
import type { Installer, PackageManager } from './package-manager.ts';
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

/** How that package manager is called. Throws a sentence where this program does not install by it. */
export function installerOf(name: PackageManagerName): Installer {
  const { installer } = packageManagers[name];
  if (installer === undefined) throw new Error(`${name} cannot tell beforehand what it would do`);
  return installer;
}
