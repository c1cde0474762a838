import type { GuestFiles } from '../../guest/guest.ts';
import type { Argv, Facts, GuestPath, InitrdTool, OsFacts } from '../../model.ts';
import type { Edit } from '../bootloader/bootloader.ts';
import { dracut, stillOmitted } from './dracut.ts';
import { initramfsTools } from './initramfs-tools.ts';

/** Which tool builds initrds here. Asked in this order: where both are installed, dracut's wrapper owns update-initramfs. */
export async function detectInitrdTool(files: GuestFiles, os: OsFacts): Promise<InitrdTool> {
  return (
    (await dracut.detect(files, os)) ??
    (await initramfsTools.detect(files, os)) ?? {
      kind: 'unknown',
      why: 'neither initramfs-tools nor dracut is installed',
    }
  );
}

/** Where the initrd of a kernel may lie when no boot entry names it, most usual name first (GRUB's 10_linux and dracut). */
export function initrdCandidates(version: string, image: GuestPath | undefined): readonly GuestPath[] {
  const folder = image === undefined ? '/boot' : image.slice(0, image.lastIndexOf('/'));
  const names = [`initrd.img-${version}`, `initramfs-${version}.img`, `initrd-${version}`, `initrd-${version}.img`];
  const beside = names.map((name): GuestPath => `${folder}/${name}` as GuestPath);
  return [...beside, `/lib/modules/${version}/initrd`, `/lib/modules/${version}/initramfs.img`];
}

/** Drivers that the tool's configuration keeps out in a way that only a person can change. */
export function keptOut(drivers: readonly string[], facts: Facts): readonly string[] {
  const tool = facts.initrdTool;
  return tool.kind === 'dracut' ? stillOmitted(drivers, tool, facts).map((omit) => omit.name) : [];
}

/** Edits after which every later build holds these drivers; a string says why there are none. */
export function initrdConfigEdits(drivers: readonly string[], facts: Facts): readonly Edit[] | string {
  switch (facts.initrdTool.kind) {
    case 'initramfs-tools':
      return initramfsTools.config(drivers, facts.initrdTool, facts);
    case 'dracut':
      return dracut.config(drivers, facts.initrdTool, facts);
    case 'unknown':
      return facts.initrdTool.why;
  }
}

/** The call that builds the initrd of one kernel at `{out}`; a string says why there is none. */
export function initrdBuild(kernel: string, facts: Facts): Argv | string {
  switch (facts.initrdTool.kind) {
    case 'initramfs-tools':
      return initramfsTools.build(kernel, facts.initrdTool);
    case 'dracut':
      return dracut.build(kernel, facts.initrdTool);
    case 'unknown':
      return facts.initrdTool.why;
  }
}
