import { describe, expect, it } from 'vitest';
import { scanBoot } from '../../src/facts/boot.ts';
import { scanOs } from '../../src/facts/os.ts';
import { recordFiles } from '../../src/facts/recording-files.ts';
import { disagreements } from '../../src/families/bootloader/agreement.ts';
import { kernelArgsEdits } from '../../src/families/bootloader/index.ts';
import { createReadOnlyGuest } from '../../src/guest/rooted.ts';
import type { Change, Facts, GuestPath, KnownLoader } from '../../src/model.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

async function seen(tree: PhonyTree): Promise<{ boot: Facts['boot']; facts: Facts }> {
  const files = recordFiles(createReadOnlyGuest(makeGuest(tree), 'offline'));
  const os = await scanOs(files);
  const boot = await scanBoot(files, os);
  return { boot, facts: { os, boot, ...files.seen() } as unknown as Facts };
}

function known(boot: Facts['boot']): KnownLoader {
  if (boot.kind === 'unknown') throw new Error(boot.why);
  return boot;
}

type Want = Extract<Change, { kind: 'kernel-args' }>;

function apply(tree: PhonyTree, facts: Facts, want: Want): PhonyTree {
  const edits = kernelArgsEdits(want, facts);
  if (typeof edits === 'string') throw new Error(edits);
  const texts: Record<GuestPath, string> = {};
  for (const { path, change } of edits) {
    const real = facts.links[path] ?? path;
    const next = change(texts[real] ?? facts.texts[real] ?? null);
    if (next !== null) texts[real] = next;
  }
  return { ...tree, ...texts };
}

const want: Want = { kind: 'kernel-args', have: ['console=ttyS0,115200n8'], lack: ['rhgb', 'quiet'] };
const wrapper =
  'search --no-floppy --fs-uuid --set=dev 1\nset prefix=($dev)/grub2\nexport $prefix\nconfigfile $prefix/grub.cfg\n';
const grubenv = (lines: string) => `# GRUB Environment Block\n${lines}`.padEnd(1024, '#');
const redhat = (version: string) => `ID="rhel"\nVERSION_ID="${version}"\n`;
const menuOf = (kernel: string) => `set default="\${saved_entry}"
menuentry 'Red Hat' --id one {
	linux16 /vmlinuz-${kernel} root=UUID=1 ro rhgb quiet
	initrd16 /initramfs-${kernel}.img
}
`;
const blsMenu =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the variable is GRUB's.
  'set default="${saved_entry}"\nif [ -z "${kernelopts}" ]; then\n  set kernelopts="root=UUID=1 ro rhgb"\nfi\ninsmod blscfg\nblscfg\n';
const entry = (version: string, options: string) =>
  `title RHEL (${version})\nversion ${version}\nlinux /vmlinuz-${version}\ninitrd /initramfs-${version}.img\noptions ${options}\n`;
const defaults = 'GRUB_CMDLINE_LINUX="rhgb quiet"\n';
const literal = 'root=UUID=1 ro rhgb quiet';

const layouts: readonly { name: string; kind: KnownLoader['kind']; entries: number; tree: PhonyTree }[] = [
  {
    name: 'RHEL 6.3',
    kind: 'grub-legacy',
    entries: 1,
    tree: {
      '/etc/redhat-release': 'Red Hat Enterprise Linux Server release 6.3 (Santiago)\n',
      '/boot/grub/grub.conf': `default=0\ntimeout=5\nhiddenmenu\ntitle RHEL\n\troot (hd0,0)\n\tkernel /vmlinuz-2.6.32-279.el6.x86_64 ${literal}\n\tinitrd /initramfs-2.6.32-279.el6.x86_64.img\n`,
      '/boot/grub/menu.lst': { link: './grub.conf' },
    },
  },
  {
    name: 'RHEL 7 BIOS',
    kind: 'grub2',
    entries: 1,
    tree: {
      '/etc/os-release': redhat('7.9'),
      '/etc/default/grub': defaults,
      '/boot/grub2/grub.cfg': menuOf('3.10.0-1160.el7.x86_64'),
    },
  },
  {
    name: 'RHEL 7 with a menu for each firmware',
    kind: 'grub2',
    entries: 2,
    tree: {
      '/etc/os-release': redhat('7.9'),
      '/etc/default/grub': defaults,
      '/boot/grub2/grub.cfg': menuOf('3.10.0-1160.el7.x86_64'),
      '/boot/efi/EFI/redhat/grub.cfg': menuOf('3.10.0-1160.el7.x86_64'),
    },
  },
  {
    name: 'RHEL 8 BIOS',
    kind: 'bls',
    entries: 2,
    tree: {
      '/etc/os-release': redhat('8.9'),
      '/etc/default/grub': defaults,
      '/boot/grub2/grub.cfg': blsMenu,
      '/boot/grub2/grubenv': grubenv(`saved_entry=m-4.18.0-513.el8.x86_64\nkernelopts=${literal}\n`),
      '/boot/loader/entries/m-4.18.0-513.el8.x86_64.conf': entry('4.18.0-513.el8.x86_64', '$kernelopts $tuned_params'),
      '/boot/loader/entries/m-4.18.0-80.el8.x86_64.conf': entry('4.18.0-80.el8.x86_64', '$kernelopts $tuned_params'),
    },
  },
  {
    name: 'RHEL 8 UEFI, whose block is a link to the system partition',
    kind: 'bls',
    entries: 1,
    tree: {
      '/etc/os-release': redhat('8.9'),
      '/etc/default/grub': defaults,
      '/boot/efi/EFI/redhat/grub.cfg': blsMenu,
      '/boot/efi/EFI/redhat/grubenv': grubenv(`kernelopts=${literal}\n`),
      '/boot/grub2/grubenv': { link: '../efi/EFI/redhat/grubenv' },
      '/boot/loader/entries/m-4.18.0-513.el8.x86_64.conf': entry('4.18.0-513.el8.x86_64', '$kernelopts'),
    },
  },
  ...['9.2', '9.4'].map((release) => ({
    name: `RHEL ${release}`,
    kind: 'bls' as const,
    entries: 1,
    tree: {
      '/etc/os-release': redhat(release),
      '/etc/default/grub': defaults,
      '/etc/kernel/cmdline': `${literal}\n`,
      '/boot/efi/EFI/redhat/grub.cfg': wrapper,
      '/boot/grub2/grub.cfg': blsMenu,
      '/boot/loader/entries/m-5.14.0-362.el9.x86_64.conf': entry('5.14.0-362.el9.x86_64', literal),
    } as PhonyTree,
  })),
  {
    name: 'SLES 11',
    kind: 'grub-legacy',
    entries: 1,
    tree: {
      '/etc/SuSE-release': 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n',
      '/etc/sysconfig/bootloader': 'LOADER_TYPE="grub"\nDEFAULT_APPEND="rhgb quiet"\n',
      '/boot/grub/menu.lst': `default 0\ntitle SLES 11\n    root (hd0,0)\n    kernel /boot/vmlinuz-3.0.101-default ${literal}\n    initrd /boot/initrd-3.0.101-default\n`,
    },
  },
  {
    name: 'SLES 15',
    kind: 'grub2',
    entries: 1,
    tree: {
      '/etc/os-release': 'ID="sles"\nVERSION_ID="15.5"\n',
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="rhgb quiet"\n',
      '/boot/grub2/grub.cfg': menuOf('5.14.21-default'),
    },
  },
  {
    name: 'Tumbleweed with grub2-bls',
    kind: 'bls',
    entries: 1,
    tree: {
      '/etc/os-release': 'ID="opensuse-tumbleweed"\nVERSION_ID="20260901"\n',
      '/etc/sysconfig/bootloader': 'LOADER_TYPE="grub2-bls"\n',
      '/etc/kernel/cmdline': `${literal}\n`,
      '/boot/efi/loader/entries/opensuse-6.10-1.conf': `title openSUSE\nversion 6.10\nlinux /opensuse/6.10/linux-1\ninitrd /opensuse/6.10/initrd-1\noptions ${literal}\n`,
    },
  },
  {
    name: 'Arch with systemd-boot',
    kind: 'systemd-boot',
    entries: 2,
    tree: {
      '/etc/os-release': 'ID=arch\n',
      '/boot/loader/loader.conf': 'default arch.conf\n',
      '/boot/loader/entries/arch.conf': `title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions ${literal}\n`,
      '/boot/loader/entries/lts.conf': 'title Arch LTS\nlinux /vmlinuz-linux-lts\ninitrd /initramfs-linux-lts.img\n',
    },
  },
  {
    name: 'Alpine with extlinux',
    kind: 'extlinux',
    entries: 1,
    tree: {
      '/etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n',
      '/etc/update-extlinux.conf': 'default_kernel_opts="rhgb quiet"\n',
      '/boot/extlinux.conf': `DEFAULT virt\nLABEL virt\n  LINUX vmlinuz-virt\n  INITRD initramfs-virt\n  APPEND ${literal}\n`,
    },
  },
  {
    name: "Debian's GRUB legacy",
    kind: 'grub-legacy',
    entries: 1,
    tree: {
      '/etc/debian_version': '5.0\n',
      '/boot/grub/menu.lst': `default 0\n### BEGIN AUTOMAGIC KERNELS LIST\n# kopt=root=UUID=1 ro\n# defoptions=rhgb quiet\n## ## End Default Options ##\ntitle Debian\nroot (hd0,0)\nkernel /boot/vmlinuz-2.6.26-2-amd64 ${literal}\ninitrd /boot/initrd.img-2.6.26-2-amd64\n### END DEBIAN AUTOMAGIC KERNELS LIST\n`,
    },
  },
];

describe.each(layouts)('$name', ({ kind, entries, tree }) => {
  it('is recognised, and every store agrees after an edit, which done twice is done once', async () => {
    const before = await seen(tree);
    expect(known(before.boot).kind).toBe(kind);
    expect(known(before.boot).entries).toHaveLength(entries);
    const once = apply(tree, before.facts, want);
    const after = await seen(once);
    const boot = known(after.boot);
    for (const line of [
      ...boot.entries.map(({ args }) => args),
      boot.nextArgs,
      ...boot.alsoAsked.map(({ args }) => args),
    ]) {
      expect(line).toContain('console=ttyS0,115200n8');
      expect(line).not.toContain('quiet');
      expect(line).not.toContain('rhgb');
    }
    expect(disagreements(boot, after.facts.texts).flatMap(({ missing, clashes }) => [...missing, ...clashes])).toEqual(
      [],
    );
    expect(apply(once, after.facts, want)).toEqual(once);
    for (const [path, text] of Object.entries(once))
      if (path.endsWith('grubenv') && typeof text === 'string') expect(text).toHaveLength(1024);
  });
});

it('one entry alone is edited in its own file, what it shares with others written out', async () => {
  const { tree } = layouts.find(({ name }) => name === 'RHEL 8 BIOS') as (typeof layouts)[number];
  const { boot, facts } = await seen(tree);
  const first = known(boot).entries[0];
  const after = await seen(apply(tree, facts, { ...want, entry: first?.at as NonNullable<Want['entry']> }));
  const lines = known(after.boot).entries.map(({ args }) => args.join(' '));
  expect(lines).toEqual(['root=UUID=1 ro console=ttyS0,115200n8', literal]);
});

it('the entry that saved_entry names is the default', async () => {
  const { tree } = layouts.find(({ name }) => name === 'RHEL 8 BIOS') as (typeof layouts)[number];
  const { boot } = await seen({ ...tree, '/boot/grub2/grubenv': grubenv('saved_entry=m-4.18.0-80.el8.x86_64\n') });
  expect(known(boot).entries.map(({ isDefault }) => isDefault)).toEqual([false, true]);
});

it('a unified kernel image is shown and not edited', async () => {
  const { boot, facts } = await seen({
    '/etc/os-release': 'ID=arch\n',
    '/boot/vmlinuz-linux': '',
    '/efi/loader/loader.conf': '',
    '/efi/EFI/Linux/arch-linux.efi': 'MZ',
  });
  expect(boot.kind).toBe('systemd-boot');
  expect(kernelArgsEdits(want, facts)).toMatch(/unified kernel image/);
});

it('entries without a menu that calls them in are not taken for known', async () => {
  const { boot } = await seen({ '/boot/loader/entries/a-1-2.conf': entry('1', 'a') });
  expect(boot).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/EFI system partition mounted/) });
});
