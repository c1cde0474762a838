/** RHEL and its relatives, prepared as Microsoft's article says; a guest bends what is wrong with it. */
import type { PhonyTree } from '../lib/phony-guest.ts';
import * as parts from './parts.ts';

export const machineId = '4f6a8e0d9b7c4f13a1d2c3b4e5f60718';

export interface RedHat {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly like?: string;
  readonly kernel: string;
  /** How the kernel line is kept: literal BLS options, `$kernelopts` in grubenv, a generated menu, or grub.conf. */
  readonly boot: 'bls' | 'kernelopts' | 'grub2' | 'legacy';
  readonly uefi?: boolean;
  /** Folder below EFI/; Oracle and RHEL use redhat. */
  readonly vendor?: string;
  /** The arguments of the kernel line beside `root=… ro`. */
  readonly line?: string;
  readonly holds?: readonly string[];
  readonly provisioner?: 'cloud-init' | 'waagent';
  readonly builtin?: readonly string[];
  /** Packages beyond the usual ones. */
  readonly packages?: readonly string[];
  /** Drivers that this kernel was not built with. */
  readonly lacks?: readonly string[];
}

/** /boot is a file system of its own, as anaconda makes it: paths in the boot loader's files do not begin with /boot. */
const mounts = (uefi: boolean): string =>
  `UUID=${parts.rootUuid} / xfs defaults 0 0\nUUID=${parts.bootUuid} /boot xfs defaults 0 0\n${uefi ? `UUID=${parts.espUuid} /boot/efi vfat umask=0077,shortname=winnt 0 2\n` : ''}`;

export const fullLine = `${parts.delayedLine} net.ifnames=0`;

/** The environment block of GRUB: 1,024 bytes exactly. */
export function grubenv(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  return `# GRUB Environment Block\n${lines.join('')}`.padEnd(1024, '#');
}

/** A file of /boot/loader/entries as kernel-install writes it. */
export function blsEntry(title: string, kernel: string, options: string): string {
  return `title ${title}\nversion ${kernel}\nlinux /vmlinuz-${kernel}\ninitrd /initramfs-${kernel}.img $tuned_initrd\noptions ${options}\ngrub_users $grub_users\ngrub_arg --unrestricted\ngrub_class kernel\n`;
}

const blsMenu = `set pager=1
if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="\${saved_entry}"
fi
serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1
terminal_input serial console
terminal_output serial console
set timeout=10
### BEGIN /etc/grub.d/10_linux ###
insmod part_gpt
insmod xfs
`;

const blsTail = `insmod blscfg
blscfg
### END /etc/grub.d/10_linux ###
`;

function boot(guest: RedHat): PhonyTree {
  const { kernel, uefi = false, line = fullLine, name, version } = guest;
  const vendor = guest.vendor ?? (guest.id === 'rhel' || guest.id === 'ol' ? 'redhat' : guest.id);
  const esp = `/boot/efi/EFI/${vendor}` as const;
  const title = `${name} (${kernel}) ${version}`;
  const id = `${machineId}-${kernel}`;
  const args = `root=UUID=${parts.rootUuid} ro ${line}`;
  const loaders: PhonyTree = uefi
    ? {
        '/boot/efi/EFI/BOOT/BOOTX64.EFI': parts.efiProgram('shim'),
        '/boot/efi/EFI/BOOT/fbx64.efi': parts.efiProgram('fallback'),
        [`${esp}/shimx64.efi`]: parts.efiProgram('shim'),
        [`${esp}/grubx64.efi`]: parts.efiProgram('grub'),
        [`${esp}/BOOTX64.CSV`]: `shimx64.efi,${name},,\n`,
      }
    : { '/boot/grub2/i386-pc/core.img': 'core' };
  const defaults = `GRUB_TIMEOUT=10
GRUB_DISTRIBUTOR="$(sed 's, release .*$,,g' /etc/system-release)"
GRUB_DEFAULT=saved
GRUB_DISABLE_SUBMENU=true
GRUB_TERMINAL="serial console"
GRUB_SERIAL_COMMAND="serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1"
GRUB_CMDLINE_LINUX="${line}"
GRUB_DISABLE_RECOVERY="true"
`;
  const menu = (tail: string): string =>
    tail === blsTail
      ? blsMenu + tail
      : `${blsMenu}menuentry '${title}' --class red --unrestricted $menuentry_id_option 'gnulinux-${kernel}-advanced' {\n\tload_video\n\tlinux${uefi ? 'efi' : '16'} /vmlinuz-${kernel} ${args}\n\tinitrd${uefi ? 'efi' : '16'} /initramfs-${kernel}.img\n}\n### END /etc/grub.d/10_linux ###\n`;
  switch (guest.boot) {
    case 'legacy':
      return {
        '/boot/grub/grub.conf': `default=0\ntimeout=5\nserial --unit=0 --speed=115200 --word=8 --parity=no --stop=1\nterminal --timeout=5 serial console\ntitle ${name} (${kernel})\n\troot (hd0,0)\n\tkernel /vmlinuz-${kernel} ro root=UUID=${parts.rootUuid} ${line}\n\tinitrd /initramfs-${kernel}.img\n`,
        '/boot/grub/menu.lst': { link: './grub.conf' },
        '/etc/grub.conf': { link: '../boot/grub/grub.conf' },
        '/boot/grub/stage2': 'stage2',
      };
    case 'grub2':
      return {
        ...loaders,
        [uefi ? `${esp}/grub.cfg` : '/boot/grub2/grub.cfg']: menu(''),
        [uefi ? `${esp}/grubenv` : '/boot/grub2/grubenv']: grubenv({ saved_entry: title }),
        '/etc/grub2.cfg': { link: '../boot/grub2/grub.cfg' },
        '/etc/default/grub': defaults,
      };
    case 'kernelopts':
      return {
        ...loaders,
        [uefi ? `${esp}/grub.cfg` : '/boot/grub2/grub.cfg']: menu(blsTail),
        [uefi ? `${esp}/grubenv` : '/boot/grub2/grubenv']: grubenv({
          saved_entry: id,
          kernelopts: args,
          boot_success: '0',
        }),
        ...(uefi ? { '/boot/grub2/grubenv': { link: `../efi/EFI/${vendor}/grubenv` } } : {}),
        [`/boot/loader/entries/${id}.conf`]: blsEntry(title, kernel, '$kernelopts $tuned_params'),
        '/etc/default/grub': `${defaults}GRUB_ENABLE_BLSCFG=true\n`,
      };
    case 'bls':
      return {
        ...loaders,
        '/boot/grub2/grub.cfg': menu(blsTail),
        '/boot/grub2/grubenv': grubenv({ saved_entry: id, boot_success: '0' }),
        ...(uefi
          ? {
              [`${esp}/grub.cfg`]: `search --no-floppy --root-dev-only --fs-uuid --set=dev ${parts.bootUuid}\nset prefix=($dev)/grub2\nexport $prefix\nconfigfile $prefix/grub.cfg\n`,
            }
          : {}),
        [`/boot/loader/entries/${id}.conf`]: blsEntry(title, kernel, args),
        '/etc/default/grub': `${defaults}GRUB_ENABLE_BLSCFG=true\n`,
        '/etc/kernel/cmdline': `${args}\n`,
      };
  }
}

/** What cloud-init needs to provision on Azure, and what the article has it log. */
export const cloudInit: PhonyTree = cloudInitOf('old');

/** From 24.3 on cloud-init.service is called cloud-init-network.service, and all stages run in one process. */
export const newCloudInit: PhonyTree = cloudInitOf('new');

function cloudInitOf(age: 'old' | 'new'): PhonyTree {
  const stages = age === 'old' ? ['cloud-init'] : ['cloud-init-main', 'cloud-init-network'];
  const units = ['cloud-init-local', ...stages, 'cloud-config', 'cloud-final'];
  return {
    '/usr/bin/cloud-init': { content: '#!/usr/bin/python3\n', mode: 0o755 },
    ...Object.assign({}, ...units.map((name) => parts.unit(`${name}.service`, { target: 'cloud-init.target' }))),
    '/usr/lib/systemd/system/cloud-init.target':
      '[Unit]\nDescription=Cloud-init target\n\n[Install]\nWantedBy=multi-user.target\n',
    '/etc/systemd/system/multi-user.target.wants/cloud-init.target': {
      link: '/usr/lib/systemd/system/cloud-init.target',
    },
    '/etc/cloud/cloud.cfg': `users:
  - default
disable_root: true
cloud_init_modules:
  - migrator
  - seed_random
  - bootcmd
  - write-files
  - growpart
  - resizefs
  - disk_setup
  - mounts
  - set_hostname
  - users-groups
  - ssh
cloud_config_modules:
  - locale
  - runcmd
cloud_final_modules:
  - scripts-user
  - ssh-authkey-fingerprints
  - final-message
`,
    '/etc/cloud/cloud.cfg.d/05_logging.cfg': "output: {all: '| tee -a /var/log/cloud-init-output.log'}\n",
    '/etc/cloud/cloud.cfg.d/10-azure-kvp.cfg':
      'reporting:\n  logging:\n    type: log\n  telemetry:\n    type: hyperv\n',
    '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg':
      'datasource_list: [ Azure ]\ndatasource:\n  Azure:\n    apply_network_config: False\n',
  };
}

/** waagent.conf of a guest that cloud-init provisions, as the article writes it. */
export const cloudInitProvisions = parts.agentProvisions
  .replace('Provisioning.Agent=auto', 'Provisioning.Agent=cloud-init')
  .replace('ResourceDisk.Format=y', 'ResourceDisk.Format=n')
  .replace('ResourceDisk.EnableSwap=y', 'ResourceDisk.EnableSwap=n')
  .replace('ResourceDisk.SwapSizeMB=2048', 'ResourceDisk.SwapSizeMB=0');

const dhcpProfile = `[connection]
id=eth0
type=ethernet
interface-name=eth0
autoconnect=true

[ipv4]
method=auto

[ipv6]
method=ignore
`;

export const ifcfgEth0 = `DEVICE=eth0
ONBOOT=yes
BOOTPROTO=dhcp
TYPE=Ethernet
USERCTL=no
PEERDNS=yes
IPV6INIT=no
PERSISTENT_DHCLIENT=yes
NM_CONTROLLED=yes
`;

/** Virtual functions of accelerated networking are left to hv_netvsc. */
export const sriov: PhonyTree = {
  '/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules':
    'SUBSYSTEM=="net", DRIVERS=="hv_pci", ACTION!="remove", ENV{NM_UNMANAGED}="1"\n',
  '/etc/NetworkManager/conf.d/99-azure-unmanaged-devices.conf':
    '[keyfile]\nunmanaged-devices=driver:mlx4_core,driver:mlx5_core\n',
};

function network(major: number): PhonyTree {
  const shared: PhonyTree = {
    '/etc/sysconfig/network': 'NETWORKING=yes\nHOSTNAME=localhost.localdomain\n',
    ...(major < 8 ? { '/etc/udev/rules.d/75-persistent-net-generator.rules': { link: '/dev/null' } } : {}),
  };
  const manager: PhonyTree = {
    '/usr/sbin/NetworkManager': { content: parts.elf(), mode: 0o755 },
    ...parts.unit('NetworkManager.service'),
    ...sriov,
  };
  if (major === 6)
    return {
      ...shared,
      '/etc/sysconfig/network-scripts/ifcfg-eth0': ifcfgEth0.replace(
        /NM_CONTROLLED=yes\n|PERSISTENT_DHCLIENT=yes\n/g,
        '',
      ),
    };
  if (major === 7) return { ...shared, ...manager, '/etc/sysconfig/network-scripts/ifcfg-eth0': ifcfgEth0 };
  return {
    ...shared,
    ...manager,
    '/etc/NetworkManager/system-connections/eth0.nmconnection': { content: dhcpProfile, mode: 0o600 },
  };
}

/** Release 6: upstart with chkconfig links, no merged /usr, mkinitrd as a front for dracut 004. */
function init6(): PhonyTree {
  const service = (name: string): PhonyTree => ({
    [`/etc/rc.d/init.d/${name}`]: {
      content: `#!/bin/sh\n# chkconfig: 2345 10 90\n# description: ${name}\n`,
      mode: 0o755,
    },
    ...Object.fromEntries(
      [2, 3, 4, 5].map((level) => [`/etc/rc.d/rc${level}.d/S10${name}`, { link: `../init.d/${name}` }]),
    ),
  });
  return {
    '/bin/sh': { content: parts.elf(), mode: 0o755 },
    '/sbin/init': { content: parts.elf(), mode: 0o755 },
    '/sbin/depmod': { content: parts.elf(), mode: 0o755 },
    '/etc/init.d': { link: 'rc.d/init.d' },
    '/etc/init/rc.conf': 'start on runlevel [0123456]\n',
    '/etc/inittab': 'id:3:initdefault:\n',
    ...service('network'),
    ...service('sshd'),
    ...service('waagent'),
  };
}

/** A guest of the family. */
export function redhat(guest: RedHat): PhonyTree {
  const { id, name, version, kernel, uefi = false, provisioner = 'cloud-init' } = guest;
  const major = Number(version.split('.')[0]);
  const holds = guest.holds ?? [...parts.hyperv, 'hyperv_keyboard', 'hid_hyperv'];
  const release: PhonyTree =
    major < 7
      ? {}
      : parts.osRelease({
          ID: id,
          VERSION_ID: version,
          NAME: name,
          PRETTY_NAME: `${name} ${version}`,
          ...(id === 'fedora' ? {} : { ID_LIKE: guest.like ?? (id === 'rhel' ? 'fedora' : 'rhel centos fedora') }),
        });
  const python = major >= 9 ? '3.9' : major === 8 ? '3.6' : major === 7 ? '2.7' : '2.6';
  return {
    ...(major < 7 ? init6() : { ...parts.mergedUsr, ...parts.systemd }),
    ...parts.accounts,
    ...release,
    '/etc/redhat-release': `${name} release ${version}\n`,
    ...(id === 'ol' ? { '/etc/oracle-release': `Oracle Linux Server release ${version}\n` } : {}),
    ...(id === 'centos' ? { '/etc/centos-release': `CentOS release ${version} (Final)\n` } : {}),
    ...parts.kernel({
      version: kernel,
      suffix: major < 7 ? '.ko' : '.ko.xz',
      initrd: `/boot/initramfs-${kernel}.img`,
      holds,
      ...(major < 7 ? { below: '/lib/modules' } : {}),
      ...(guest.builtin ? { builtin: guest.builtin } : {}),
      ...(guest.lacks ? { lacks: guest.lacks } : {}),
    }),
    ...boot(guest),
    '/etc/fstab': mounts(uefi),
    ...network(major),
    ...(major < 7
      ? {
          '/usr/sbin/sshd': { content: parts.elf(), mode: 0o755 },
          '/etc/ssh/sshd_config': 'ClientAliveInterval 180\n',
          '/sbin/dracut': { content: parts.elf(), mode: 0o755 },
        }
      : { ...parts.sshd('sshd'), '/usr/bin/dracut': { content: parts.elf(), mode: 0o755 } }),
    '/usr/lib/dracut/dracut.conf.d/01-dist.conf': 'hostonly="yes"\n',
    '/etc/dracut.conf.d/azure.conf': 'add_drivers+=" hv_vmbus hv_netvsc hv_storvsc "\n',
    ...parts.waagent({
      version: major < 7 ? '2.2.54.1' : '2.9.0.4',
      conf: provisioner === 'cloud-init' ? cloudInitProvisions : parts.agentProvisions,
      unit: 'waagent.service',
      python,
    }),
    ...(provisioner === 'cloud-init' ? cloudInit : {}),
    ...(major < 7 ? { '/usr/lib/python2.6/site-packages/pyasn1/__init__.py': '' } : {}),
    ...parts.rpmDatabase([
      ...(major < 8
        ? [`kernel-${kernel.replace(/\.x86_64$/, '')}`]
        : [`kernel-core-${kernel.replace(/\.x86_64$/, '')}`]),
      'WALinuxAgent-2.9.0.4-1',
      'openssh-server-8.7p1-38',
      'openssl-3.0.7-27',
      'hyperv-daemons-0-0.42',
      'cloud-utils-growpart-0.33-1',
      'gdisk-1.0.7-5',
      'cloud-init-23.4-7',
      ...(major < 7 ? [] : ['NetworkManager-1.46.0-1']),
      ...(guest.packages ?? []),
    ]),
    '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted\n',
    '/etc/modprobe.d/blacklist-floppy.conf': 'blacklist floppy\n',
  };
}
