import { resolve } from 'node:path';
import { exitCodes, PrepError } from '../errors.ts';
import { requestedChange } from '../formats/args-request.ts';
import { type BootFileKind, bootFileKinds, editBootFile, hasEntries } from '../formats/boot-file.ts';
import type { ArgsChange } from '../formats/kernel-line.ts';
import { createReadOnlyGuest } from '../guest/rooted.ts';
import type { GuestPath } from '../model.ts';
import type { Options } from './options.ts';
import { guestRoot, type Session } from './session.ts';
import { printable } from './show/printable.ts';

/** As for every text of a guest. */
const limit = 4 * 1024 * 1024;

function usage(says: string): PrepError {
  return new PrepError('usage', says, 'see prep-guest cmdline --help');
}

/** Standard input as latin1, one character for each byte. */
async function readInput(): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > limit) throw new PrepError('refused', 'standard input cannot be edited: larger than 4 MiB');
  }
  return Buffer.concat(parts).toString('latin1');
}

/** The file's text. FILE is a path of this machine, unless --root is given. */
async function readFile(options: Options, file: string): Promise<string> {
  if (file === '-') return readInput();
  const { root, where } = guestRoot(options);
  const path = resolve(options.root === undefined ? '.' : '/', file);
  const text = await createReadOnlyGuest(root, where).text(Buffer.from(path).toString('latin1') as GuestPath);
  if (text.is === 'absent') throw usage(`--file ${file}: no such file`);
  if (text.is === 'unreadable') throw new PrepError('refused', `${file} cannot be read: ${text.why}`);
  return text.value;
}

/** What is asked for, checked before anything is read. */
function wanted(options: Options): { as: BootFileKind; change: ArgsChange } {
  const { as, entry, add, remove } = options;
  if (as === undefined) throw usage(`--file needs --as, one of ${bootFileKinds.join(', ')}`);
  if (add === undefined && remove === undefined) throw usage('nothing to edit: --add ARGS, --remove ARGS, or both');
  if (entry !== undefined && !hasEntries(as)) throw usage(`--entry does not go with --as ${as}: it has no entries`);
  if (options.output !== undefined) throw usage('--output does not go with --file: redirect the standard output');
  if (options.format !== 'text') throw usage('--format does not go with --file: the edited file is what is printed');
  try {
    const bytes = (args = '') => Buffer.from(args).toString('latin1');
    return { as, change: requestedChange(bytes(add), bytes(remove)) };
  } catch (error) {
    if (error instanceof RangeError) throw usage(error.message);
    throw error;
  }
}

/** `prep-guest cmdline --file FILE`: prints the edited file and touches nothing. */
export async function runCmdlineFile({ options, printer }: Session, file: string): Promise<number> {
  const { as, change } = wanted(options);
  const text = await readFile(options, file);
  try {
    const edited = editBootFile(text, as, options.entry ?? 'all', change);
    for (const note of edited.notes) printer.error(`prep-guest: ${printable(note)}`);
    printer.raw(Buffer.from(edited.text, 'latin1'));
  } catch (error) {
    if (error instanceof RangeError) throw new PrepError('refused', `${file} cannot be edited: ${error.message}`);
    throw error;
  }
  return exitCodes.content;
}
