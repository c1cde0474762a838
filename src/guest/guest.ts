import type { Argv, FileStat, GuestPath, Progress, Read, Where } from '../model.ts';

/**
 * The edge: what the program can see of a guest, and do to it. Every string that passes here holds one character per byte
 * (latin1): paths, names, link texts, contents, arguments, output. So nothing of a guest is lost or mended on the way, and
 * what we add ourselves is ASCII. Reads give answers; what changes the guest throws a GuestError when it cannot.
 */

/** A regular file opened for reading at any offset. Reads are synchronous: the initrd reader fills one reused buffer. */
export interface ByteSource {
  /** Length in bytes when it was opened. */
  readonly size: number;
  /** Fills `into` from `offset`; returns the bytes read, 0 only at the end. Throws on an I/O error. */
  readAt(into: Uint8Array, offset: number): number;
  /** The open file, for a child process that reads it as its standard input. */
  readonly fd: number;
  close(): void;
}

/** A file system of the guest that is mounted on this machine now, at or below the guest's root. */
export interface MountedDevice {
  readonly at: GuestPath;
  readonly type: string;
  /** Of the file system. */
  readonly uuid: string | undefined;
  readonly partuuid: string | undefined;
}

/** All that scanners, checks and the watch ever get: nothing here writes, and nothing here runs a program of the guest. */
export interface GuestFiles {
  readonly where: Where;
  /** Text of a regular file of at most 4 MiB, one character per byte (latin1): what is written back is byte-equal. */
  text(path: GuestPath): Promise<Read<string>>;
  /** A regular file to be read in pieces: initrds. */
  open(path: GuestPath): Promise<Read<ByteSource>>;
  /** Names in a folder, sorted; without `.` and `..`. */
  names(folder: GuestPath): Promise<Read<readonly string[]>>;
  /** Of the path itself: the last component is not followed. */
  stat(path: GuestPath): Promise<Read<FileStat>>;
  /** The text of a symbolic link. */
  target(link: GuestPath): Promise<Read<string>>;
  /** The guest path where `path` really ends, every link resolved inside the root. Absent when it dangles. */
  real(path: GuestPath): Promise<Read<GuestPath>>;
  /** What is free on the file system that holds `at` (its nearest existing parent): bytes without the part that is reserved
   *  for root, so that the answer errs on the safe side. Inodes are Infinity where the file system does not count them. */
  free(at: GuestPath): Promise<FreeSpace>;
  /** What this machine's kernel and udev know of the devices below a mounted root, none of which is opened; nothing for a root
   *  that is a plain folder. Not there for the running machine, whose own /dev tells. */
  readonly mounted?: () => Promise<readonly MountedDevice[]>;
  /** Who holds the lock file `path`, in words, as far as that shows by looking; undefined when nobody is seen to. */
  lockedBy(path: GuestPath): Promise<string | undefined>;
}

/** What a file system still holds. */
export interface FreeSpace {
  readonly bytes: number;
  readonly inodes: number;
  /** False where a file cannot have a second name (vfat, exfat), so that keeping one costs its size again. */
  readonly hardLinks?: boolean;
}

export interface RunLimits {
  readonly seconds: number;
  /** Kept output per stream, bytes; more is dropped and `cut` says so. Default 1 MiB. */
  readonly keep?: number;
  /** Environment besides LC_ALL=C, PATH, HOME and TERM. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the last line of each piece of output; the caller slows it down to what a person can read. */
  readonly progress?: Progress;
  /** Offline: a network card eth0 with an address that leads nowhere, for a program that waits until there is one. */
  readonly card?: boolean;
  /** Ends the program as the time limit does: SIGTERM, and SIGKILL five seconds later, to all that it has started. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit code; undefined when a signal or the time limit ended it. Offline, a signal that was not ours is 128 + its number. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut: boolean;
  readonly seconds: number;
}

/** Handed to apply, rollback and seal only. */
export interface Guest extends GuestFiles {
  /** Written beside, fsynced, renamed, folder fsynced. Owner, mode, xattrs and label of `like` (default: the file that
   *  stands there) are kept; a file with several hard links is written in place. Links are followed inside the root. */
  write(path: GuestPath, content: Uint8Array, like?: { readonly mode: number }): Promise<void>;
  /** A symbolic link with that text, replacing what stands there. */
  link(path: GuestPath, to: string): Promise<void>;
  /** Removes a file, a link, or an empty folder. Absent is fine. */
  remove(path: GuestPath): Promise<void>;
  /** Creates a folder and its parents. */
  folder(path: GuestPath, mode: number): Promise<void>;
  /** Renames within one file system; the file is fsynced before, both folders after. */
  rename(from: GuestPath, to: GuestPath): Promise<void>;
  /** A second name for the same file; falls back to a full copy (owner, mode, times, xattrs) where links are not possible.
   *  Only for files that are replaced by a rename: `write` goes into a file with several names, and changes them all. */
  hardLinkOrCopy(from: GuestPath, to: GuestPath): Promise<'linked' | 'copied'>;
  /** Copies a file or link with owner, mode, times (to the nanosecond) and xattrs. Made beside `to`, fsynced, renamed over it. */
  copy(from: GuestPath, to: GuestPath): Promise<void>;
  /** Gives a file the owner, mode, ACL and extended attributes (SELinux label) of another; its times stay. */
  liken(path: GuestPath, to: GuestPath): Promise<void>;
  /** Sets owner, mode and modification time of a path as in `like`. */
  restoreStat(path: GuestPath, like: FileStat): Promise<void>;
  /** Appends bytes and fsyncs: for the journal. A new file is 0600. A character that is no byte throws: JSON has `\u` for it. */
  append(path: GuestPath, content: string): Promise<void>;
  /** What keeps `path` from being written (read-only file system, immutable file, a folder in its place), as far as that
   *  shows without touching anything; undefined when nothing does. */
  obstacle(path: GuestPath): Promise<string | undefined>;
  /** Takes the lock file `path` (made where it is missing, never removed), or says who holds it. The kernel lets go of the
   *  lock of a dead process. */
  lock(path: GuestPath): Promise<{ readonly release: () => Promise<void> } | { readonly heldBy: string }>;
  /** Live: as is. Offline: inside the root, in mount, PID, UTS, IPC and network namespaces of its own, so without a network.
   *  Throws when the guest has no such program, or when the namespaces cannot be made (code `ENCLOSURE`). */
  run(argv: Argv, limits: RunLimits): Promise<RunResult>;
}
