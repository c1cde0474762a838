import { copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoaderPackage } from './build-root.ts';
import { edit, putter } from './edit.ts';
import type { MountedDisk } from './image.ts';
import { inGuest } from './in-guest.ts';
import { type Layout, nameOf, rootOf, volumesOf } from './layout.ts';

/** How a boot loader gets into a guest, with the guest's own programs. */
export interface LoaderWork {
  /** What it reads to make its menu: in the root folder, before there is a disk. */
  prepare(root: string, layout: Layout): Promise<void>;
  /** What it writes into the root folder, its ESP included, once the guest's initrds are there. */
  fill?(root: string, layout: Layout): Promise<void>;
  /** What it writes to the disk, /boot/grub included, which is then taken over into the root folder. */
  install?(disk: MountedDisk, layout: Layout): Promise<void>;
}

/** What the people before left on the kernel line. */
const stale = 'rhgb quiet crashkernel=auto';

/** dracut opens the volumes that it is told of. */
function volumeArgs(layout: Layout): string[] {
  return volumesOf(layout).flatMap(({ lvm }) => (lvm ? [`rd.lvm.lv=${lvm.group}/${lvm.name}`] : []));
}

async function grubDefaults(root: string, layout: Layout): Promise<void> {
  const everyEntry = volumeArgs(layout).join(' ');
  await edit(path.join(root, 'etc/default/grub'), [
    [/^GRUB_CMDLINE_LINUX_DEFAULT=.*$/m, `GRUB_CMDLINE_LINUX_DEFAULT="${stale}"`],
    [/^GRUB_CMDLINE_LINUX=.*$/m, `GRUB_CMDLINE_LINUX="${everyEntry}"`],
    // Every boot of a test waits for it.
    [/^GRUB_TIMEOUT=.*$/m, 'GRUB_TIMEOUT=1'],
  ]);
}

/** update-grub sees no device mapper here: it names the logical volume by the partition that stands for it. */
async function updateGrub({ space, root, seen, devices }: MountedDisk, layout: Layout): Promise<void> {
  await inGuest(root, ['update-grub'], { space, devices });
  const volume = rootOf(layout);
  if (!volume.lvm) return;
  await edit(path.join(seen, 'boot/grub/grub.cfg'), [
    [new RegExp(`root=(?:UUID=${volume.uuid}|/dev/loop\\w+)`, 'g'), `root=${nameOf(volume)}`],
  ]);
}

const grubPc: LoaderWork = {
  prepare: grubDefaults,
  async install(mounted, layout) {
    const { space, root, disk, devices } = mounted;
    await inGuest(root, ['grub-install', '--target=i386-pc', '--no-floppy', disk], { space, devices });
    await updateGrub(mounted, layout);
  },
};

/**
 * The ESP as grub-install makes it with `--removable`: Debian's own image in one piece, and a menu that leads to the real
 * one. grub-install itself insists on a mounted vfat, which the kernel of this machine may not know.
 */
const grubEfi: LoaderWork = {
  prepare: grubDefaults,
  async fill(root, layout) {
    const efi = path.join(root, 'boot/efi/EFI');
    const image = path.join(root, 'usr/lib/grub/x86_64-efi/monolithic/grubx64.efi');
    for (const [folder, name] of [
      ['BOOT', 'BOOTX64.EFI'],
      ['debian', 'grubx64.efi'],
    ] as const) {
      await mkdir(path.join(efi, folder), { recursive: true });
      await copyFile(image, path.join(efi, folder, name));
    }
    const lines = [
      `search.fs_uuid ${rootOf(layout).uuid} root`,
      "set prefix=($root)'/boot/grub'",
      'configfile $prefix/grub.cfg',
      '',
    ];
    await writeFile(path.join(efi, 'debian/grub.cfg'), lines.join('\n'));
    const modules = path.join(root, 'boot/grub/x86_64-efi');
    await cp(path.join(root, 'usr/lib/grub/x86_64-efi'), modules, {
      recursive: true,
      filter: (file) => !/\/monolithic|\.(?:efi|image|img|exec)$/.test(file),
    });
  },
  install: updateGrub,
};

/** Kernels, initrds and entries lie on the ESP, put there by kernel-install. */
const systemdBoot: LoaderWork = {
  async prepare(root, layout) {
    const put = putter(root);
    await put('/etc/kernel/cmdline', `root=${nameOf(rootOf(layout))} ro ${stale}\n`);
  },
  async fill(root) {
    await mkdir(path.join(root, 'boot/efi'), { recursive: true });
    // The ESP is a folder here, not a mounted vfat.
    const relaxed = ['env', 'SYSTEMD_RELAX_ESP_CHECKS=1'];
    const esp = '--esp-path=/boot/efi';
    // Without a folder of its own for this machine kernel-install takes the ESP for somebody else's, and exits 0.
    const own = ['--make-entry-directory=yes', '--entry-token=machine-id'];
    await inGuest(root, [...relaxed, 'bootctl', 'install', '--no-variables', esp, ...own]);
    await writeFile(path.join(root, 'boot/efi/loader/loader.conf'), 'timeout 1\n');
    for (const kernel of await readdir(path.join(root, 'lib/modules'))) {
      const files = [`/boot/vmlinuz-${kernel}`, `/boot/initrd.img-${kernel}`];
      await inGuest(root, [...relaxed, 'kernel-install', esp, 'add', kernel, ...files]);
    }
    // kernel-install leaves the way to the ESP out where it is a file system of its own.
    const entries = path.join(root, 'boot/efi/loader/entries');
    const names = await readdir(entries);
    if (names.length === 0) throw new Error('kernel-install made no entry');
    for (const name of names) await edit(path.join(entries, name), [[/ \/boot\/efi\//g, ' /']]);
  },
};

/** Debian's options stand in comment lines of menu.lst, from which update-grub makes the rest. */
const grubLegacy: LoaderWork = {
  async prepare(root) {
    const stages = path.join(root, 'usr/lib/grub/x86_64-pc');
    await mkdir(path.join(root, 'boot/grub'), { recursive: true });
    for (const name of ['stage1', 'stage2', 'e2fs_stage1_5'])
      await copyFile(path.join(stages, name), path.join(root, 'boot/grub', name));
  },
  async install({ space, root, seen, disk, devices }) {
    const map = path.join(seen, 'boot/grub/device.map');
    const menu = path.join(seen, 'boot/grub/menu.lst');
    await writeFile(map, `(hd0)\t${disk}\n`);
    await inGuest(root, ['update-grub', '-y'], { space, devices });
    await edit(menu, [
      [/^# defoptions=.*$/m, `# defoptions=${stale}`],
      [/^timeout\t.*$/m, 'timeout\t\t1'],
    ]);
    await inGuest(root, ['update-grub'], { space, devices });
    const commands = [`device (hd0) ${disk}`, 'root (hd0,0)', 'setup (hd0)', 'quit', ''].join('\n');
    // It knows no `p` between the name of a disk and the number of a partition.
    const aliases = devices.map((device) => ({ ...device, name: device.name.replace(/p(\d+)$/, '$1') }));
    const all = [...devices, ...aliases.filter(({ name }) => !devices.some((device) => device.name === name))];
    const options = { space, devices: all.map(({ uuid: _, ...device }) => device), input: commands };
    const said = await inGuest(root, ['grub', '--batch', '--no-floppy'], options);
    if (!/succeeded\n[^\n]*Done\./.test(said)) throw new Error(`GRUB legacy did not install itself:\n${said}`);
    await writeFile(map, '(hd0)\t/dev/sda\n');
  },
};

export const loaders: Readonly<Record<LoaderPackage, LoaderWork>> = {
  'grub-pc': grubPc,
  'grub-efi-amd64': grubEfi,
  'grub-legacy': grubLegacy,
  'systemd-boot': systemdBoot,
};
