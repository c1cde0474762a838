import { type BlsEntry, readBls } from '../../formats/bls.ts';
import { splitArgs } from '../../formats/kernel-line.ts';
import { rpmvercmp } from '../../formats/rpm-vercmp.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, Evidence, GuestPath } from '../../model.ts';
import { belowBoot, isRepairLine, versionOfImage } from './boot-paths.ts';

/** Boot entries that are files of their own: loader/entries/*.conf of the Boot Loader Specification. */

export interface EntryFile {
  readonly path: GuestPath;
  /** The file name without `.conf`: what GRUB's saved_entry names. */
  readonly id: string;
  readonly entry: BlsEntry;
}

export interface EntryFolder {
  readonly folder: GuestPath;
  readonly files: readonly EntryFile[];
  readonly unreadable: readonly Evidence[];
}

/** The entries below one partition; undefined where it has no such folder, or an empty one. */
export async function readEntryFolder(files: GuestFiles, mount: GuestPath): Promise<EntryFolder | undefined> {
  const folder: GuestPath = `${mount}/loader/entries`;
  const names = await files.names(folder);
  if (names.is === 'unreadable') return { folder, files: [], unreadable: [{ path: folder, text: names.why }] };
  const found: EntryFile[] = [];
  const unreadable: Evidence[] = [];
  for (const name of names.is === 'there' ? names.value : []) {
    if (!name.endsWith('.conf')) continue;
    const path: GuestPath = `${folder}/${name}`;
    const text = await files.text(path);
    if (text.is === 'there') found.push({ path, id: name.slice(0, -'.conf'.length), entry: readBls(text.value) });
    if (text.is === 'unreadable') unreadable.push({ path, text: text.why });
  }
  return found.length + unreadable.length === 0 ? undefined : { folder, files: found, unreadable };
}

/** As GRUB's blscfg sorts: file names taken as package names (name, version, release), the highest first. */
export function inGrubOrder(files: readonly EntryFile[]): EntryFile[] {
  const parts = (id: string) => {
    const words = id.split('-');
    const release = words.length > 1 ? (words.pop() as string) : '';
    const version = words.length > 1 ? (words.pop() as string) : '';
    return [words.join('-'), version, release];
  };
  return [...files].sort((one, other) => {
    const [left, right] = [parts(one.id), parts(other.id)];
    for (const [at, piece] of left.entries()) {
      const result = rpmvercmp(right[at] as string, piece);
      if (result !== 0) return result;
    }
    return 0;
  });
}

/** As systemd-boot sorts (the specification): those with a sort-key by it, then the newest first; the others by file name. */
export function inLoaderOrder(files: readonly EntryFile[]): EntryFile[] {
  const key = ({ entry }: EntryFile) => entry.others['sort-key'];
  const text = (one = '', other = '') => (one < other ? -1 : one > other ? 1 : 0);
  return [...files].sort((one, other) => {
    const [left, right] = [key(one), key(other)];
    if ((left === undefined) !== (right === undefined)) return left === undefined ? 1 : -1;
    if (left === undefined) return rpmvercmp(other.id, one.id);
    return (
      text(left, right) ||
      text(one.entry.others['machine-id'], other.entry.others['machine-id']) ||
      rpmvercmp(other.entry.version ?? '', one.entry.version ?? '') ||
      rpmvercmp(other.id, one.id)
    );
  });
}

/** The file's entry; undefined where it starts no Linux kernel. `expand` fills in the loader's variables. */
export function entryOf(
  { path, id, entry }: EntryFile,
  isDefault: boolean,
  expand: (options: string) => string = (options) => options,
): BootEntry | undefined {
  if (entry.linux === undefined) return undefined;
  const mount = path.slice(0, path.indexOf('/loader/entries/')) as GuestPath;
  const place = (image: string): GuestPath =>
    mount === '/boot' ? belowBoot(image) : `${mount}/${image.replace(/^\/+/, '')}`;
  const args = splitArgs(expand(entry.options));
  const kernelPath = place(entry.linux);
  const line = entry.optionsAt[0] ?? entry.fields.find(({ key }) => key === 'linux')?.line ?? 1;
  return {
    title: entry.title ?? id,
    kernelPath,
    version: versionOfImage(kernelPath) ?? entry.version,
    args,
    initrds: entry.initrds.filter((image) => !image.startsWith('$')).map(place),
    isDefault,
    recovery: /(?:^|-)0-rescue(?:-|$)/.test(id) || isRepairLine(args),
    at: { path, line },
  };
}
