import { readModprobe } from '../formats/modprobe-conf.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { GuestPath, ModprobeBlock } from '../model.ts';
import { dropIns } from './folders.ts';

/** As libkmod asks them; a file in one hides the file of the same name in those after it (modprobe.d(5)). */
const folders: readonly GuestPath[] = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];
/** Read by module-init-tools (RHEL 5 and 6, SUSE 11) and no longer by kmod; what stands there is meant all the same. */
const oldFile: GuestPath = '/etc/modprobe.conf';

/** Every line of modprobe configuration that keeps a module from loading. */
export async function scanModprobe(files: GuestFiles): Promise<ModprobeBlock[]> {
  const paths = [oldFile, ...(await dropIns(files, folders, (name) => name.endsWith('.conf')))];
  const blocks = await Promise.all(
    paths.map(async (path) => {
      const text = await files.text(path);
      return text.is === 'there' ? readModprobe(text.value, path) : [];
    }),
  );
  return blocks.flat();
}
