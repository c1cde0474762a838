import type { GuestFiles } from '../guest/guest.ts';
import { within } from '../journal/content.ts';
import { foldersOf } from '../journal/originals.ts';
import { stateFolder } from '../journal/run-folder.ts';
import type { GuestPath, Plan, Step } from '../model.ts';
import { imageSize, sizeAt } from './image-size.ts';

const mebibyte = 1024 * 1024;
/** The journal, the plan's frame and the folders themselves. */
const recordBytes = 256 * 1024;
/** Files are laid out in blocks of this size on every usual file system. */
const block = 4096;
/** mkinitramfs and dracut lay out the unpacked tree in the run's folder: about four times what comes out (measured with zstd). */
const unpackedFactor = 5;

interface Need {
  readonly at: GuestPath;
  readonly bytes: number;
  readonly inodes: number;
}

async function isBesideState(guest: GuestFiles, path: GuestPath): Promise<boolean> {
  const [here, state] = [await foldersOf(guest, path), await foldersOf(guest, within(stateFolder, 'x'))];
  return here.nearest.stat.device === state.nearest.stat.device;
}

async function needsOf(step: Exclude<Step, { kind: 'initrd' }>, guest: GuestFiles): Promise<Need[]> {
  switch (step.kind) {
    case 'write': {
      const kept = { at: stateFolder, bytes: step.before?.length ?? 0, inodes: 1 };
      return [{ at: step.path, bytes: step.content.length, inodes: 1 }, kept];
    }
    case 'link':
    case 'remove': {
      // Kept by a second name where that is possible, which takes no room.
      const bytes = (await isBesideState(guest, step.path)) ? 0 : await sizeAt(guest, step.path);
      const kept = { at: stateFolder, bytes, inodes: 1 };
      return step.kind === 'link' ? [{ at: step.path, bytes: 0, inodes: 1 }, kept] : [kept];
    }
    case 'run': {
      const needs: Need[] = [];
      for (const path of step.rewrites) {
        const bytes = await sizeAt(guest, path);
        needs.push({ at: path, bytes, inodes: 1 }, { at: stateFolder, bytes, inodes: 1 });
      }
      return needs;
    }
  }
}

async function allNeeds(plan: Plan, guest: GuestFiles): Promise<Need[]> {
  const needs: Need[] = [{ at: stateFolder, bytes: JSON.stringify(plan).length + recordBytes, inodes: 16 }];
  let unpacked = 0;
  for (const { step } of plan.steps) {
    if (step.kind !== 'initrd') {
      needs.push(...(await needsOf(step, guest)));
      continue;
    }
    const { old, built } = await imageSize(step, plan, guest);
    // NAME.bak is a second name of the old image, or a copy where the file system has no second names.
    const kept = (await guest.free(step.image)).hardLinks === false ? old : 0;
    needs.push({ at: step.image, bytes: built + kept, inodes: 2 });
    // One at a time, and gone when it is done: the largest counts.
    unpacked = Math.max(unpacked, built);
  }
  if (unpacked > 0) needs.push({ at: within(stateFolder, 'x'), bytes: unpacked * unpackedFactor, inodes: 4096 });
  return needs;
}

/** A number of bytes for people. */
export function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(bytes < 10 * mebibyte ? 1 : 0)} MiB`;
}

/**
 * Counts what the plan will need on each file system, originals included, before anything is touched. Sentences, one for
 * each file system that has too little; none when there is room.
 */
export async function findShortages(plan: Plan, guest: GuestFiles): Promise<string[]> {
  const byDevice = new Map<number, { at: GuestPath; bytes: number; inodes: number }>();
  for (const { at, bytes, inodes } of await allNeeds(plan, guest)) {
    const { nearest } = await foldersOf(guest, at);
    const sum = byDevice.get(nearest.stat.device) ?? { at: nearest.path, bytes: 0, inodes: 0 };
    sum.bytes += Math.ceil(bytes / block) * block;
    sum.inodes += inodes;
    byDevice.set(nearest.stat.device, sum);
  }
  const shortages: string[] = [];
  for (const { at, bytes, inodes } of byDevice.values()) {
    const free = await guest.free(at);
    if (free.bytes < bytes) {
      shortages.push(`the file system of ${at} needs ${inMebibytes(bytes)} and has ${inMebibytes(free.bytes)} free`);
    }
    if (free.inodes < inodes) {
      shortages.push(`the file system of ${at} needs ${inodes} inodes and has ${free.inodes} free`);
    }
  }
  return shortages;
}
