import type { GuestPath } from '../../model.ts';

/** How a family sets its boot loader up: what is read, what is written, and in which words a person does the same. */
export interface BootHabits {
  /** GRUB 2 sources read after /etc/default/grub, as a folder of *.cfg in glob order; undefined where there is none. */
  readonly grubDropIns: GuestPath | undefined;
  /** The variable of /etc/default/grub that takes an argument whose key stands in neither (CJ-21 of the articles: RHEL writes
   *  GRUB_CMDLINE_LINUX, SUSE GRUB_CMDLINE_LINUX_DEFAULT). */
  readonly grubVariable: 'GRUB_CMDLINE_LINUX' | 'GRUB_CMDLINE_LINUX_DEFAULT';
  /** Whether grub2-mkconfig of this release writes GRUB_CMDLINE_LINUX into entries of /boot/loader/entries. */
  rewritesEntries(release: Release | undefined): boolean;
  /** Whether the articles have cards called eth0 by the kernel (net.ifnames=0) in this release. */
  asksOldNames(release: Release | undefined): boolean;
  /** Whether menus of this release call entries of /boot/loader/entries in, unless somebody switched that off. */
  callsEntries(release: Release | undefined): boolean;
  /** Whether GRUB's own menu is switched to the serial port by GRUB_TERMINAL; Debian's articles only ask for a visible menu. */
  readonly serialMenu: boolean;
  /** The command that makes a GRUB 2 menu anew. */
  menuCommand(cfg: GuestPath): string;
  /** How a person changes the kernel line for every entry and every later kernel. */
  readonly byHand: LineByHand;
}

/** As releaseOf() gives it. */
export type Release = { readonly major: number; readonly minor: number };

export type LineByHand =
  /** grubby writes the entries; two files are edited beside it. */
  | { readonly tool: 'grubby' }
  /** A file is edited, and a command makes the menu from it. */
  | { readonly tool: 'edit'; readonly file: string; readonly command: string };

const grubLine = (command: string): LineByHand => ({
  tool: 'edit',
  file: 'GRUB_CMDLINE_LINUX of /etc/default/grub',
  command,
});

/** Who has the program as `grub2-…` keeps its files in /boot/grub2. */
const mkconfig = (cfg: GuestPath): string =>
  `${cfg.startsWith('/boot/grub/') ? 'grub-mkconfig' : 'grub2-mkconfig'} -o ${cfg}`;

const never = (): boolean => false;

export const debianBoot: BootHabits = {
  grubDropIns: '/etc/default/grub.d',
  grubVariable: 'GRUB_CMDLINE_LINUX',
  rewritesEntries: never,
  asksOldNames: never,
  callsEntries: never,
  serialMenu: false,
  menuCommand: () => 'update-grub',
  byHand: grubLine('update-grub'),
};

export const redhatBoot: BootHabits = {
  grubDropIns: undefined,
  grubVariable: 'GRUB_CMDLINE_LINUX',
  // Release notes of RHEL 9.3: grub2-mkconfig leaves the entries alone unless it is given --update-bls-cmdline.
  rewritesEntries: (release) =>
    release === undefined || release.major < 9 || (release.major === 9 && release.minor < 3),
  asksOldNames: (release) => release !== undefined && release.major >= 7,
  callsEntries: (release) => release !== undefined && release.major >= 8,
  serialMenu: true,
  menuCommand: mkconfig,
  byHand: { tool: 'grubby' },
};

/** Fedora 39 and later leave the entries alone, as RHEL 9.3 does. */
export const fedoraBoot: BootHabits = {
  ...redhatBoot,
  rewritesEntries: (release) => release !== undefined && release.major < 39,
  asksOldNames: never,
  callsEntries: (release) => release !== undefined && release.major >= 30,
};

export const suseBoot: BootHabits = {
  grubDropIns: undefined,
  grubVariable: 'GRUB_CMDLINE_LINUX_DEFAULT',
  rewritesEntries: never,
  asksOldNames: never,
  callsEntries: never,
  serialMenu: true,
  menuCommand: (cfg) => `grub2-mkconfig -o ${cfg}`,
  byHand: {
    tool: 'edit',
    file: 'GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub',
    command: 'grub2-mkconfig -o /boot/grub2/grub.cfg',
  },
};

export const azurelinuxBoot: BootHabits = {
  grubDropIns: '/etc/default/grub.d',
  grubVariable: 'GRUB_CMDLINE_LINUX',
  rewritesEntries: never,
  asksOldNames: never,
  callsEntries: never,
  serialMenu: false,
  menuCommand: mkconfig,
  byHand: grubLine('grub2-mkconfig -o /boot/grub2/grub.cfg'),
};

export const archBoot: BootHabits = {
  grubDropIns: undefined,
  grubVariable: 'GRUB_CMDLINE_LINUX',
  rewritesEntries: never,
  asksOldNames: never,
  callsEntries: never,
  serialMenu: false,
  menuCommand: mkconfig,
  byHand: grubLine('grub-mkconfig -o /boot/grub/grub.cfg'),
};

export const alpineBoot: BootHabits = {
  grubDropIns: undefined,
  grubVariable: 'GRUB_CMDLINE_LINUX_DEFAULT',
  rewritesEntries: never,
  asksOldNames: never,
  callsEntries: never,
  serialMenu: false,
  menuCommand: mkconfig,
  byHand: { tool: 'edit', file: 'default_kernel_opts of /etc/update-extlinux.conf', command: 'update-extlinux' },
};
