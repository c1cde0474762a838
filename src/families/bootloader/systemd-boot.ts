import { editBls, readLoaderConf } from '../../formats/bls.ts';
import { globTest } from '../../formats/glob.ts';
import type { GuestFiles } from '../../guest/guest.ts';
import type { BootEntry, BootLoader, Facts, GuestPath, OsFacts } from '../../model.ts';
import { systemPartitions } from './boot-paths.ts';
import type { BootLoaderFamily, Edit, KernelArgs } from './bootloader.ts';
import { type EntryFile, type EntryFolder, entryOf, inLoaderOrder, readEntryFolder } from './entry-files.ts';
import { kernelInstallEdits, readKernelInstall } from './kernel-install.ts';
import { loaderType } from './sysconfig.ts';
import { readUnified } from './unified-image.ts';

type SystemdBoot = Extract<BootLoader, { kind: 'systemd-boot' }>;

/** Where it was installed to, or is configured: one of both is on every machine that starts by it. */
async function isInstalled(files: GuestFiles, mount: GuestPath): Promise<boolean> {
  if ((await files.stat(`${mount}/loader/loader.conf`)).is === 'there') return true;
  const names = await files.names(`${mount}/EFI/systemd`);
  return names.is === 'there' && names.value.some((name) => /^systemd-boot.*\.efi$/i.test(name));
}

/** The pattern of loader.conf; what the firmware remembers (`@saved`) and what nobody says is not known. */
async function defaultPattern(files: GuestFiles, mount: GuestPath): Promise<string | undefined> {
  const text = await files.text(`${mount}/loader/loader.conf`);
  return text.is === 'there' ? readLoaderConf(text.value).default?.value : undefined;
}

/** The counted boots in a file's name (`ID+3-1.conf`) are no part of its id. */
const idOf = ({ id }: EntryFile): string => `${id.replace(/\+\d+(?:-\d+)?$/, '')}.conf`;

async function detect(files: GuestFiles, _os: OsFacts): Promise<SystemdBoot | undefined> {
  const installed: GuestPath[] = [];
  for (const mount of systemPartitions) if (await isInstalled(files, mount)) installed.push(mount);
  const [home] = installed;
  if (home === undefined && (await loaderType(files)) !== 'systemd-boot') return undefined;
  const folders: EntryFolder[] = [];
  for (const mount of systemPartitions) {
    const folder = await readEntryFolder(files, mount);
    if (folder !== undefined) folders.push(folder);
  }
  const unified = await readUnified(files, systemPartitions);
  const order = inLoaderOrder(folders.flatMap((folder) => folder.files)).filter((file) => file.entry.linux);
  if (order.length + unified.length === 0) return undefined;
  const pattern = home === undefined ? undefined : await defaultPattern(files, home);
  const fits = globTest(pattern ?? '*');
  const remembers = pattern?.startsWith('@') === true;
  const chosen = remembers ? undefined : order.find((file) => fits(idOf(file)));
  const inFiles = order.flatMap((file) => entryOf(file, file === chosen, (line) => line) ?? []);
  const images = unified.map((entry): BootEntry => {
    const name = entry.at.path.slice(entry.at.path.lastIndexOf('/') + 1);
    return { ...entry, isDefault: chosen === undefined && !remembers && fits(name) };
  });
  const cfg = folders[0]?.folder ?? (`${home ?? '/boot'}/EFI/Linux` as const);
  const next = await readKernelInstall(files, cfg, inFiles.length > 0 ? inFiles : images);
  const unreadable = folders.flatMap((folder) => folder.unreadable)[0];
  return {
    kind: 'systemd-boot',
    cfg,
    entries: [...inFiles, ...images],
    ...next,
    settings: {},
    alsoAsked: [],
    fixed: fixedBy(images, unreadable?.path),
    beside: [],
    unified: images.map((entry) => entry.at.path),
  };
}

/** A kernel line inside a unified image is signed along with it, and is made anew only by building the image (CJ-32). */
function fixedBy(images: readonly BootEntry[], unreadable: GuestPath | undefined): string | undefined {
  if (unreadable !== undefined) return `${unreadable} cannot be read`;
  const [first] = images;
  return (
    first && `${first.at.path} is a unified kernel image: its kernel line lies inside a file that is built and signed`
  );
}

function kernelArgs(want: KernelArgs, found: SystemdBoot, facts: Facts): readonly Edit[] | string {
  if (found.fixed !== undefined) return found.fixed;
  const entries = found.entries.filter(({ at }) => want.entry === undefined || at.path === want.entry.path);
  const edits = entries.map(
    ({ at }): Edit => ({ path: at.path, change: (text) => (text === null ? null : editBls(text, want)) }),
  );
  return want.entry === undefined ? [...edits, ...kernelInstallEdits(want, found.sources, facts)] : edits;
}

export const systemdBoot: BootLoaderFamily<'systemd-boot'> = { kind: 'systemd-boot', detect, kernelArgs };
