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
/** A .deb of texts and programs unpacks to four to six times its size. */
const packageFactor = 8;

interface Need {
  readonly at: GuestPath;
  readonly bytes: number;
  readonly inodes: number;
  /** The copy of this initrd, where its file system has no second names: it can be kept in the run's folder instead. */
  readonly copyOf?: GuestPath;
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
    case 'copy': {
      // Beside what stands there, which is kept as well, until the one takes the other's place.
      const [bytes, old] = [await sizeAt(guest, step.from), await sizeAt(guest, step.path)];
      return [
        { at: step.path, bytes, inodes: 1 },
        { at: stateFolder, bytes: old, inodes: 1 },
      ];
    }
    case 'link':
    case 'remove': {
      // Kept by a second name where that is possible, which takes no room.
      const bytes = (await isBesideState(guest, step.path)) ? 0 : await sizeAt(guest, step.path);
      const kept = { at: stateFolder, bytes, inodes: 1 };
      return step.kind === 'link' ? [{ at: step.path, bytes: 0, inodes: 1 }, kept] : [kept];
    }
    case 'packages':
    case 'run': {
      const needs: Need[] = [];
      const packed = step.kind === 'packages' ? step.files.reduce((sum, file) => sum + file.bytes, 0) : 0;
      // The files themselves beside what comes out of them; there is no such estimate for what comes from the network.
      if (packed > 0)
        needs.push(
          { at: stateFolder, bytes: packed, inodes: 64 },
          { at: '/usr', bytes: packed * packageFactor, inodes: 4096 },
        );
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
    needs.push({ at: step.image, bytes: built, inodes: 2 });
    // NAME.bak is a second name of the old image, or a copy where the file system has no second names.
    if (old > 0 && (await guest.free(step.image)).hardLinks === false) {
      needs.push({ at: step.image, bytes: old, inodes: 0, copyOf: step.image });
    }
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

/** What is needed on one file system. */
interface Sum {
  at: GuestPath;
  bytes: number;
  inodes: number;
}

async function deviceOf(guest: GuestFiles, path: GuestPath) {
  const { nearest } = await foldersOf(guest, path);
  return { device: nearest.stat.device, at: nearest.path };
}

async function sumUp(needs: readonly Need[], guest: GuestFiles): Promise<ReadonlyMap<number, Sum>> {
  const byDevice = new Map<number, Sum>();
  for (const need of needs) {
    const { device, at } = await deviceOf(guest, need.at);
    const sum = byDevice.get(device) ?? { at, bytes: 0, inodes: 0 };
    sum.bytes += Math.ceil(need.bytes / block) * block;
    sum.inodes += need.inodes;
    byDevice.set(device, sum);
  }
  return byDevice;
}

/** NAME.bak is given up only where it does not fit: then the old initrds of that file system are kept in the run's folder. */
async function placeCopies(needs: readonly Need[], guest: GuestFiles): Promise<Need[]> {
  const sums = await sumUp(needs, guest);
  const inRunFolder = within(stateFolder, 'x');
  const state = await deviceOf(guest, inRunFolder);
  const placed: Need[] = [];
  for (const need of needs) {
    const { device } = await deviceOf(guest, need.at);
    const fits = (await guest.free(need.at)).bytes >= (sums.get(device)?.bytes ?? 0);
    const moves = need.copyOf !== undefined && !fits && device !== state.device;
    placed.push(moves ? { ...need, at: inRunFolder, inodes: 1 } : need);
  }
  return placed;
}

/** The initrds whose old image is kept in the run's folder, since the file system has neither second names nor room for a copy. */
export async function initrdsKeptElsewhere(plan: Plan, guest: GuestFiles): Promise<ReadonlySet<GuestPath>> {
  const placed = await placeCopies(await allNeeds(plan, guest), guest);
  return new Set(placed.flatMap(({ at, copyOf }) => (copyOf === undefined || copyOf === at ? [] : [copyOf])));
}

/**
 * Counts what the plan will need on each file system, originals included, before anything is touched. Sentences, one for
 * each file system that has too little; none when there is room.
 */
export async function findShortages(plan: Plan, guest: GuestFiles): Promise<string[]> {
  const needs = await placeCopies(await allNeeds(plan, guest), guest);
  const shortages: string[] = [];
  for (const { at, bytes, inodes } of (await sumUp(needs, guest)).values()) {
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
