import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loaders } from './boot-loaders.ts';
import type { InitrdPackage, LoaderPackage } from './build-root.ts';
import { edit, putter } from './edit.ts';
import { inGuest } from './in-guest.ts';
import { type LayoutName, layouts, nameOf, swapUuid, volumesOf } from './layout.ts';

export interface SpoilRecipe {
  readonly initrd: InitrdPackage;
  readonly loader: LoaderPackage;
  readonly disk: LayoutName;
  /** What the fstab line names. */
  readonly swap: 'partition' | 'file';
}

/** The drivers of the machine that this guest was "made on": a SATA disk, nothing of Hyper-V. */
export const driversElsewhere = ['ahci', 'ata_piix', 'sd_mod', 'ext4'];

/**
 * Gives a fresh root what a guest has that somebody installed on another hypervisor and used for a while: all the things
 * that the article says to mend. What a boot loader makes of it comes afterwards, by the guest's own tools on a disk.
 */
export async function spoil(root: string, recipe: SpoilRecipe): Promise<void> {
  const put = putter(root);
  await put('/etc/hostname', 'buildhost\n');
  await put('/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 buildhost.example.com buildhost\n');
  await put('/etc/resolv.conf', 'nameserver 192.0.2.53\n');
  await put('/etc/machine-id', '0f1e2d3c4b5a69788796a5b4c3d2e1f0\n', 0o444);
  await put('/etc/fstab', fstab(recipe));
  await loaders[recipe.loader].prepare(root, layouts[recipe.disk]);
  await put('/etc/network/interfaces', interfaces('iface eth0 inet dhcp'));
  await put(
    '/etc/udev/rules.d/70-persistent-net.rules',
    'SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="52:54:00:12:34:56", NAME="eth0"\n',
  );
  await put('/var/lib/dhcp/dhclient.eth0.leases', 'lease {\n  interface "eth0";\n  fixed-address 192.0.2.15;\n}\n');
  await put('/var/lib/systemd/random-seed', '0123456789abcdef'.repeat(32), 0o600);
  await accounts(root);
  await initrd(root, recipe);
}

function fstab(recipe: SpoilRecipe): string {
  const swap = recipe.swap === 'file' ? '/swapfile' : `UUID=${swapUuid}`;
  const options = {
    '/': 'errors=remount-ro 0       1',
    '/boot': 'defaults 0       2',
    '/boot/efi': 'umask=0077 0       1',
  };
  return [
    '# /etc/fstab: static file system information.',
    '# <file system> <mount point>   <type>  <options>       <dump>  <pass>',
    ...volumesOf(layouts[recipe.disk]).map(
      (volume) => `${nameOf(volume)} ${volume.at.padEnd(15)} ${volume.fs.padEnd(7)} ${options[volume.at]}`,
    ),
    '# swap was made during installation',
    `${swap} none            swap    sw              0       0`,
    '/dev/sr0        /media/cdrom0   udf,iso9660 user,noauto     0       0',
    '',
  ].join('\n');
}

export function interfaces(stanza: string): string {
  return [
    '# This file describes the network interfaces available on your system',
    'source /etc/network/interfaces.d/*',
    '',
    'auto lo',
    'iface lo inet loopback',
    '',
    'allow-hotplug eth0',
    stanza,
    '',
  ].join('\n');
}

/** Root with a password, one user without, and both with a shell history. */
async function accounts(root: string): Promise<void> {
  await inGuest(root, ['sh', '-c', 'echo root:letmein | chpasswd && useradd -m -s /bin/bash builder']);
  await writeFile(path.join(root, 'root/.bash_history'), 'passwd\napt install waagent\n', { mode: 0o600 });
  await writeFile(path.join(root, 'home/builder/.bash_history'), 'sudo -i\n', { mode: 0o600 });
  await inGuest(root, ['sh', '-c', 'chown builder: /home/builder/.bash_history && ssh-keygen -A']);
}

async function initrd(root: string, recipe: SpoilRecipe): Promise<void> {
  if (recipe.swap === 'file') await inGuest(root, ['sh', '-c', makeSwapFile]);
  for (const kernel of await readdir(path.join(root, 'lib/modules'))) {
    const image = `/boot/initrd.img-${kernel}`;
    if (recipe.initrd === 'dracut') await dracutInitrd(root, kernel, image);
    else await initramfsToolsInitrd(root, kernel, image, recipe.swap);
    const lister = recipe.initrd === 'dracut' ? 'lsinitrd' : 'lsinitramfs';
    const listed = await inGuest(root, [lister, image]);
    if (!/\/ahci\.ko/.test(listed)) throw new Error(`${image}: this guest would not boot anywhere`);
    if (/\/hv_storvsc\.ko/.test(listed)) throw new Error(`${image}: this guest is not spoiled, hv_storvsc is inside`);
  }
}

/** Not of zeros: mkfs -d would make holes of them, and the kernel refuses a swap file with holes. */
const makeSwapFile = "tr '\\0' x </dev/zero | head -c 16M >/swapfile && chmod 600 /swapfile && mkswap /swapfile";

/**
 * What `MODULES=dep` makes depends on the machine that it runs on, so here the other machine's list stands in for it;
 * the setting that stays in the guest is `dep`. The installer's RESUME= is there as well.
 */
async function initramfsToolsInitrd(root: string, kernel: string, image: string, swap: string): Promise<void> {
  const folder = path.join(root, 'etc/initramfs-tools');
  const settings = path.join(folder, 'initramfs.conf');
  if (swap === 'partition') await writeFile(path.join(folder, 'conf.d/resume'), `RESUME=UUID=${swapUuid}\n`);
  await edit(settings, [[/^MODULES=.*$/m, 'MODULES=list']]);
  const modules = path.join(folder, 'modules');
  const before = await readFile(modules, 'utf8');
  await appendFile(modules, `${driversElsewhere.join('\n')}\n`);
  try {
    await inGuest(root, ['mkinitramfs', '-o', image, kernel]);
  } finally {
    await writeFile(modules, before);
    await edit(settings, [[/^MODULES=.*$/m, 'MODULES=dep']]);
  }
}

/** A hostonly initrd: dracut's default on several distributions, and the article's failure. Without a kernel line
 *  of its own, or it would carry this machine's root. */
async function dracutInitrd(root: string, kernel: string, image: string): Promise<void> {
  await writeFile(path.join(root, 'etc/dracut.conf.d/elsewhere.conf'), 'hostonly="yes"\nhostonly_cmdline="no"\n');
  const drivers = driversElsewhere.join(' ');
  await inGuest(root, ['dracut', '--force', '--add-drivers', drivers, image, kernel]);
}
