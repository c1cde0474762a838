import type {
  BootEntry,
  Evidence,
  Facts,
  GuestPath,
  Initrd,
  InitrdModule,
  Kernel,
  NetworkProfile,
  Policy,
  ShellSetting,
  UnitState,
} from '../../src/model.ts';

/** The same type with nothing read-only in it, so that a test can bend one field. */
export type Bendable<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? Bendable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Bendable<T[Key]> }
    : T;

/** One item of a list that a test knows to be long enough. */
export function nth<T>(list: readonly T[], at: number): T {
  const item = list[at];
  if (item === undefined) throw new Error(`no item ${at} in a list of ${list.length}`);
  return item;
}

export const version = '6.1.0-32-amd64';
export const rootUuid = '0b5a1d6e-5f0b-4a8e-9a9c-3f2d7c1b8e01';
export const imagePath: GuestPath = `/boot/initrd.img-${version}`;

export function policy(over: Partial<Policy> = {}): Policy {
  return { profile: 'azure', targets: [], mode: 'generalized', allow: [], ...over };
}

export function setting(value: string, path: GuestPath, line = 1, text = value): ShellSetting {
  return { value, literal: true, at: { path, line, text } };
}

export function unit(name: string, state: Bendable<Partial<UnitState>> = {}): Bendable<UnitState> {
  const at: GuestPath = `/lib/systemd/system/${name}`;
  const link: GuestPath = `/etc/systemd/system/multi-user.target.wants/${name}`;
  // As facts have it: a unit without a file has no links that would start it.
  const links = {
    toEnable: { make: [{ path: link, to: at }], drop: [] },
    toDisable: { make: [], drop: [link] },
  };
  const known = 'at' in state && state.at === undefined ? {} : links;
  return { name, installed: true, enabled: true, masked: false, at, ...known, ...state };
}

export function noUnit(name: string): Bendable<UnitState> {
  return { name, installed: false, enabled: false, masked: false, at: undefined };
}

/** Module names to files, as modules.dep of Debian's generic kernel lists them. */
const moduleNames = [
  'hv_vmbus hv_storvsc hv_netvsc hv_utils hv_balloon hyperv_keyboard hid_hyperv hyperv_drm pci_hyperv',
  'scsi_mod scsi_common scsi_transport_fc sd_mod sr_mod cdrom ata_piix ata_generic nvme nvme_core',
  'udf crc_itu_t vfat fat nls_cp437 nls_ascii isofs ext4',
]
  .join(' ')
  .split(' ');

/** Debian 12's kernel: every driver is a module. */
export function kernel(over: Partial<Kernel> = {}): Bendable<Kernel> {
  const name = over.version ?? version;
  const made: Kernel = {
    version: name,
    class: 'normal',
    image: `/boot/vmlinuz-${name}`,
    modulesDir: `/lib/modules/${name}`,
    bootable: true,
    isDefault: true,
    modules: { is: 'there', value: Object.fromEntries(moduleNames.map((one) => [one, `kernel/${one}.ko`])) },
    dependsOn: { hv_storvsc: ['scsi_transport_fc', 'hv_vmbus', 'scsi_mod', 'scsi_common'], sd_mod: ['scsi_mod'] },
    hasModulesDep: true,
    builtin: { is: 'there', value: ['serial_core', '8250'] },
    config: {
      is: 'there',
      value: {
        CONFIG_HYPERV: 'm',
        CONFIG_FAT_DEFAULT_CODEPAGE: '437',
        CONFIG_FAT_DEFAULT_IOCHARSET: 'ascii',
        CONFIG_SERIAL_8250_CONSOLE: 'y',
        CONFIG_CIFS: 'm',
        CONFIG_WATCHDOG: 'y',
      },
    },
    ...over,
  };
  return made as Bendable<Kernel>;
}

export function initrdModules(names: readonly string[], forKernel = version): Bendable<InitrdModule>[] {
  return names.map((name) => ({
    name,
    path: `usr/lib/modules/${forKernel}/kernel/${name}.ko`,
    kernel: forKernel,
    bytes: 1,
  }));
}

/** An initrd as MODULES=most gives it. */
export function initrd(forKernel = version, texts: Readonly<Record<string, string>> = {}): Bendable<Initrd> {
  const names = moduleNames.filter((name) => name !== 'hv_utils' && name !== 'hv_balloon');
  return {
    kernel: forKernel,
    path: `/boot/initrd.img-${forKernel}`,
    content: {
      is: 'there',
      value: {
        is: 'read',
        bytes: 30_000_000,
        archives: [],
        modules: initrdModules(names, forKernel),
        kernels: [forKernel],
        builtin: [],
        hidden: undefined,
        texts: { ...texts },
      },
    },
  };
}

const kernelArgs = ['console=tty1', 'console=ttyS0,115200n8', 'earlyprintk=ttyS0,115200'];

export function entry(over: Partial<BootEntry> = {}): Bendable<BootEntry> {
  const name = over.version ?? version;
  const made: BootEntry = {
    title: 'Debian GNU/Linux',
    kernelPath: `/boot/vmlinuz-${name}`,
    version: name,
    args: [`root=UUID=${rootUuid}`, 'ro', ...kernelArgs],
    initrds: [`/boot/initrd.img-${name}`],
    isDefault: true,
    recovery: false,
    at: { path: '/boot/grub/grub.cfg', line: 120 },
    ...over,
  };
  return made as Bendable<BootEntry>;
}

const grubDefault: GuestPath = '/etc/default/grub';

function boot(): Facts['boot'] {
  return {
    kind: 'grub2',
    cfg: '/boot/grub/grub.cfg',
    entries: [
      entry(),
      entry({
        title: `Debian GNU/Linux, with Linux ${version}`,
        isDefault: false,
        at: { path: '/boot/grub/grub.cfg', line: 140 },
      }),
      entry({
        title: `Debian GNU/Linux, with Linux ${version} (recovery mode)`,
        isDefault: false,
        recovery: true,
        args: [`root=UUID=${rootUuid}`, 'ro', 'single'],
        at: { path: '/boot/grub/grub.cfg', line: 160 },
      }),
    ],
    sources: [grubDefault],
    settings: {
      GRUB_CMDLINE_LINUX: setting(kernelArgs.join(' '), grubDefault, 10),
      GRUB_CMDLINE_LINUX_DEFAULT: setting('', grubDefault, 9),
    },
    nextArgs: kernelArgs,
    nextAt: { path: grubDefault, line: 9, text: '' },
    alsoAsked: [],
    fixed: undefined,
    beside: [],
    menus: ['/boot/grub/grub.cfg'],
  };
}

const conf: GuestPath = '/etc/waagent.conf';

/** The agent's file as a person sees it, and as facts hold it. */
const confValues: Readonly<Record<string, string>> = {
  'Provisioning.Agent': 'waagent',
  'Provisioning.DeleteRootPassword': 'y',
  'Provisioning.RegenerateSshHostKeyPair': 'y',
  'ResourceDisk.Format': 'y',
  'ResourceDisk.Filesystem': 'ext4',
  'ResourceDisk.MountPoint': '/mnt/resource',
  'ResourceDisk.EnableSwap': 'y',
  'ResourceDisk.SwapSizeMB': '2048',
  'AutoUpdate.Enabled': 'y',
  'OS.RootDeviceScsiTimeout': '300',
};

export function confSettings(over: Readonly<Record<string, string | undefined>> = {}): Record<string, ShellSetting> {
  const all = Object.entries({ ...confValues, ...over });
  return Object.fromEntries(
    all.flatMap(([key, value], at) =>
      value === undefined ? [] : [[key, setting(value, conf, at + 1, `${key}=${value}`)]],
    ),
  );
}

function agent(): Facts['agent'] {
  return {
    waagent: {
      program: '/usr/sbin/waagent',
      version: '2.7.3.0-4.1',
      versionFrom: 'dpkg',
      unit: unit('walinuxagent.service'),
      conf,
      settings: { is: 'there', value: confSettings() },
      confFaults: [],
      python: { path: '/usr/bin/python3.11', version: '3.11.2', modules: ['distro'] },
      eject: true,
      mkfs: ['ext3', 'ext4'],
    },
    cloudInit: {
      installed: false,
      version: undefined,
      units: [],
      enabled: false,
      startedBy: undefined,
      disabledBy: [],
      files: [],
      datasources: undefined,
      dsIdentify: undefined,
      networkOff: undefined,
    },
    provisioner: 'waagent',
    others: [],
  };
}

/** cloud-init in the place of the agent's own provisioning. */
export function withCloudInit(facts: Bendable<Facts>): void {
  facts.agent.provisioner = 'cloud-init';
  facts.agent.waagent.settings = {
    is: 'there',
    value: confSettings({
      'Provisioning.Agent': 'auto',
      'ResourceDisk.Format': 'n',
      'ResourceDisk.EnableSwap': 'n',
      'Provisioning.RegenerateSshHostKeyPair': 'n',
    }),
  };
  facts.agent.cloudInit = {
    installed: true,
    version: '22.4.2-1',
    units: ['cloud-init-local', 'cloud-init', 'cloud-config', 'cloud-final'].map((name) => unit(`${name}.service`)),
    enabled: true,
    startedBy: '/usr/lib/systemd/system-generators/cloud-init-generator',
    disabledBy: [],
    files: [],
    datasources: { list: ['Azure'], at: { path: '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg', line: 1 } },
    dsIdentify: undefined,
    networkOff: undefined,
  };
}

/** DHCP for the card of the new machine, in a file that these services read. */
export function dhcpProfile(
  path: GuestPath,
  readBy: NetworkProfile['readBy'],
  over: Partial<NetworkProfile> = {},
): Bendable<NetworkProfile> {
  const at = { path, line: 5, text: 'dhcp' };
  return {
    format: 'ifcfg',
    name: 'eth0',
    at,
    fits: true,
    dhcp: true,
    fixed: false,
    idle: undefined,
    readBy: [...readBy],
    ...over,
  } as Bendable<NetworkProfile>;
}

function network(): Facts['network'] {
  return {
    services: {
      networkmanager: noUnit('NetworkManager.service'),
      networkd: unit('systemd-networkd.service', { enabled: false }),
      ifupdown: unit('networking.service'),
      wicked: noUnit('wicked.service'),
      network: noUnit('network.service'),
      netplan: noUnit('netplan'),
      dhcpcd: noUnit('dhcpcd.service'),
    },
    pins: [],
    profiles: [dhcpProfile('/etc/network/interfaces', ['ifupdown'])],
    idleManager: undefined,
    persistentRules: [],
  };
}

const fstabText = `UUID=${rootUuid} / ext4 errors=remount-ro 0 1\n`;

function storage(): Facts['storage'] {
  const at: Evidence = { path: '/etc/fstab', line: 1 };
  return {
    fstab: {
      is: 'there',
      value: [
        {
          source: `UUID=${rootUuid}`,
          target: '/',
          type: 'ext4',
          options: ['errors=remount-ro'],
          line: 1,
          text: fstabText.trimEnd(),
        },
      ],
    },
    mounts: [{ target: '/', source: `UUID=${rootUuid}`, on: 'partition', at }],
    ids: [{ device: '/dev/sda1', uuid: rootUuid, partuuid: '1f2e-01', label: undefined, type: 'ext4' }],
    swaps: [],
    disk: { is: 'absent' },
  };
}

const programs = [
  ...['openssl', 'sfdisk', 'fdisk', 'parted', 'mkfs.ext4', 'useradd', 'usermod', 'chpasswd', 'sudo', 'ip', 'nft'],
  ...['eject', 'growpart', 'sgdisk', 'hv_kvp_daemon'],
];

function software(): Facts['software'] {
  const at = { path: '/etc/apt/sources.list', line: 1 } as const;
  return {
    programs: Object.fromEntries(programs.map((name): [string, GuestPath] => [name, `/usr/sbin/${name}`])),
    sources: [{ id: 'bookworm', address: 'http://deb.debian.org/debian', enabled: true, at }],
  };
}

/** A guest that nobody has used yet. */
function noTraces(): Facts['traces'] {
  const none = () => ({ is: 'there', value: [] }) as const;
  return {
    'host-keys': none(),
    leases: none(),
    'other-leases': none(),
    'random-seeds': none(),
    'cloud-init': none(),
    'agent-state': none(),
    'agent-log': none(),
    'machine-id': none(),
    'dbus-machine-id': none(),
    'old-passwords': none(),
  };
}

/**
 * What is known of a Debian 12 guest that is ready: no check has anything to say against it. `bend` spoils what a test is
 * about; each call gives a record of its own.
 */
export function debianFacts(bend: (facts: Bendable<Facts>) => void = () => {}): Facts {
  const facts: Facts = {
    where: 'offline',
    os: {
      distro: {
        id: 'debian',
        like: [],
        version: '12',
        family: 'debian',
        pretty: 'Debian GNU/Linux 12 (bookworm)',
        from: '/etc/os-release',
      },
      arch: { is: 'there', value: 'x86_64' },
      firmware: { is: 'bios', evidence: [] },
      init: 'systemd',
      imageBased: undefined,
      packages: {
        is: 'there',
        value: { waagent: '2.7.3.0-4.1', openssl: '3.0.17-1~deb12u2', 'hyperv-daemons': '6.1.148-1' },
      },
    },
    kernels: [kernel()],
    initrds: [initrd()],
    initrdTool: {
      kind: 'initramfs-tools',
      modules: [],
      modulesFile: '/etc/initramfs-tools/modules',
      mode: 'most',
      modeAt: { path: '/etc/initramfs-tools/initramfs.conf', line: 20, text: 'MODULES=most' },
      update: 'yes',
      rootdelaySleeps: true,
      resume: undefined,
    },
    boot: boot(),
    esp: { is: 'absent' },
    modprobe: [],
    network: network(),
    agent: agent(),
    storage: storage(),
    ssh: {
      server: '/usr/sbin/sshd',
      config: '/etc/ssh/sshd_config',
      unit: unit('ssh.service'),
      settings: { clientaliveinterval: setting('180', '/etc/ssh/sshd_config', 99, 'ClientAliveInterval 180') },
      hostKeys: ['/etc/ssh/ssh_host_ed25519_key'],
      keyMakers: [],
    },
    accounts: {
      users: [
        { name: 'root', uid: 0, home: '/root', shell: '/bin/bash', password: 'locked' },
        { name: 'daemon', uid: 1, home: '/usr/sbin', shell: '/usr/sbin/nologin', password: 'locked' },
      ],
      shadow: { is: 'there', value: true },
      rootLockedByAgent: false,
      sudoers: { main: '/etc/sudoers', lines: [], visudo: '/usr/sbin/visudo' },
      authorizedKeys: [],
      firstUid: 1000,
      histories: [],
    },
    system: {
      serialLogin: { masked: undefined, on: undefined, off: undefined },
      selinux: { mode: undefined, at: undefined, relabels: false },
      chrony: undefined,
      sysrq: { path: '/etc/sysctl.d/99-sysrq.conf', line: 1, text: 'kernel.sysrq = 1' },
      lvmDevices: undefined,
      registrations: [],
    },
    software: software(),
    traces: noTraces(),
    sealed: undefined,
    live: undefined,
    texts: { '/etc/fstab': fstabText },
    unreadable: {},
    links: {},
  };
  const own = structuredClone(facts) as Bendable<Facts>;
  bend(own);
  return own;
}

/** Puts a file in place: its text, for wants that quote a line. */
export function write(facts: Bendable<Facts>, path: GuestPath, text: string): void {
  facts.texts[path] = text;
}
