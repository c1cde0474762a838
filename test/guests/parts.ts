/** What phony guests are put together from. Everything is written from the documented shape of the real thing. */
import { makeCpio } from '../lib/cpio-writer.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { ndbFile, rpmHeader } from '../lib/rpm-writer.ts';

export const rootUuid = '0b5a1d6e-5f0b-4a8e-9a9c-3f2d7c1b8e01';
export const bootUuid = '7c1f6a52-93a4-4f3b-8b62-50d1c0f3aa02';
export const espUuid = '5A1D-6E5F';

/** Module to its place below `kernel/`: what a distribution's kernel brings as modules. */
const modules: Readonly<Record<string, { readonly at: string; readonly needs?: readonly string[] }>> = {
  hv_vmbus: { at: 'drivers/hv/hv_vmbus' },
  hv_storvsc: { at: 'drivers/scsi/hv_storvsc', needs: ['scsi_transport_fc', 'hv_vmbus', 'scsi_mod'] },
  hv_netvsc: { at: 'drivers/net/hyperv/hv_netvsc', needs: ['hv_vmbus'] },
  hv_utils: { at: 'drivers/hv/hv_utils', needs: ['hv_vmbus'] },
  hv_balloon: { at: 'drivers/hv/hv_balloon', needs: ['hv_vmbus'] },
  hyperv_keyboard: { at: 'drivers/input/serio/hyperv-keyboard', needs: ['hv_vmbus'] },
  hid_hyperv: { at: 'drivers/hid/hid-hyperv', needs: ['hv_vmbus'] },
  hyperv_drm: { at: 'drivers/gpu/drm/hyperv/hyperv_drm', needs: ['hv_vmbus'] },
  pci_hyperv: { at: 'drivers/pci/controller/pci-hyperv', needs: ['hv_vmbus'] },
  scsi_mod: { at: 'drivers/scsi/scsi_mod' },
  scsi_transport_fc: { at: 'drivers/scsi/scsi_transport_fc', needs: ['scsi_mod'] },
  sd_mod: { at: 'drivers/scsi/sd_mod', needs: ['scsi_mod'] },
  sr_mod: { at: 'drivers/scsi/sr_mod', needs: ['cdrom', 'scsi_mod'] },
  cdrom: { at: 'drivers/cdrom/cdrom' },
  ata_piix: { at: 'drivers/ata/ata_piix', needs: ['scsi_mod'] },
  ata_generic: { at: 'drivers/ata/ata_generic', needs: ['scsi_mod'] },
  nvme: { at: 'drivers/nvme/host/nvme', needs: ['nvme_core'] },
  nvme_core: { at: 'drivers/nvme/host/nvme-core' },
  virtio_blk: { at: 'drivers/block/virtio_blk' },
  udf: { at: 'fs/udf/udf', needs: ['crc_itu_t'] },
  crc_itu_t: { at: 'lib/crc-itu-t' },
  isofs: { at: 'fs/isofs/isofs' },
  vfat: { at: 'fs/fat/vfat', needs: ['fat'] },
  fat: { at: 'fs/fat/fat' },
  nls_cp437: { at: 'fs/nls/nls_cp437' },
  nls_ascii: { at: 'fs/nls/nls_ascii' },
  nls_iso8859_1: { at: 'fs/nls/nls_iso8859-1' },
  ext4: { at: 'fs/ext4/ext4' },
  xfs: { at: 'fs/xfs/xfs' },
};

export interface PhonyKernel {
  readonly version: string;
  /** Default `/boot/vmlinuz-VERSION`. */
  readonly image?: `/${string}`;
  /** Where its initrd lies; undefined: it has none. */
  readonly initrd?: `/${string}`;
  /** Modules in that initrd. */
  readonly holds?: readonly string[];
  /** Text files in that initrd. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Not built at all. */
  readonly lacks?: readonly string[];
  readonly builtin?: readonly string[];
  /** The suffix of its module files; default `.ko.xz`. */
  readonly suffix?: string;
  readonly config?: string;
  /** Folder that holds VERSION/; default `/usr/lib/modules`. */
  readonly below?: `/${string}`;
  readonly withoutModulesDep?: boolean;
}

/** The drivers that the article asks for, and what they cannot do without. */
export const hyperv = ['hv_vmbus', 'hv_storvsc', 'hv_netvsc', 'scsi_mod', 'scsi_transport_fc', 'sd_mod'] as const;

/** A kernel with its modules folder, its image, and the initrd. */
export function kernel(one: PhonyKernel): PhonyTree {
  const { version, lacks = [], builtin = [], suffix = '.ko.xz', holds = [], texts = {} } = one;
  const lib = `${one.below ?? '/usr/lib/modules'}/${version}` as const;
  const there = Object.entries(modules).filter(([name]) => !lacks.includes(name) && !builtin.includes(name));
  const file = (name: string) => `kernel/${modules[name]?.at ?? `drivers/${name}`}${suffix}`;
  const needs = (name: string): string[] => {
    const direct = (modules[name]?.needs ?? []).filter((need) => there.some(([other]) => other === need));
    return [...new Set(direct.flatMap((need) => [need, ...needs(need)]))];
  };
  const dep = there.map(
    ([name]) =>
      `${file(name)}:${needs(name)
        .map((need) => ` ${file(need)}`)
        .join('')}\n`,
  );
  return {
    [one.image ?? `/boot/vmlinuz-${version}`]: bzImage(version),
    [`/boot/config-${version}`]: one.config ?? kernelConfig,
    [`${lib}/modules.builtin`]: builtin.map((name) => `kernel/${modules[name]?.at ?? `drivers/${name}`}.ko\n`).join(''),
    ...(one.withoutModulesDep ? {} : { [`${lib}/modules.dep`]: dep.join('') }),
    ...Object.fromEntries(there.map(([name]) => [`${lib}/${file(name)}`, `module ${name}\n`])),
    ...(one.initrd ? { [one.initrd]: initrdImage(version, holds, texts, suffix) } : {}),
  };
}

/** An uncompressed initrd with these modules. */
export function initrdImage(
  version: string,
  holds: readonly string[],
  texts: Readonly<Record<string, string>> = {},
  suffix = '.ko.xz',
): Uint8Array {
  return makeCpio([
    { path: 'init', body: '#!/bin/sh\n' },
    ...holds.map((name) => ({
      path: `usr/lib/modules/${version}/kernel/${modules[name]?.at ?? `drivers/${name}`}${suffix}`,
      body: `module ${name}\n`,
    })),
    ...Object.entries(texts).map(([path, body]) => ({ path, body })),
  ]);
}

const kernelConfig = `CONFIG_HYPERV=m
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_CIFS=m
CONFIG_WATCHDOG=y
CONFIG_FAT_DEFAULT_CODEPAGE=437
CONFIG_FAT_DEFAULT_IOCHARSET="ascii"
CONFIG_NLS_DEFAULT="utf8"
`;

/** The head of an x86 kernel image: the set-up header says where its version stands (boot.rst, kernel_version). */
export function bzImage(version: string): Uint8Array {
  const image = Buffer.alloc(0x400);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x100, 0x20e);
  image.write(`${version} (builder) #1 SMP\0`, 0x300, 'latin1');
  return image;
}

/** A program of the firmware: DOS header, `PE`, COFF header with the machine it is for, and something to tell it by. */
export function efiProgram(says: string, machine: 'x86_64' | 'aarch64' = 'x86_64'): Uint8Array {
  const program = Buffer.alloc(160);
  program.write('MZ', 0, 'latin1');
  program.writeUInt32LE(64, 60);
  program.write('PE', 64, 'latin1');
  program.writeUInt16LE(machine === 'x86_64' ? 0x8664 : 0xaa64, 68);
  program.write(says, 96, 'latin1');
  return program;
}

/** The head of an ELF program: 64-bit, little-endian. */
export function elf(machine: 'x86_64' | 'aarch64' = 'x86_64'): Uint8Array {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 0, 'latin1');
  head[4] = 2;
  head[5] = 1;
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(machine === 'x86_64' ? 62 : 183, 18);
  return head;
}

/** /bin, /sbin and /lib are links into /usr, as on every current distribution. */
export const mergedUsr: PhonyTree = {
  '/bin': { link: 'usr/bin' },
  '/sbin': { link: 'usr/sbin' },
  '/lib': { link: 'usr/lib' },
  '/usr/bin/sh': { content: elf(), mode: 0o755 },
  '/usr/sbin/depmod': { content: elf(), mode: 0o755 },
  '/usr/bin/passwd': { content: elf(), mode: 0o755 },
};

/** os-release with its link in /etc. */
export function osRelease(fields: Readonly<Record<string, string>>): PhonyTree {
  const text = Object.entries(fields).map(([key, value]) => `${key}="${value}"\n`);
  return { '/usr/lib/os-release': text.join(''), '/etc/os-release': { link: '../usr/lib/os-release' } };
}

/** systemd as init, and the folders it keeps links in. */
export const systemd: PhonyTree = {
  '/usr/lib/systemd/systemd': { content: elf(), mode: 0o755 },
  '/usr/sbin/init': { link: '../lib/systemd/systemd' },
  '/etc/systemd/system/multi-user.target.wants': { folder: true },
  '/var/log/journal': { folder: true },
};

/** A unit below /usr/lib, enabled for the target that its [Install] section names. */
export function unit(name: string, { enabled = true, target = 'multi-user.target', alias = '' } = {}): PhonyTree {
  const at = `/usr/lib/systemd/system/${name}` as const;
  const text = `[Unit]\nDescription=${name}\n\n[Service]\nExecStart=/usr/bin/true\n\n[Install]\nWantedBy=${target}\n${alias === '' ? '' : `Alias=${alias}\n`}`;
  return {
    [at]: text,
    ...(enabled ? { [`/etc/systemd/system/${target}.wants/${name}`]: { link: at } } : {}),
    ...(enabled && alias !== '' ? { [`/etc/systemd/system/${alias}`]: { link: at } } : {}),
  };
}

/** What the agent calls while it provisions, and what grows the root partition. */
const tools = ['useradd', 'usermod', 'chpasswd', 'sfdisk', 'parted', 'iptables', 'ip', 'sgdisk'];

/** The accounts of a fresh installation: root and the services are locked; and the programs that handle them. */
export const accounts: PhonyTree = {
  ...Object.fromEntries(tools.map((name) => [`/usr/sbin/${name}`, { content: elf(), mode: 0o755 }])),
  ...Object.fromEntries(
    ['sudo', 'openssl', 'growpart'].map((name) => [`/usr/bin/${name}`, { content: elf(), mode: 0o755 }]),
  ),
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/shadow': {
    content: 'root:*:19700:0:99999:7:::\ndaemon:*:19700:0:99999:7:::\nnobody:*:19700:0:99999:7:::\n',
    mode: 0o600,
  },
  '/etc/group': 'root:x:0:\nsudo:x:27:\n',
  '/etc/login.defs': 'UID_MIN 1000\nUID_MAX 60000\n',
  '/etc/sudoers': { content: 'Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n', mode: 0o440 },
  '/root': { folder: true, mode: 0o700 },
  '/var/lib': { folder: true },
  '/var/tmp': { folder: true, mode: 0o1777 },
  '/tmp': { folder: true, mode: 0o1777 },
  '/mnt': { folder: true },
};

/** An SSH server that keeps idle sessions alive as the certification asks. */
export function sshd(service: 'ssh' | 'sshd'): PhonyTree {
  return {
    '/usr/sbin/sshd': { content: elf(), mode: 0o755 },
    '/etc/ssh/sshd_config': { content: 'ClientAliveInterval 180\nPasswordAuthentication no\n', mode: 0o600 },
    ...unit(`${service}.service`, service === 'ssh' ? { alias: 'sshd.service' } : {}),
  };
}

/** The agent as installed by a package, in Python's own folder. */
export function waagent(options: {
  readonly version: string;
  readonly conf: string;
  readonly unit: string;
  readonly program?: `/${string}`;
  readonly python?: string;
  readonly sites?: `/${string}`;
}): PhonyTree {
  const { version, conf, program = '/usr/sbin/waagent', python = '3.11' } = options;
  const sites = options.sites ?? `/usr/lib/python${python}/site-packages`;
  return {
    [program]: { content: '#!/usr/bin/python3 -u\nimport azurelinuxagent.agent as agent\nagent.main()\n', mode: 0o755 },
    [`/usr/bin/python${python}`]: { content: elf(), mode: 0o755 },
    '/usr/bin/python3': { link: `python${python}` },
    [`${sites}/azurelinuxagent/common/version.py`]: `AGENT_NAME = "WALinuxAgent"\nAGENT_VERSION = '${version}'\n`,
    [`${sites}/distro/__init__.py`]: '',
    [`/usr/lib/python${python}/os.py`]: '',
    '/etc/waagent.conf': conf,
    '/usr/bin/eject': { content: elf(), mode: 0o755 },
    '/usr/sbin/mkfs.ext4': { content: elf(), mode: 0o755 },
    ...unit(options.unit),
  };
}

/** waagent.conf of a guest that the agent itself provisions, as the article writes it. */
export const agentProvisions = `Provisioning.Agent=auto
Provisioning.DeleteRootPassword=y
Provisioning.RegenerateSshHostKeyPair=y
ResourceDisk.Format=y
ResourceDisk.Filesystem=ext4
ResourceDisk.MountPoint=/mnt/resource
ResourceDisk.EnableSwap=y
ResourceDisk.SwapSizeMB=2048
OS.RootDeviceScsiTimeout=300
AutoUpdate.Enabled=y
`;

/** One normal entry of a generated GRUB 2 menu per kernel, as 10_linux writes it; the first is the default. */
export function grubCfg(
  entries: readonly {
    readonly title: string;
    readonly linux: string;
    readonly args: string;
    readonly initrd: string;
  }[],
): string {
  const items = entries.map(
    ({ title, linux, args, initrd }) =>
      `menuentry '${title}' --class gnu-linux --class os $menuentry_id_option 'gnulinux-${linux}' {\n\tload_video\n\tinsmod gzio\n\tinsmod part_gpt\n\tinsmod ext2\n\tlinux\t${linux} root=UUID=${rootUuid} ro ${args}\n\tinitrd\t${initrd}\n}\n`,
  );
  return `set default="0"\nserial --speed=115200 --unit=0 --word=8 --parity=no --stop=1\nterminal_input serial console\n\n### BEGIN /etc/grub.d/10_linux ###\n${items.join('')}### END /etc/grub.d/10_linux ###\n`;
}

/** The kernel line that has all that is asked for on x86, on Debian: its initrd would sleep for a rootdelay. */
export const goodLine = 'console=tty1 console=ttyS0,115200n8 earlyprintk=ttyS0,115200';

/** The same elsewhere. */
export const delayedLine = `${goodLine} rootdelay=300`;

export const fstab = `UUID=${rootUuid} / ext4 defaults 0 1\n`;

/** A swap file as mkswap(8) leaves it: ten letters at the end of its first page. */
export function swapFile(): Uint8Array {
  const page = Buffer.alloc(4096);
  page.write('SWAPSPACE2', 4086, 'latin1');
  return page;
}

/**
 * rpm's database, with packages named `name-version-release`. Always in the format of SUSE 15 and later, which tests can write:
 * those of the other releases are read in test/formats.
 */
export function rpmDatabase(names: readonly string[]): PhonyTree {
  const headers = names.map((one) => {
    const [, name = one, version = '1', release = '1'] = /^(.+)-([^-]+)-([^-]+)$/.exec(one) ?? [];
    return rpmHeader({ name, version, release });
  });
  return { '/var/lib/rpm/Packages.db': ndbFile(headers) };
}
