/** Azure Linux, Arch and Alpine, prepared. */
import type { PhonyTree } from '../lib/phony-guest.ts';
import * as parts from './parts.ts';
import { cloudInitProvisions, newCloudInit as cloudInit, sriov } from './redhat.ts';

const dhcpLink = '[Match]\nName=eth*\n\n[Network]\nDHCP=yes\n';

const networkd: PhonyTree = {
  '/usr/lib/systemd/systemd-networkd': { content: parts.elf(), mode: 0o755 },
  ...parts.unit('systemd-networkd.service'),
};

/** Azure Linux 3 or Mariner 2: dracut, GRUB 2 with a menu that names the kernel by variables, networkd. */
export function azurelinux(version: string, kernel: string, line: string): PhonyTree {
  return {
    ...parts.mergedUsr,
    ...parts.systemd,
    ...parts.accounts,
    ...parts.osRelease({
      ID: version.startsWith('2') ? 'mariner' : 'azurelinux',
      VERSION_ID: version,
      PRETTY_NAME: version.startsWith('2') ? 'CBL-Mariner/Linux' : 'Microsoft Azure Linux 3.0',
    }),
    ...parts.kernel({
      version: kernel,
      initrd: `/boot/initramfs-${kernel}.img`,
      holds: ['scsi_mod', 'sd_mod', 'hv_netvsc', 'hyperv_keyboard', 'hid_hyperv'],
      builtin: ['hv_vmbus', 'hv_storvsc', 'scsi_transport_fc'],
    }),
    '/boot/grub2/grub.cfg': parts.grubCfg([
      { title: 'Azure Linux', linux: `/boot/vmlinuz-${kernel}`, args: line, initrd: `/boot/initramfs-${kernel}.img` },
    ]),
    '/boot/efi/boot/grub2/grub.cfg': `search -n -u ${parts.rootUuid} -s\nset prefix=($root)/boot/grub2\nconfigfile $prefix/grub.cfg\n`,
    '/boot/efi/EFI/BOOT/bootx64.efi': parts.efiProgram('shim'),
    '/boot/efi/EFI/BOOT/grubx64.efi': parts.efiProgram('grub'),
    '/etc/default/grub': `GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="${line}"\nGRUB_CMDLINE_LINUX_DEFAULT=""\n`,
    '/etc/fstab': `UUID=${parts.rootUuid} / ext4 defaults 1 1\nUUID=${parts.espUuid} /boot/efi vfat umask=0077 0 2\n`,
    ...networkd,
    '/etc/systemd/network/99-dhcp-en.network': dhcpLink,
    ...sriov,
    ...parts.sshd('sshd'),
    '/usr/bin/dracut': { content: parts.elf(), mode: 0o755 },
    '/etc/dracut.conf.d/azure.conf': 'add_drivers+=" hv_vmbus hv_netvsc hv_storvsc "\n',
    ...parts.waagent({
      version: '2.9.1.1',
      conf: cloudInitProvisions,
      unit: 'waagent.service',
      program: '/usr/bin/waagent',
      python: '3.12',
    }),
    ...cloudInit,
    ...parts.rpmDatabase([
      'WALinuxAgent-2.9.1.1-1',
      'openssh-server-9.8p1-1',
      'openssl-3.3.0-1',
      'hyperv-daemons-6.6.64.2-1',
      'cloud-utils-growpart-0.33-1',
      'gptfdisk-1.0.9-1',
      'cloud-init-24.3-1',
    ]),
    '/etc/dhcpcd.conf': 'hostname\noption host_name\n',
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}

export interface Arch {
  readonly boot: 'grub' | 'systemd-boot';
  readonly line: string;
  readonly conf: string;
  readonly holds: readonly string[];
}

/** Arch: one kernel without a version in its name, mkinitcpio, networkd. */
export function arch({ boot, line, conf, holds }: Arch): PhonyTree {
  const kernel = '6.12.8-arch1-1';
  const loader: PhonyTree =
    boot === 'grub'
      ? {
          '/boot/grub/grub.cfg': parts.grubCfg([
            {
              title: 'Arch Linux',
              linux: '/boot/vmlinuz-linux',
              args: line,
              initrd: '/boot/intel-ucode.img /boot/initramfs-linux.img',
            },
          ]),
          '/boot/grub/i386-pc/core.img': 'core',
          '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\nGRUB_CMDLINE_LINUX=""\n`,
          '/boot/intel-ucode.img': parts.initrdImage(kernel, [], {
            'kernel/x86/microcode/GenuineIntel.bin': 'microcode',
          }),
        }
      : {
          '/boot/loader/loader.conf': 'default arch.conf\ntimeout 4\nconsole-mode max\n',
          '/boot/loader/entries/arch.conf': `title   Arch Linux\nlinux   /vmlinuz-linux\ninitrd  /initramfs-linux.img\noptions root=UUID=${parts.rootUuid} rw ${line}\n`,
          '/boot/EFI/systemd/systemd-bootx64.efi': parts.efiProgram('systemd-boot'),
          '/boot/EFI/BOOT/BOOTX64.EFI': parts.efiProgram('systemd-boot'),
        };
  return {
    ...parts.mergedUsr,
    ...parts.systemd,
    ...parts.accounts,
    ...parts.osRelease({ ID: 'arch', PRETTY_NAME: 'Arch Linux', BUILD_ID: 'rolling' }),
    ...parts.kernel({
      version: kernel,
      suffix: '.ko.zst',
      image: '/boot/vmlinuz-linux',
      initrd: '/boot/initramfs-linux.img',
      holds,
    }),
    [`/usr/lib/modules/${kernel}/pkgbase`]: 'linux\n',
    [`/usr/lib/modules/${kernel}/vmlinuz`]: parts.bzImage(kernel),
    '/etc/mkinitcpio.d/linux.preset':
      'ALL_kver="/boot/vmlinuz-linux"\nPRESETS=(\'default\')\ndefault_image="/boot/initramfs-linux.img"\n',
    '/etc/mkinitcpio.conf': conf,
    '/usr/bin/mkinitcpio': { content: '#!/bin/bash\n', mode: 0o755 },
    ...loader,
    '/etc/fstab': `UUID=${parts.rootUuid} / ext4 rw,relatime 0 1\n${boot === 'systemd-boot' ? `UUID=${parts.espUuid} /boot vfat rw,relatime,fmask=0022 0 2\n` : ''}`,
    ...networkd,
    '/etc/systemd/network/20-wired.network': dhcpLink,
    ...parts.sshd('sshd'),
    ...parts.waagent({
      version: '2.11.1.4',
      conf: parts.agentProvisions,
      unit: 'waagent.service',
      program: '/usr/bin/waagent',
      python: '3.12',
    }),
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}

/** Alpine: OpenRC, extlinux, mkinitfs, ifupdown-ng. */
export function alpine(line: string, features: string, holds: readonly string[]): PhonyTree {
  const kernel = '6.6.58-0-lts';
  const service = (name: string): PhonyTree => ({
    [`/etc/init.d/${name}`]: { content: '#!/sbin/openrc-run\n', mode: 0o755 },
    [`/etc/runlevels/default/${name}`]: { link: `/etc/init.d/${name}` },
  });
  return {
    '/bin/busybox': { content: parts.elf(), mode: 0o755 },
    '/bin/sh': { link: '/bin/busybox' },
    '/sbin/init': { link: '/bin/busybox' },
    '/sbin/openrc': { content: parts.elf(), mode: 0o755 },
    '/sbin/depmod': { content: parts.elf(), mode: 0o755 },
    '/usr/bin/passwd': { content: parts.elf(), mode: 0o755 },
    '/etc/inittab':
      '::sysinit:/sbin/openrc sysinit\n::wait:/sbin/openrc default\nttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt100\n',
    ...parts.accounts,
    ...parts.osRelease({ ID: 'alpine', VERSION_ID: '3.20.3', PRETTY_NAME: 'Alpine Linux v3.20' }),
    '/etc/alpine-release': '3.20.3\n',
    ...parts.kernel({
      version: kernel,
      suffix: '.ko.gz',
      below: '/lib/modules',
      image: '/boot/vmlinuz-lts',
      initrd: '/boot/initramfs-lts',
      holds,
    }),
    '/sbin/mkinitfs': { content: '#!/bin/sh\n', mode: 0o755 },
    '/etc/mkinitfs/mkinitfs.conf': `features="${features}"\n`,
    '/etc/mkinitfs/features.d/base.modules': 'kernel/fs/nls/\n',
    '/etc/mkinitfs/features.d/scsi.modules': 'kernel/drivers/scsi/*.ko*\n',
    '/etc/mkinitfs/features.d/network.modules': 'kernel/drivers/net/ethernet\nkernel/drivers/net/hyperv\n',
    '/boot/extlinux.conf': `# Generated by update-extlinux\nDEFAULT lts\nPROMPT 0\nTIMEOUT 30\nSERIAL 0 115200\n\nLABEL lts\n  MENU DEFAULT\n  MENU LABEL Linux lts\n  LINUX vmlinuz-lts\n  INITRD initramfs-lts\n  APPEND root=UUID=${parts.rootUuid} modules=sd-mod,usb-storage,ext4 ${line}\n`,
    '/etc/update-extlinux.conf': `overwrite=1\nvesa_menu=0\ndefault_kernel_opts="${line}"\nmodules=sd-mod,usb-storage,ext4\nroot=UUID=${parts.rootUuid}\nserial_port=0\nserial_baud=115200\ndefault=lts\n`,
    '/etc/fstab': `UUID=${parts.rootUuid} / ext4 rw,relatime 0 1\n`,
    '/etc/network/interfaces': 'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n',
    ...service('networking'),
    ...service('sshd'),
    ...service('waagent'),
    '/usr/sbin/sshd': { content: parts.elf(), mode: 0o755 },
    '/etc/ssh/sshd_config': 'ClientAliveInterval 180\n',
    ...parts.waagent({ version: '2.11.1.4', conf: parts.agentProvisions, unit: 'waagent.service', python: '3.12' }),
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}
