import type { Argv, FileStat, GuestPath, PackageManagerName } from '../model.ts';
import type { Content } from './content.ts';

/** How an original is kept, and so how it is put back. */
export type Keeping =
  /** A full copy below the run's folder. `name`: a further name of the file itself, where it has several. */
  | { readonly how: 'copy'; readonly at: GuestPath; readonly name?: GuestPath }
  /** A second name of the same file, or a copy where the two lie on different file systems. */
  | { readonly how: 'second-name'; readonly at: GuestPath }
  /** Beside, made by the deed itself, and renamed back: the initrd's NAME.bak, which takes no space twice. */
  | { readonly how: 'aside'; readonly at: GuestPath }
  /** Nothing to keep: it was absent, or an empty folder, which its stat describes. */
  | { readonly how: 'none' };

/** A path that a step is going to touch, as it was before. */
export interface Original {
  readonly path: GuestPath;
  readonly content: Content;
  /** Where `content` is not `absent`. */
  readonly stat?: FileStat;
  readonly kept: Keeping;
}

/** A folder whose modification time a step changes by what it does inside. */
export interface FolderBefore {
  readonly path: GuestPath;
  readonly stat: FileStat;
}

/** What a step is about to touch. Written and on the disk before the step touches it. */
export interface Will {
  readonly say: 'will';
  readonly at: string;
  /** Counts from 1 within the run. */
  readonly step: number;
  /** For people: `write /etc/fstab`. */
  readonly what: string;
  readonly originals: readonly Original[];
  /** Folders that the step will create, outermost first. */
  readonly made: readonly GuestPath[];
  readonly folders: readonly FolderBefore[];
  /** Half-made files that a killed run may leave. */
  readonly leftovers: readonly GuestPath[];
  /** A program that takes back what no file holds (swapon). */
  readonly undo?: Argv;
  /** Packages come: an undoing has this package manager remove what was not there by the list `before`. */
  readonly packages?: {
    readonly manager: PackageManagerName;
    /** All that come, needed ones too: one that was unpacked and not set up is on no list. */
    readonly names: readonly string[];
    readonly before: GuestPath;
    /** Written when it was done; what has come since is not the run's. */
    readonly after: GuestPath;
  };
}

/** What a journal says, one JSON line each. */
export type Entry =
  | {
      readonly say: 'begin';
      readonly at: string;
      readonly doing: 'apply' | 'rollback';
      readonly version: string;
      /** Of the machine's present start; absent offline. What ran before another start is gone anyway. */
      readonly boot?: string;
    }
  | Will
  /** `now`: what each touched path holds after the step. */
  | {
      readonly say: 'did';
      readonly at: string;
      readonly step: number;
      readonly now: Readonly<Record<GuestPath, Content>>;
    }
  | {
      readonly say: 'failed';
      readonly at: string;
      readonly step: number;
      readonly why: string;
      /** Where a program failed: the last lines of its output. */
      readonly said?: readonly string[];
    }
  | { readonly say: 'undid'; readonly at: string; readonly step: number }
  | {
      readonly say: 'end';
      readonly at: string;
      readonly outcome: 'done' | 'undone' | 'broken' | 'sealed';
      readonly why?: string;
    };

/** Omit that keeps a union a union. */
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
/** An entry before the journal puts the time on it. */
export type NewEntry = Without<Entry, 'at'>;

/** JSON in plain ASCII: a guest path holds bytes, and what is read back are bytes. */
export function asciiJson(value: unknown, indent?: number): string {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, indent).replace(/[\u007f-\uffff]/g, toEscape)}\n`;
}

/** The entries of a journal's text. A torn last line, which a power cut leaves, is dropped and told. */
export function parseEntries(text: string): { entries: Entry[]; torn: boolean } {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return { entries: lines.map(parseEntry), torn: last !== '' };
}

/** A guest may hold anything under the name of a journal: what is relied on later must be there. */
function parseEntry(line: string): Entry {
  const value = JSON.parse(line) as Partial<Will> | null;
  const lists = value?.say === 'will' ? [value.originals, value.made, value.folders, value.leftovers] : [];
  if (typeof value?.say === 'string' && typeof value.at === 'string' && lists.every(Array.isArray))
    return value as Entry;
  throw new Error('a line is no entry');
}
