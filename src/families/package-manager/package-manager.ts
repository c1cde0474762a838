import type { SourceFormat } from '../../formats/package-sources.ts';
import type { Argv, GuestPath, PackageManagerName } from '../../model.ts';

/** A package as the name of its file says it. */
export interface NamedFile {
  readonly name: string;
  /** As the package manager prints it, but without an epoch, which file names leave out. */
  readonly version: string;
}

/** Where the configuration of package sources lies, and how it is written. */
export interface SourceFiles {
  /** A file, or a pattern of glob(7). */
  readonly at: string;
  readonly as: SourceFormat;
}

/** How packages come and go on a guest. Programs are called with an argument list, and nobody is there to answer a question. */
export interface PackageManager {
  readonly name: PackageManagerName;
  /** The words that a person types before the names; `upgrade` takes none. */
  readonly byHand: {
    readonly install: string;
    readonly reinstall: string;
    readonly remove: string;
    readonly upgrade: string;
  };
  /** Makes the lists of what there is anew, where installing does not do that by itself. */
  readonly refresh: Argv | undefined;
  install(names: readonly string[]): Argv;
  /** The same as far as it can be told without doing it; undefined where that cannot be had. */
  tryInstall(names: readonly string[]): Argv | undefined;
  /** From files, without asking any package source. */
  installFiles(files: readonly GuestPath[]): Argv;
  tryFiles(files: readonly GuestPath[]): Argv;
  /** What a trial's output says that must not happen: packages that would go or be replaced, other than `asked`. */
  harm(output: string, asked: readonly string[]): string | undefined;
  /** The packages that would come, by the output of a trial; undefined where a trial does not tell of everything that would
   *  come, go or be replaced. Only where it does is it known beforehand that a rollback can take an installation back, and only
   *  there does this program install. */
  readonly foretold: ((output: string) => readonly string[]) | undefined;
  /** Takes packages away with their configuration, and nothing else. */
  remove(names: readonly string[]): Argv;
  readonly env: Readonly<Record<string, string>>;
  /** Name and version in a file's name; undefined where it is none of this package manager's. */
  readFileName(file: string): NamedFile | undefined;
  /** Files that are locked while somebody is at work. */
  readonly locks: readonly GuestPath[];
  /** Files that are there only while somebody is at work, or was killed at it. */
  readonly marks: readonly GuestPath[];
  /** Lists, logs and caches that are rewritten by every run: kept beforehand, and put back after the packages were removed. */
  readonly rewrites: readonly GuestPath[];
  /** A program of the guest that is asked whether services may start, where packages start theirs at once. */
  readonly servicePolicy: GuestPath | undefined;
  readonly sources: readonly SourceFiles[];
}

/** Accounts and linker cache, which the scripts of packages change whatever brings them. */
export const changedByScripts: readonly GuestPath[] = [
  ...(['passwd', 'group', 'shadow', 'gshadow'] as const).flatMap((name): GuestPath[] => [
    `/etc/${name}`,
    `/etc/${name}-`,
  ]),
  '/etc/subuid',
  '/etc/subgid',
  '/etc/subuid-',
  '/etc/subgid-',
  '/etc/.pwd.lock',
  '/etc/ld.so.cache',
  '/var/cache/ldconfig/aux-cache',
];
