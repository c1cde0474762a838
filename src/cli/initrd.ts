import { resolve } from 'node:path';
import { exitCodes, PrepError } from '../errors.ts';
import { readInitrd } from '../formats/initrd.ts';
import type { GuestFiles } from '../guest/guest.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import { createUnpacker } from '../guest/unpack.ts';
import type { GuestPath, InitrdContent } from '../model.ts';
import { guestRoot, type Session } from './session.ts';
import { emitJson, emitText } from './show/emit.ts';
import { showInitrd } from './show/initrd-text.ts';
import type { Printer } from './show/printer.ts';

export interface NamedInitrd {
  readonly file: string;
  readonly content: InitrdContent;
}

async function readOne(session: Session, files: GuestFiles, path: GuestPath, file: string): Promise<NamedInitrd> {
  const { options, printer, signal } = session;
  const source = await files.open(path);
  if (source.is === 'absent') throw new PrepError('usage', `${file}: no such file`);
  if (source.is === 'unreadable') return { file, content: { is: 'unknown', why: source.why, offset: 0, bytes: 0 } };
  try {
    printer.progress(`reading ${file}`);
    return { file, content: await readInitrd(source.value, createUnpacker(), { quick: options.quick, signal }) };
  } finally {
    source.value.close();
    printer.settle();
  }
}

/** A word of the command line as a guest's path, which holds one character per byte. */
function bytesOf(path: string): GuestPath {
  return Buffer.from(path).toString('latin1') as GuestPath;
}

/** The files named, or every initrd in the guest's /boot. A FILE is a path of this machine, unless --root is given. */
async function targets(session: Session): Promise<{ files: GuestFiles; path: GuestPath; file: string }[]> {
  const { options } = session;
  if (options.words.length > 0 && options.root === undefined) {
    // From the machine's own root, so that links lead where they lead for everybody else.
    const files = createReadOnlyGuest('/', 'live');
    return options.words.map((file) => ({ files, path: bytesOf(resolve(file)), file }));
  }
  const { root, where } = guestRoot(options);
  const files = createReadOnlyGuest(root, where);
  if (options.words.length > 0)
    return options.words.map((file) => ({ files, path: bytesOf(resolve('/', file)), file }));
  const names = await files.names('/boot');
  const initrds = names.is === 'there' ? names.value.filter((name) => /^init(rd|ramfs)[.-]/.test(name)) : [];
  if (initrds.length === 0)
    throw new PrepError('usage', 'no initrd found in /boot', 'name the file: prep-guest initrd FILE');
  return initrds.map((name) => ({ files, path: `/boot/${name}` as GuestPath, file: `/boot/${name}` }));
}

function showAll(read: readonly NamedInitrd[], printer: Printer, quiet: boolean): void {
  for (const { file, content } of read) showInitrd(file, content, printer, quiet);
}

/** `prep-guest initrd [FILE ...]`: archives, compression and kernel modules. Exit code 1 when one could not be read. */
export async function runInitrd(session: Session): Promise<number> {
  const { options, printer } = session;
  const read: NamedInitrd[] = [];
  for (const { files, path, file } of await targets(session)) read.push(await readOne(session, files, path, file));
  if (options.format === 'json') emitJson({ schema: 'prep-guest/initrd/1', initrds: read }, options, printer);
  else emitText((to) => showAll(read, to, options.quiet), options, printer);
  return read.every((one) => one.content.is === 'read') ? exitCodes.content : exitCodes.findings;
}
