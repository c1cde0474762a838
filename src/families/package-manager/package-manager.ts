import type { SourceFormat } from '../../formats/package-sources.ts';
import type { Argv, GuestPath, PackageManagerName } from '../../model.ts';

/** Where the configuration of package sources lies, and how it is written. */
export interface SourceFiles {
  /** A file, or a pattern of glob(7). */
  readonly at: string;
  readonly as: SourceFormat;
}

/** How packages come and go on a guest. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** The words that a person types before the names; `upgrade` takes none. */
  readonly byHand: {
    readonly install: string;
    readonly reinstall: string;
    readonly remove: string;
    readonly upgrade: string;
  };
  readonly sources: readonly SourceFiles[];
  /** Undefined where a trial does not tell of everything that would come, go or be replaced: only where it does is it known
   *  beforehand that a rollback can take an installation back, and only there does this program install. */
  readonly installer: Installer | undefined;
}

/** The package manager as this program calls it: by argument lists, and nobody is there to answer a question. */
export interface Installer {
  /** Makes the lists of what there is anew. */
  readonly refresh: Argv;
  install(names: readonly string[]): Argv;
  /** The same as far as it can be told without doing it. */
  tryInstall(names: readonly string[]): Argv;
  /** From files, without asking any package source. */
  installFiles(files: readonly GuestPath[]): Argv;
  tryFiles(files: readonly GuestPath[]): Argv;
  /** What a trial's output says that must not happen: packages that would go or be replaced. */
  harm(output: string): string | undefined;
  /** The packages that would come, by the output of a trial. */
  foretold(output: string): readonly string[];
  /** Takes packages away with their configuration, and nothing else. */
  remove(names: readonly string[]): Argv;
  readonly env: Readonly<Record<string, string>>;
  /** Files that are locked while somebody is at work. */
  readonly locks: readonly GuestPath[];
  /** Lists, logs and caches that are rewritten by every run: kept beforehand, and put back after the packages were removed. */
  readonly rewrites: readonly GuestPath[];
  /** A program of the guest that is asked whether services may start, where packages start theirs at once. */
  readonly servicePolicy: GuestPath;
}
