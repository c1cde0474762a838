import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoaderPackage } from '../../scripts/guest/build-root.ts';
import { inGuest } from '../../scripts/guest/in-guest.ts';

/** The arguments of kernel lines in a guest, read without the program under test. */
interface KernelLines {
  /** Of every entry that is there now. */
  readonly made: (root: string) => Promise<string[][]>;
  /** Of the normal entries that the next update would make; root= and ro may be left to its scripts. */
  readonly next: (root: string) => Promise<string[]>;
  /** How many normal entries there are at least. */
  readonly least: number;
}

const grub2: KernelLines = {
  made: (root) => argsIn(path.join(root, 'boot/grub/grub.cfg'), /^\s*linux\s+\S+\s+(.*)$/gm),
  next: async (root) => {
    const show = '. /etc/default/grub && echo $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT';
    return words(await inGuest(root, ['sh', '-c', show]));
  },
  least: 2,
};

const grubLegacy: KernelLines = {
  made: (root) => argsIn(path.join(root, 'boot/grub/menu.lst'), /^kernel\s+\S+\s+(.*)$/gm),
  // Debian's update-grub reads them out of comments.
  next: async (root) => (await argsIn(path.join(root, 'boot/grub/menu.lst'), /^# (?:kopt|defoptions)=(.*)$/gm)).flat(),
  least: 1,
};

const systemdBoot: KernelLines = {
  made: async (root) => {
    const folder = path.join(root, 'boot/efi/loader/entries');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.conf'));
    return (await Promise.all(files.map((name) => argsIn(path.join(folder, name), /^options\s+(.*)$/gm)))).flat();
  },
  next: async (root) => words(await readFile(path.join(root, 'etc/kernel/cmdline'), 'utf8')),
  least: 1,
};

export const kernelLines: Readonly<Record<LoaderPackage, KernelLines>> = {
  'grub-pc': grub2,
  'grub-efi-amd64': grub2,
  'grub-legacy': grubLegacy,
  'systemd-boot': systemdBoot,
};

async function argsIn(file: string, pattern: RegExp): Promise<string[][]> {
  return [...(await readFile(file, 'utf8')).matchAll(pattern)].map(([, args = '']) => words(args));
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
