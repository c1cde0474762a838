/** SLES and openSUSE, prepared as Microsoft's article says. */
import type { PhonyTree } from '../lib/phony-guest.ts';
import * as parts from './parts.ts';
import { cloudInit, cloudInitProvisions, grubenv } from './redhat.ts';

export interface Suse {
  readonly id: 'sles' | 'opensuse-leap' | 'opensuse-tumbleweed' | 'sles-legacy';
  readonly name: string;
  readonly version: string;
  readonly kernel: string;
  readonly line?: string;
  readonly holds?: readonly string[];
  readonly uefi?: boolean;
}

const wicked: PhonyTree = {
  '/usr/sbin/wicked': { content: parts.elf(), mode: 0o755 },
  ...parts.unit('wicked.service', { target: 'multi-user.target', alias: 'network.service' }),
};

const sudoers = 'Defaults always_set_home\nDefaults env_reset\nroot ALL=(ALL) ALL\n';

function network(): PhonyTree {
  return {
    '/etc/sysconfig/network/ifcfg-eth0': "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
    '/etc/sysconfig/network/dhcp': 'DHCLIENT_SET_HOSTNAME="no"\n',
  };
}

/** SLES 12 and later, Leap and Tumbleweed: GRUB 2 on a btrfs or xfs root without a /boot of its own, dracut, wicked. */
export function suse(guest: Suse): PhonyTree {
  const { id, name, version, kernel, uefi = false, line = parts.delayedLine } = guest;
  const modern = id === 'opensuse-tumbleweed' || Number(version.split('.')[0]) >= 16;
  return {
    ...parts.mergedUsr,
    ...parts.systemd,
    ...parts.accounts,
    '/etc/sudoers': { content: sudoers, mode: 0o440 },
    ...parts.osRelease({
      ID: id,
      NAME: name,
      ...(id === 'opensuse-tumbleweed' ? { VERSION_ID: '20260410' } : { VERSION_ID: version }),
      ID_LIKE: id === 'sles' ? 'suse' : 'suse opensuse',
      PRETTY_NAME: `${name} ${version}`,
    }),
    ...parts.kernel({
      version: kernel,
      suffix: '.ko.zst',
      initrd: `/boot/initrd-${kernel}`,
      holds: guest.holds ?? [...parts.hyperv, 'hyperv_keyboard', 'hid_hyperv'],
    }),
    '/boot/vmlinuz': { link: `vmlinuz-${kernel}` },
    '/boot/initrd': { link: `initrd-${kernel}` },
    '/boot/grub2/grub.cfg': parts.grubCfg([
      { title: name, linux: `/boot/vmlinuz-${kernel}`, args: line, initrd: `/boot/initrd-${kernel}` },
    ]),
    '/boot/grub2/grubenv': grubenv({ saved_entry: name }),
    ...(uefi
      ? {
          '/boot/efi/EFI/sles/grub.cfg': `search --fs-uuid --set=root ${parts.rootUuid}\nset prefix=(\${root})/boot/grub2\nsource "\${prefix}/grub.cfg"\n`,
          '/boot/efi/EFI/boot/bootx64.efi': parts.efiProgram('shim'),
          '/boot/efi/EFI/boot/grub.efi': parts.efiProgram('grub'),
          '/boot/efi/EFI/sles/shim.efi': parts.efiProgram('shim'),
          '/boot/efi/EFI/sles/grub.efi': parts.efiProgram('grub'),
        }
      : { '/boot/grub2/i386-pc/core.img': 'core' }),
    '/etc/default/grub': `GRUB_DISTRIBUTOR=\nGRUB_DEFAULT=saved\nGRUB_TIMEOUT=8\nGRUB_CMDLINE_LINUX_DEFAULT="${line}"\nGRUB_CMDLINE_LINUX=""\nGRUB_TERMINAL="console serial"\nGRUB_SERIAL_COMMAND="serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1"\n`,
    '/etc/sysconfig/bootloader': `LOADER_TYPE="${uefi ? 'grub2-efi' : 'grub2'}"\nSECURE_BOOT="yes"\n`,
    '/etc/fstab': `UUID=${parts.rootUuid} / btrfs defaults 0 0\n${uefi ? `UUID=${parts.espUuid} /boot/efi vfat umask=0002,utf8=true 0 2\n` : ''}`,
    ...(modern
      ? { '/usr/sbin/NetworkManager': { content: parts.elf(), mode: 0o755 }, ...parts.unit('NetworkManager.service') }
      : { ...wicked, ...network() }),
    ...parts.sshd('sshd'),
    '/usr/bin/dracut': { content: parts.elf(), mode: 0o755 },
    '/usr/lib/dracut/dracut.conf.d/01-dist.conf': 'hostonly="yes"\ncompress="zstd -3 -q -T0"\n',
    '/etc/dracut.conf.d/azure.conf': 'add_drivers+=" hv_vmbus hv_netvsc hv_storvsc "\n',
    ...parts.waagent({
      version: '2.9.1.1',
      conf: cloudInitProvisions,
      unit: 'waagent.service',
      python: modern ? '3.13' : '3.6',
    }),
    ...cloudInit,
    ...parts.rpmDatabase([
      `kernel-default-${kernel.replace(/-default$/, '')}`,
      'python3-azure-agent-2.9.1.1-1',
      'openssh-9.6p1-1',
      'openssl-3.1.4-1',
      'hyper-v-8-1',
      'growpart-0.33-1',
      'gptfdisk-1.0.9-1',
      'cloud-init-23.3-1',
      modern ? 'NetworkManager-1.48.10-1' : 'wicked-0.6.76-1',
    ]),
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}

/** SLES 11: GRUB legacy, SysV init, mkinitrd with INITRD_MODULES. */
export function sles11(kernel: string, line: string, initrdModules: string, holds: readonly string[]): PhonyTree {
  const service = (name: string): PhonyTree => ({
    [`/etc/init.d/${name}`]: {
      content: `#!/bin/sh\n### BEGIN INIT INFO\n# Provides: ${name}\n# Required-Start: $local_fs\n# Default-Start: 3 5\n# Default-Stop: 0 1 2 6\n### END INIT INFO\n`,
      mode: 0o755,
    },
    [`/etc/init.d/rc3.d/S05${name}`]: { link: `../${name}` },
    [`/etc/init.d/rc5.d/S05${name}`]: { link: `../${name}` },
  });
  return {
    '/bin/sh': { content: parts.elf(), mode: 0o755 },
    '/sbin/init': { content: parts.elf(), mode: 0o755 },
    '/sbin/depmod': { content: parts.elf(), mode: 0o755 },
    '/sbin/mkinitrd': { content: '#!/bin/bash\n# mkinitrd of SUSE\n', mode: 0o755 },
    '/etc/inittab': 'id:3:initdefault:\nS0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102\n',
    ...parts.accounts,
    '/etc/SuSE-release': 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n',
    ...parts.kernel({
      version: kernel,
      suffix: '.ko',
      below: '/lib/modules',
      initrd: `/boot/initrd-${kernel}`,
      holds,
    }),
    '/boot/grub/menu.lst': `# Modified by YaST2.\ndefault 0\ntimeout 8\nserial --unit=0 --speed=115200\nterminal --timeout=5 serial console\n\n###Don't change this comment - YaST2 identifier: Original name: linux###\ntitle SUSE Linux Enterprise Server 11 SP4\n    root (hd0,0)\n    kernel /boot/vmlinuz-${kernel} root=UUID=${parts.rootUuid} ${line}\n    initrd /boot/initrd-${kernel}\n\n###Don't change this comment - YaST2 identifier: Original name: failsafe###\ntitle Failsafe -- SUSE Linux Enterprise Server 11 SP4\n    root (hd0,0)\n    kernel /boot/vmlinuz-${kernel} root=UUID=${parts.rootUuid} ide=nodma apm=off noresume nosmp maxcpus=0 x11failsafe\n    initrd /boot/initrd-${kernel}\n`,
    '/boot/grub/stage2': 'stage2',
    '/etc/sysconfig/bootloader': `LOADER_TYPE="grub"\nDEFAULT_APPEND="${line}"\nFAILSAFE_APPEND="ide=nodma apm=off noresume"\n`,
    '/etc/sysconfig/kernel': `## Path: System/Kernel\nINITRD_MODULES="${initrdModules}"\nDOMU_INITRD_MODULES="xennet xenblk"\n`,
    '/etc/fstab': `UUID=${parts.rootUuid} / ext3 acl,user_xattr 1 1\n`,
    '/etc/sysconfig/network/ifcfg-eth0': "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
    '/etc/sysconfig/network/dhcp': 'DHCLIENT_SET_HOSTNAME="no"\n',
    '/etc/udev/rules.d/75-persistent-net-generator.rules': { link: '/dev/null' },
    ...service('network'),
    ...service('sshd'),
    ...service('waagent'),
    '/usr/sbin/sshd': { content: parts.elf(), mode: 0o755 },
    '/etc/ssh/sshd_config': 'ClientAliveInterval 180\n',
    ...parts.waagent({ version: '2.2.54', conf: parts.agentProvisions, unit: 'waagent.service', python: '2.6' }),
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}
