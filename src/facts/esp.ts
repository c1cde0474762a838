import { systemPartitions } from '../families/bootloader/boot-paths.ts';
import { peMachine } from '../formats/pe.ts';
import { digestOfSource } from '../journal/content.ts';
import type { EspFacts, EspFile, GuestPath, Read } from '../model.ts';
import { below, namesIn } from './folders.ts';
import type { RecordingFiles } from './recording-files.ts';

const machines: Readonly<Record<number, EspFile['is']>> = { 34404: 'x86_64', 43620: 'aarch64' };

/** Loaders take a few MiB; what is larger holds a kernel. */
const largest = 32 * 1024 * 1024;

/** What stands in the folders of the EFI system partition, where one is mounted. vfat knows no case: `efi` is `EFI`. */
export async function scanEsp(files: RecordingFiles): Promise<Read<EspFacts>> {
  for (const partition of systemPartitions) {
    const names = await files.names(partition);
    if (names.is === 'unreadable') return names;
    for (const name of names.is === 'there' ? names.value : []) {
      if (!/^efi$/i.test(name)) continue;
      const folder = below(partition, name);
      const folders = await foldersIn(files, folder);
      // An empty one is the mount point of a partition that is not mounted, seen from /boot.
      if (folders.length > 0) return { is: 'there', value: { folder, files: await loadersIn(files, folders) } };
    }
  }
  return { is: 'absent' };
}

async function foldersIn(files: RecordingFiles, folder: GuestPath): Promise<GuestPath[]> {
  const found: GuestPath[] = [];
  for (const name of await namesIn(files, folder)) {
    const stat = await files.stat(below(folder, name));
    if (stat.is === 'there' && stat.value.type === 'folder') found.push(below(folder, name));
  }
  return found;
}

async function loadersIn(files: RecordingFiles, folders: readonly GuestPath[]): Promise<EspFile[]> {
  const found: EspFile[] = [];
  for (const folder of folders) {
    for (const name of /\/linux$/i.test(folder) ? [] : await namesIn(files, folder)) {
      const file = await readFile(files, below(folder, name));
      if (file !== undefined) found.push(file);
    }
  }
  return found;
}

/** Undefined for what is no file of a loader's size, or cannot be read, which the recording of the scan remembers. */
async function readFile(files: RecordingFiles, path: GuestPath): Promise<EspFile | undefined> {
  const stat = await files.stat(path);
  if (stat.is !== 'there' || stat.value.type !== 'file' || stat.value.bytes > largest) return undefined;
  const opened = await files.open(path);
  if (opened.is !== 'there') return undefined;
  const { value: source } = opened;
  try {
    const machine = peMachine(source);
    const is = machine === undefined ? 'no-program' : (machines[machine] ?? 'other-machine');
    return { path, is, bytes: source.size, digest: digestOfSource(source) };
  } catch (error) {
    files.doubt(path, (error as Error).message);
    return undefined;
  } finally {
    source.close();
  }
}
