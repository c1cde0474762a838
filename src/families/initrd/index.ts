import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Evidence, Facts, GuestPath, InitrdTool, Kernel, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import { distroOf } from '../distro/index.ts';
import { dracut } from './dracut.ts';
import { initramfsTools } from './initramfs-tools.ts';
import type { InitrdToolFamily, ToolFault } from './initrd-tool.ts';
import { mkinitcpio } from './mkinitcpio.ts';
import { mkinitfs } from './mkinitfs.ts';
import { mkinitrd } from './mkinitrd.ts';

type Known = Exclude<InitrdTool, { kind: 'unknown' }>;

/** A kind without a family does not compile. */
const families: { readonly [K in Known['kind']]: InitrdToolFamily<K> } = {
  'initramfs-tools': initramfsTools,
  dracut,
  mkinitrd,
  mkinitcpio,
  mkinitfs,
};

function familyOf<K extends Known['kind']>(tool: Extract<Known, { kind: K }>): InitrdToolFamily<K> {
  return families[tool.kind as K] as InitrdToolFamily<K>;
}

/**
 * dracut-core may be there without being used (Debian), and Ubuntu keeps initramfs-tools beside dracut: the one that
 * update-initramfs calls makes the images.
 */
async function usesMkinitramfs(files: GuestFiles): Promise<boolean> {
  const script = await files.text('/usr/sbin/update-initramfs');
  return script.is === 'there' && /\bmkinitramfs\b/.test(script.value) && !/\bdracut\b/.test(script.value);
}

/**
 * Which tool builds initrds here. Arch and Alpine have dracut as a choice beside their own; what RHEL 6 and later, and SUSE
 * from 12 on, call mkinitrd is a wrapper around dracut.
 */
export async function detectInitrdTool(files: GuestFiles, os: OsFacts): Promise<InitrdTool> {
  const first = (await usesMkinitramfs(files)) ? [initramfsTools] : [];
  for (const family of [...first, mkinitcpio, mkinitfs, dracut, initramfsTools, mkinitrd]) {
    const found = await family.detect(files, os);
    if (found !== undefined) return found;
  }
  const names = Object.keys(families).join(', ');
  return { kind: 'unknown', why: `no program that builds initrds is installed (none of ${names})` };
}

/** Below the modules lie copies that packages bring; what is installed for the boot loader lies elsewhere. */
const amongModules = /^(?:\/usr)?\/lib\/modules\//;

/**
 * Where the initrd of a kernel may lie when no boot entry names it (GRUB's 10_linux, dracut, kernel-install); the first is
 * where this distribution puts a new one.
 */
export function initrdCandidates(
  kernel: Pick<Kernel, 'version' | 'image'>,
  os: OsFacts,
): readonly [GuestPath, ...GuestPath[]] {
  const { version, image = '/boot/' } = kernel;
  const folder = amongModules.test(image) ? '/boot' : image.slice(0, image.lastIndexOf('/'));
  const named = distroOf(os.distro.family)?.initrd.newName(kernel, os) ?? `initramfs-${version}.img`;
  // kernel-install: $BOOT/MACHINE-ID/VERSION/linux with its initrd beside.
  const own = /\/(?:linux|vmlinuz)$/.test(image) && !amongModules.test(image) ? 'initrd' : named;
  const names = [`initrd.img-${version}`, `initramfs-${version}.img`, `initrd-${version}`, `initrd-${version}.img`];
  const at = (name: string): GuestPath => `${folder}/${name}` as GuestPath;
  const others = names.filter((name) => name !== own).map(at);
  return [at(own), ...others, `/lib/modules/${version}/initrd`, `/lib/modules/${version}/initramfs.img`];
}

/** Why this tool puts every disk and bus driver into each image without being told; undefined where it has to be told. */
export function genericBecause(tool: InitrdTool): string | undefined {
  return tool.kind === 'unknown' ? undefined : familyOf(tool).generic(tool);
}

/** Whether naming the first driver makes the tool bring all others as well. */
export function becomesGeneric(tool: InitrdTool): boolean {
  return tool.kind !== 'unknown' && familyOf(tool).becomesGeneric?.(tool) === true;
}

/** Whether the lasting configuration asks for this driver in the images of that kernel. */
export function asksFor(driver: string, kernel: Kernel, tool: InitrdTool): boolean {
  return tool.kind !== 'unknown' && familyOf(tool).asksFor(driver, kernel, tool);
}

/** Drivers that the configuration leaves out whatever else asks for them, each with its place. */
export function omittedDrivers(tool: InitrdTool): readonly { readonly name: string; readonly at: Evidence }[] {
  return tool.kind === 'unknown' ? [] : (familyOf(tool).omits?.(tool) ?? []);
}

/** Where the configuration that decides stands. */
export function initrdSettings(tool: InitrdTool): readonly Evidence[] {
  return tool.kind === 'unknown' ? [] : familyOf(tool).settings(tool);
}

/** What in the configuration spoils what is asked for elsewhere. */
export function initrdFaults(tool: InitrdTool): readonly ToolFault[] {
  return tool.kind === 'unknown' ? [] : familyOf(tool).faults(tool);
}

/** Why these drivers cannot be had by an edit of the configuration: a person must change it; undefined where they can. */
export function whyNotAdded(drivers: readonly string[], facts: Facts): string | undefined {
  const tool = facts.initrdTool;
  if (tool.kind === 'unknown') return tool.why;
  const family = familyOf(tool);
  const kept = family.keptOut?.(drivers, tool, facts) ?? [];
  return family.restricted?.(tool) ?? (kept.length > 0 ? `${kept.join(', ')} would still be left out` : undefined);
}

/** Edits after which every later build holds these drivers; a string says why there are none. */
export function initrdConfigEdits(drivers: readonly string[], facts: Facts): readonly Edit[] | string {
  const tool = facts.initrdTool;
  if (tool.kind === 'unknown') return tool.why;
  const family = familyOf(tool);
  return family.restricted?.(tool) ?? family.config(drivers, tool, facts);
}

/** The call that builds the initrd of one kernel at `{out}`; a string says why there is none. */
export function initrdBuild(version: string, facts: Facts): Argv | string {
  const tool = facts.initrdTool;
  if (tool.kind === 'unknown') return tool.why;
  const kernel = facts.kernels.find((one) => one.version === version);
  return kernel === undefined ? `there is no kernel ${version}` : familyOf(tool).build(kernel, tool);
}

/** How a person gets drivers into the initrd of one kernel, and into all later ones. */
export function initrdAdvice(kernel: string, drivers: readonly string[], tool: InitrdTool): string {
  return tool.kind === 'unknown'
    ? `rebuild the initrd of ${kernel} with ${drivers.join(' ')}, and have its tool put them into every later one`
    : familyOf(tool).byHand(kernel, drivers, tool);
}
