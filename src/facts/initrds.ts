import { initrdCandidates } from '../families/initrd/index.ts';
import { readInitrd, type Unpacker } from '../formats/initrd.ts';
import type { GuestFiles } from '../guest/guest.ts';
import type {
  BootLoader,
  FamilyName,
  GuestPath,
  Initrd,
  InitrdContent,
  Kernel,
  OsFacts,
  Progress,
  Read,
} from '../model.ts';
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
  return Promise.all(
    wanted.map(async (kernel): Promise<Initrd> => {
      const path = await findInitrd(files, os, boot, kernel);
      return { kernel: kernel.version, path, content: await read(path) };
    }),
  );
}

/** What the boot entry of this kernel loads; where none says, what lies under one of the usual names. */
async function findInitrd(files: GuestFiles, os: OsFacts, boot: BootLoader, kernel: Kernel): Promise<GuestPath> {
  const named = await initrdOfEntry(files, boot, kernel);
  if (named !== undefined) return named;
  const candidates = initrdCandidates(kernel.version, kernel.image);
  return (await firstThere(files, candidates)) ?? expected(candidates, os.distro.family);
}

async function initrdOfEntry(files: GuestFiles, boot: BootLoader, kernel: Kernel): Promise<GuestPath | undefined> {
  const image = kernel.image && (await files.real(kernel.image));
  const own: GuestPath[] = [];
  for (const entry of bootEntries(boot).toSorted((a, b) => rank(a) - rank(b))) {
    const started = await files.real(entry.kernelPath);
    const isIt =
      started.is === 'there' && image?.is === 'there'
        ? started.value === image.value
        : entry.version === kernel.version;
    if (isIt) own.push(...entry.initrds.filter((path) => !isMicrocode(path)).slice(-1));
  }
  return own[0];
}

function rank(entry: { readonly isDefault: boolean; readonly recovery: boolean }): number {
  return entry.isDefault ? 0 : entry.recovery ? 2 : 1;
}

/** Loaded before the initrd itself, and holding no modules (GRUB_EARLY_INITRD_LINUX_STOCK). */
function isMicrocode(path: GuestPath): boolean {
  return /\/(?:[^/]*ucode[^/]*|(?:intel|amd)-uc[^/]*|early_ucode\.cpio|microcode\.cpio)$/.test(path);
}

/** How families name an initrd that is yet to be made. */
const names: Partial<Readonly<Record<FamilyName, RegExp>>> = {
  debian: /\/initrd\.img-[^/]+$/,
  ubuntu: /\/initrd\.img-[^/]+$/,
  suse: /\/initrd-[^/]+(?<!\.img)$/,
};

function expected(candidates: readonly GuestPath[], family: FamilyName): GuestPath {
  const usual = names[family] ?? /\/initramfs-[^/]+\.img$/;
  const found = candidates.find((path) => usual.test(path)) ?? candidates[0];
  if (found === undefined) throw new Error('a kernel without a name for its initrd');
  return found;
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
