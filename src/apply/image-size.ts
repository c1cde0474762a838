import type { GuestFiles } from '../guest/guest.ts';
import { folderOf, within } from '../journal/content.ts';
import type { GuestPath, Plan, Step } from '../model.ts';

const mebibyte = 1024 * 1024;
/** A new initrd of the same sort holds a few drivers more than the old one. */
const growth = 1.3;
/** Where there is nothing to go by: the size of a generic one of a current distribution, and some. */
const unknownImage = 100 * mebibyte;
/**
 * A generic image by what the kernel's modules take, as they lie there. Measured: Debian 12 has 379 MiB of them and a
 * generic image of 29 MiB (mkinitramfs, 7.6 %) or 37 MiB (dracut, 9.8 %); Debian 13 has 90 MiB, packed with xz, and an
 * image of 34.5 MiB (38.5 %).
 */
const shareOfPlain = 0.11;
const shareOfPacked = 0.42;
/** A kernel with every module there is does not bring all of them into its image. */
const mostByModules = 64 * mebibyte;

const initramfsTools: GuestPath = '/etc/initramfs-tools';

export interface ImageSize {
  /** Bytes of the image that stands there; 0 where there is none. */
  readonly old: number;
  /** Estimate for the one that will be built, bytes. */
  readonly built: number;
}

/** Of the file that a path leads to; 0 where it leads to none. */
export async function sizeAt(guest: GuestFiles, path: GuestPath): Promise<number> {
  const real = await guest.real(path);
  const stat = real.is === 'there' ? await guest.stat(real.value) : real;
  return stat.is === 'there' && stat.value.type === 'file' ? stat.value.bytes : 0;
}

async function largestBeside(guest: GuestFiles, image: GuestPath): Promise<number> {
  const folder = folderOf(image);
  const names = await guest.names(folder);
  let largest = 0;
  for (const name of names.is === 'there' ? names.value : []) {
    if (/^init(rd|ramfs)/.test(name)) largest = Math.max(largest, await sizeAt(guest, within(folder, name)));
  }
  return largest;
}

/** What the modules below that folder let expect of a generic image, bytes. */
async function shareOfModules(guest: GuestFiles, folder: GuestPath): Promise<number> {
  let share = 0;
  const names = await guest.names(folder);
  for (const name of names.is === 'there' ? names.value : []) {
    const path = within(folder, name);
    const stat = await guest.stat(path);
    if (stat.is !== 'there') continue;
    if (stat.value.type === 'folder') share += await shareOfModules(guest, path);
    else if (name.endsWith('.ko')) share += stat.value.bytes * shareOfPlain;
    else if (/\.ko\.[a-z0-9]+$/.test(name)) share += stat.value.bytes * shareOfPacked;
  }
  return share;
}

/** Whether mkinitramfs will pack only what the machine at hand needs (MODULES=dep), once the plan's edits are made. */
async function packsForThisMachine(plan: Plan, guest: GuestFiles): Promise<boolean> {
  const names = await guest.names(`${initramfsTools}/conf.d`);
  const dropIns = names.is === 'there' ? names.value.map((name) => within(`${initramfsTools}/conf.d`, name)) : [];
  let mode = 'most';
  for (const path of [within(initramfsTools, 'initramfs.conf'), ...dropIns]) {
    const edits = plan.steps.flatMap(({ step }) => (step.kind === 'write' && step.path === path ? [step.content] : []));
    const text = await guest.text(path);
    const after = edits.at(-1) ?? (text.is === 'there' ? text.value : '');
    mode = [...after.matchAll(/^\s*MODULES=["']?(\w+)/gm)].at(-1)?.[1] ?? mode;
  }
  return mode === 'dep';
}

/**
 * How large the new image may become. As a rule a third more than the old one; but an old one that held only what one
 * machine needs grows to a multiple when a generic one takes its place, which the other images and the modules tell.
 */
export async function imageSize(
  step: Extract<Step, { kind: 'initrd' }>,
  plan: Plan,
  guest: GuestFiles,
): Promise<ImageSize> {
  const old = await sizeAt(guest, step.image);
  const beside = await largestBeside(guest, step.image);
  if (old === 0) return { old, built: beside > 0 ? Math.ceil(beside * growth) + mebibyte : unknownImage };
  const alike = Math.ceil(old * growth) + mebibyte;
  const usesDracut = step.build[0].endsWith('/dracut');
  if (!usesDracut && (await packsForThisMachine(plan, guest))) return { old, built: alike };
  const byModules = await shareOfModules(guest, `/lib/modules/${step.kernel}`);
  const generic = Math.ceil(Math.max(beside, Math.min(byModules, mostByModules)));
  // At least half as large as a generic one: it is one already, and what it held before is the better estimate.
  return { old, built: old * 2 >= generic ? alike : Math.max(alike, generic + mebibyte) };
}
