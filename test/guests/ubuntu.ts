/** Ubuntu as its server installer and its cloud image leave it, prepared for Azure. */
import { dpkgStatus } from '../lib/dpkg-status.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import * as parts from './parts.ts';
import { cloudInitProvisions, newCloudInit } from './redhat.ts';

export interface Ubuntu {
  readonly version: string;
  readonly kernel: string;
  readonly line: string;
  /** GRUB_CMDLINE_LINUX_DEFAULT stands in grub.d/50-cloudimg-settings.cfg, which is read last. */
  readonly cloudImage?: boolean;
  readonly initrdTool?: 'initramfs-tools' | 'dracut';
  readonly holds?: readonly string[];
}

/** A guest of Ubuntu 18.04 to 26.04: netplan and networkd, UEFI and BIOS boot loaders on one disk. */
export function ubuntu(guest: Ubuntu): PhonyTree {
  const { version, kernel, line, cloudImage = false, initrdTool = 'initramfs-tools' } = guest;
  const holds = guest.holds ?? [...parts.hyperv, 'hyperv_keyboard', 'hid_hyperv'];
  const python = { '18.04': '3.6', '20.04': '3.8', '22.04': '3.10', '24.04': '3.12' }[version] ?? '3.14';
  return {
    ...parts.mergedUsr,
    ...parts.systemd,
    ...parts.accounts,
    ...parts.osRelease({
      ID: 'ubuntu',
      ID_LIKE: 'debian',
      VERSION_ID: version,
      PRETTY_NAME: `Ubuntu ${version} LTS`,
    }),
    ...parts.kernel({ version: kernel, suffix: '.ko.zst', initrd: `/boot/initrd.img-${kernel}`, holds }),
    '/var/lib/dpkg/status': dpkgStatus({
      [`linux-image-${kernel}`]: '1',
      [`linux-modules-extra-${kernel}`]: '1',
      'linux-azure': '1',
      'linux-cloud-tools-azure': '1',
      walinuxagent: '2.11.1.4-0ubuntu1',
      'cloud-init': '24.4.1-0ubuntu0~24.04.1',
      'openssh-server': '1:9.6p1-3ubuntu13',
      'cloud-guest-utils': '0.33-1',
      gdisk: '1.0.10-1build1',
      'netplan.io': '1.1.1',
      openssl: '3.0.13-0ubuntu3.5',
    }),
    '/boot/grub/grub.cfg': parts.grubCfg([
      { title: 'Ubuntu', linux: `/boot/vmlinuz-${kernel}`, args: line, initrd: `/boot/initrd.img-${kernel}` },
    ]),
    '/boot/grub/i386-pc/core.img': 'core',
    '/boot/efi/EFI/ubuntu/grub.cfg': `search.fs_uuid ${parts.rootUuid} root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n`,
    '/boot/efi/EFI/ubuntu/shimx64.efi': parts.efiProgram('shim'),
    '/boot/efi/EFI/ubuntu/grubx64.efi': parts.efiProgram('grub'),
    '/boot/efi/EFI/BOOT/BOOTX64.EFI': parts.efiProgram('shim'),
    '/boot/efi/EFI/BOOT/grubx64.efi': parts.efiProgram('grub'),
    '/etc/default/grub': `GRUB_DEFAULT=0\nGRUB_TIMEOUT_STYLE=menu\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="${cloudImage ? '' : line}"\nGRUB_CMDLINE_LINUX=""\nGRUB_TERMINAL="console serial"\nGRUB_SERIAL_COMMAND="serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1"\n`,
    ...(cloudImage
      ? {
          '/etc/default/grub.d/50-cloudimg-settings.cfg': `GRUB_RECORDFAIL_TIMEOUT=0\nGRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\nGRUB_TERMINAL="console serial"\n`,
          '/etc/ssh/sshd_config.d/60-cloudimg-settings.conf': 'PasswordAuthentication no\n',
        }
      : {}),
    '/etc/fstab': `UUID=${parts.rootUuid} / ext4 defaults 0 1\nUUID=${parts.espUuid} /boot/efi vfat umask=0077 0 1\n`,
    ...(initrdTool === 'dracut'
      ? {
          '/usr/bin/dracut': { content: parts.elf(), mode: 0o755 },
          '/usr/lib/dracut/dracut.conf.d/10-debian.conf': 'hostonly="no"\n',
        }
      : {
          '/usr/sbin/mkinitramfs': { content: parts.elf(), mode: 0o755 },
          '/etc/initramfs-tools/initramfs.conf': 'MODULES=most\nCOMPRESS=zstd\n',
          '/etc/initramfs-tools/modules': '# List of modules that you want to include in your initramfs.\n',
        }),
    '/usr/lib/systemd/systemd-networkd': { content: parts.elf(), mode: 0o755 },
    ...parts.unit('systemd-networkd.service'),
    '/usr/sbin/netplan': { content: parts.elf(), mode: 0o755 },
    '/etc/netplan/50-cloud-init.yaml': {
      content: 'network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n',
      mode: 0o600,
    },
    ...parts.sshd('ssh'),
    ...parts.waagent({
      version: '2.11.1.4',
      conf: cloudInitProvisions,
      unit: 'walinuxagent.service',
      python,
      sites: '/usr/lib/python3/dist-packages',
    }),
    ...newCloudInit,
    '/usr/lib/python3/dist-packages/cloudinit/version.py': '__VERSION__ = "24.4.1"\n',
    '/etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ Azure ]\n',
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}
