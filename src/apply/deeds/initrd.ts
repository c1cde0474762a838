import { readInitrd } from '../../formats/initrd.ts';
import { parseModulesBuiltin } from '../../formats/modules-dep.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import { contentAt, folderOf } from '../../journal/content.ts';
import type { Touch } from '../../journal/originals.ts';
import { removeTree, runFiles } from '../../journal/run-folder.ts';
import type { Argv, FileStat, GuestPath, InitrdContent, Step } from '../../model.ts';
import { findInitrdFault } from '../prove-initrd.ts';
import { type Deed, runOrThrow, type Workplace } from './deed.ts';

type InitrdStep = Extract<Step, { kind: 'initrd' }>;

async function statOf(guest: GuestFiles, path: GuestPath): Promise<FileStat | undefined> {
  const stat = await guest.stat(path);
  if (stat.is === 'unreadable') throw new Error(`${path} cannot be looked at: ${stat.why}`);
  return stat.is === 'there' ? stat.value : undefined;
}

/**
 * The article's NAME.bak, but an older one is kept: it is the state before anybody began. Neither name is taken up by a
 * boot loader's scripts, which look for exact names.
 */
async function backupName(image: GuestPath, { guest, run }: Workplace): Promise<GuestPath> {
  const name: GuestPath = `${image}.bak`;
  return (await statOf(guest, name)) === undefined ? name : `${name}.${run}`;
}

async function builtinOf(kernel: string, guest: GuestFiles): Promise<string[]> {
  const text = await guest.text(`/lib/modules/${kernel}/modules.builtin`);
  return text.is === 'there' ? parseModulesBuiltin(text.value) : [];
}

async function readImage(path: GuestPath, { guest, unpacker, signal }: Workplace): Promise<InitrdContent> {
  const opened = await guest.open(path);
  if (opened.is !== 'there') {
    throw new Error(`no image came out at ${path}${opened.is === 'unreadable' ? `: ${opened.why}` : ''}`);
  }
  try {
    return await readInitrd(opened.value, unpacker, signal ? { signal } : {});
  } finally {
    opened.value.close();
  }
}

/** A word of the call with the file to build in its place: `{out}` the path, `{name}` its last part. */
export function outputIn(word: string, path: string): string {
  return word.replaceAll('{out}', path).replaceAll('{name}', path.slice(path.lastIndexOf('/') + 1));
}

/**
 * A new initrd: built beside, read back with our own reader, and only then renamed over the old one, which is kept as
 * NAME.bak without being copied (a second name of the same file, so /boot need not hold it twice). At every instant the
 * name holds a whole image. Where there is neither a second name nor room for a copy, the run's folder keeps the old one,
 * which a rollback puts back all the same. The builder's exit code proves nothing: dracut ends with 0 when it does not find a module.
 */
export async function buildingInitrd(step: InitrdStep, workplace: Workplace): Promise<Deed> {
  const { guest, progress } = workplace;
  const { kernel, must } = step;
  const real = await guest.real(step.image);
  const image = real.is === 'there' ? real.value : step.image;
  const old = await statOf(guest, image);
  if (old !== undefined && old.type !== 'file') throw new Error(`${image} is not a regular file`);
  const beside: GuestPath = `${image}.prep-guest-new`;
  const elsewhere = workplace.keptElsewhere.has(step.image);
  const keep: Touch['keep'] = elsewhere
    ? { how: 'copy', at: workplace.place() }
    : { how: 'aside', at: await backupName(image, workplace) };
  // mkinitramfs and dracut lay out the whole tree where TMPDIR says; killed, they leave it there.
  const { scratch } = runFiles(workplace.run);
  await guest.folder(scratch, 0o700);
  const build = step.build.map((word) => outputIn(word, beside)) as unknown as Argv;

  return {
    touches: [{ path: image, keep }],
    makesFolders: false,
    leftovers: old === undefined || elsewhere ? [beside] : [beside, keep.at],
    perform: async () => {
      await guest.remove(beside);
      await runOrThrow(build, workplace, [folderOf(image), scratch], scratch);
      await removeTree(guest, scratch);
      progress(`reading ${beside} back`);
      const content = await readImage(beside, workplace);
      const builtin = await builtinOf(kernel, guest);
      const fault = findInitrdFault(content, { kernel, must, builtin, oldBytes: old?.bytes });
      if (fault !== undefined) throw new Error(`the new image of ${kernel} is not used: ${fault}`);
      if (old !== undefined) {
        await guest.liken(beside, image);
        if (elsewhere) progress(`no room for ${image}.bak: the old image is kept as ${keep.at}`);
        else await guest.hardLinkOrCopy(image, keep.at);
      }
      const proved = await contentAt(guest, beside);
      await guest.rename(beside, image);
      if ((await contentAt(guest, image)) !== proved)
        throw new Error(`${image} does not read as the image that was built`);
    },
  };
}
