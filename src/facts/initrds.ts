import { initrdCandidates } from '../families/initrd/index.ts';
import { readInitrd, type Unpacker } from '../formats/initrd.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type { BootLoader, GuestPath, Initrd, InitrdContent, Kernel, OsFacts, Progress, Read } from '../model.ts';
import { bootEntries } from './boot.ts';
import { firstThere } from './folders.ts';

export interface InitrdReading {
  readonly unpacker: Unpacker;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Stops at the last module instead of the end of the file: quicker, and proves neither check sums nor the trailer. */
  readonly quick?: boolean | undefined;
  /** Finds the images and reads none. */
  readonly skip?: boolean | undefined;
}

/** The initrd of every kernel that can be booted: where it is and what our own reader finds in it. Two are read at a time. */
export async function scanInitrds(
  files: GuestFiles,
  os: OsFacts,
  boot: BootLoader,
  kernels: readonly Kernel[],
  reading: InitrdReading,
): Promise<Initrd[]> {
  const wanted = kernels.filter((kernel) => kernel.bootable);
  const read = atMost(2, readOnce(files, reading));
  const found = await Promise.all(
    wanted.map(async (kernel) => {
      const paths = await findInitrds(files, os, boot, kernel);
      return Promise.all(
        paths.map(async (path): Promise<Initrd> => ({ kernel: kernel.version, path, content: await read(path) })),
      );
    }),
  );
  return found.flat();
}

/** What the boot entries of this kernel load, the deciding one first; where none says, what lies under one of the usual names. */
async function findInitrds(files: GuestFiles, os: OsFacts, boot: BootLoader, kernel: Kernel): Promise<GuestPath[]> {
  const { paths, copied } = await initrdsOfEntries(files, boot, kernel);
  const candidates = initrdCandidates(kernel, os);
  if (paths.length === 0) return [(await firstThere(files, candidates)) ?? candidates[0]];
  // The one that lies beside the installed kernel is what the next copy is made of.
  const source = copied ? await firstThere(files, candidates) : undefined;
  return source === undefined || paths.includes(source) ? paths : [...paths, source];
}

/**
 * Each once, by where it really ends. Those of recovery entries count only where no other names one. `copied`: they start
 * another file of the same version, as kernel-install puts it onto the ESP.
 */
async function initrdsOfEntries(
  files: GuestFiles,
  boot: BootLoader,
  kernel: Kernel,
): Promise<{ paths: GuestPath[]; copied: boolean }> {
  const image = kernel.image && (await files.real(kernel.image));
  const own = new Map<GuestPath, GuestPath>();
  let copied = false;
  for (const entry of bootEntries(boot).toSorted((a, b) => rank(a) - rank(b))) {
    if (entry.recovery && own.size > 0) continue;
    const started = await files.real(entry.kernelPath);
    const bothThere = started.is === 'there' && image?.is === 'there';
    const isImage = bothThere && started.value === image.value;
    const isIt = isImage || entry.version === kernel.version;
    const path = isIt ? entry.initrds.findLast((one) => !isMicrocode(one)) : undefined;
    if (path === undefined) continue;
    copied ||= bothThere && !isImage;
    const real = await files.real(path);
    const end = real.is === 'there' ? real.value : path;
    if (!own.has(end)) own.set(end, path);
  }
  return { paths: [...own.values()], copied };
}

function rank(entry: { readonly isDefault: boolean; readonly recovery: boolean }): number {
  return entry.isDefault ? 0 : entry.recovery ? 2 : 1;
}

/** Loaded before the initrd itself, and holding no modules (GRUB_EARLY_INITRD_LINUX_STOCK). */
function isMicrocode(path: GuestPath): boolean {
  return /\/(?:[^/]*ucode[^/]*|(?:intel|amd)-uc[^/]*|early_ucode\.cpio|microcode\.cpio)$/.test(path);
}

type ReadImage = (path: GuestPath) => Promise<Read<InitrdContent>>;

/** Two kernels may share one image. */
function readOnce(files: GuestFiles, reading: InitrdReading): ReadImage {
  const known = new Map<GuestPath, Promise<Read<InitrdContent>>>();
  return async (path) => {
    const real = await files.real(path);
    if (real.is !== 'there') return real;
    let content = known.get(real.value);
    if (content === undefined) {
      content = readImage(files, real.value, reading);
      known.set(real.value, content);
    }
    return content;
  };
}

async function readImage(files: GuestFiles, path: GuestPath, reading: InitrdReading): Promise<Read<InitrdContent>> {
  const { unpacker, progress, signal, quick, skip } = reading;
  if (skip) return { is: 'unreadable', why: 'it was not read, as asked' };
  const opened = await files.open(path);
  if (opened.is !== 'there') return opened;
  try {
    progress?.(`reading ${path}`);
    const options = { ...(quick ? { quick } : {}), ...(signal ? { signal } : {}) };
    return { is: 'there', value: await readInitrd(opened.value, unpacker, options) };
  } finally {
    opened.value.close();
  }
}

/** Runs no more than `most` at once; the others wait their turn. */
function atMost<A, R>(most: number, work: (argument: A) => Promise<R>): (argument: A) => Promise<R> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (argument) => {
    if (running < most) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work(argument);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
