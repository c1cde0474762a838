import { readSudoers } from '../formats/sudoers.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { AccountFacts, GuestPath, SudoersLine } from '../model.ts';
import { below, firstThere, namesIn } from './folders.ts';

const mainFiles: readonly GuestPath[] = ['/etc/sudoers', '/usr/etc/sudoers'];

/** sudo passes over names in a folder that end in `~` or hold a dot (sudoers(5)). */
const isRead = (name: string) => !name.endsWith('~') && !name.includes('.');

/** Every entry that sudo reads, in its order, with the files that are included. */
export async function scanSudoers(files: GuestFiles): Promise<AccountFacts['sudoers']> {
  // A file in /etc takes the place of the distribution's own below /usr (SLES 16, Tumbleweed).
  const main = await firstThere(files, mainFiles);
  const lines: SudoersLine[] = [];
  const seen = new Set<GuestPath>();
  const read = async (path: GuestPath): Promise<void> => {
    const real = await files.real(path);
    if (real.is !== 'there' || seen.has(real.value) || seen.size > 500) return;
    seen.add(real.value);
    const text = await files.text(path);
    if (text.is !== 'there') return;
    for (const entry of readSudoers(text.value)) {
      if (entry.path === undefined) lines.push({ file: real.value, entry });
      else await follow(entry.path, entry.is === 'include-folder', path);
    }
  };
  const follow = async (named: string, isFolder: boolean, from: GuestPath): Promise<void> => {
    // A relative name is beside the file that includes it; %h is the host name, which an image does not have.
    const path = (named.startsWith('/') ? named : `${from.slice(0, from.lastIndexOf('/'))}/${named}`) as GuestPath;
    if (!isFolder) return read(path);
    for (const name of await namesIn(files, path)) if (isRead(name)) await read(below(path, name));
  };
  if (main !== undefined) await read(main);
  return { main, lines, visudo: await firstThere(files, ['/usr/sbin/visudo', '/usr/bin/visudo', '/sbin/visudo']) };
}
