/**
 * Every type that passes between the parts of prep-guest. Imports nothing.
 *
 *  guest --scan--> Facts --examine--> Finding[] --makePlan--> Plan --apply--> guest + Journal --seal--> image
 *    ^                                   ^                                        |
 *    +------ verify, watch: scan and examine again, compare <---------------------+     rollback reads the Journal back
 *
 * Facts are what a guest is, without judgement. Checks look at facts and answer. An answer that is not content holds
 * findings; a finding may want changes, said without verbs. Only the plan knows how a change is made.
 */

// ---------------------------------------------------------------------------------------------------- the guest

/** A path as the guest sees it. A relative path does not compile. */
export type GuestPath = `/${string}`;

/** What came of reading one thing. Absence and failure are answers, not exceptions. */
export type Read<T> = { is: 'there'; value: T } | { is: 'absent' } | { is: 'unreadable'; why: string };

/** What lstat says of one path: never of what a link points to. */
export interface FileStat {
  readonly type: 'file' | 'folder' | 'link' | 'special';
  readonly bytes: number;
  /** Permission bits with setuid, setgid and sticky: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Number of hard links. */
  readonly links: number;
  readonly device: number;
  readonly inode: number;
  /** Modification time, nanoseconds since 1970, decimal. A string, since it does not fit a double. */
  readonly modifiedNs: string;
  /** Major and minor number where `type` is `special` and it is a device. */
  readonly rdev?: number;
}

/** Where the program stands: on the running machine (`/`) or on a mounted root (`--root`). */
export type Where = 'live' | 'offline';

/** What the user asked for; checks and planning see it beside the facts. */
export interface Policy {
  /** `azure`: the rules as of today. `seed-2018`: the 2018 article to the letter. */
  readonly profile: 'azure' | 'seed-2018';
  /** What the image must boot on. Empty: gen1 and gen2 as far as the disk allows. */
  readonly targets: readonly ('gen1' | 'gen2' | 'nvme')[];
  /** `specialized`: this one machine migrates; it is never sealed and its provisioning agent is left alone. */
  readonly mode: 'generalized' | 'specialized';
  /** Names given with `--allow`: fixes that lose something or are a matter of taste. */
  readonly allow: readonly string[];
}

// ---------------------------------------------------------------------------------------------------- facts

/** A place in a file, as evidence. Lines count from 1. */
export interface Evidence {
  readonly path: GuestPath;
  readonly line?: number;
  readonly text?: string;
}

/** Families are what the code distinguishes; `distro.id` is what the guest calls itself. */
export type FamilyName =
  | 'debian'
  | 'ubuntu'
  | 'rhel'
  | 'oracle'
  | 'fedora'
  | 'suse'
  | 'azurelinux'
  | 'arch'
  | 'alpine'
  | 'unknown';

/** What installs packages. */
export type PackageManagerName = 'apt' | 'yum' | 'dnf' | 'tdnf' | 'zypper' | 'pacman' | 'apk';

export interface OsFacts {
  readonly distro: {
    /** `ID` of os-release, or the name derived from a legacy file. Empty when nothing was found. */
    readonly id: string;
    readonly like: readonly string[];
    /** `VERSION_ID`; for Debian testing and sid empty. */
    readonly version: string;
    readonly family: FamilyName;
    readonly pretty: string;
    /** The file that told. */
    readonly from: GuestPath | undefined;
  };
  /** `x86_64`, `aarch64`, `i686` …: from the ELF header of the guest's shell, never from the preparing machine. */
  readonly arch: Read<string>;
  /** `both`: an EFI system partition and a BIOS boot loader. `none`: neither was found. Evidence says by what. */
  readonly firmware: { readonly is: 'bios' | 'uefi' | 'both' | 'unknown'; readonly evidence: readonly Evidence[] };
  readonly init: 'systemd' | 'sysv' | 'openrc' | 'upstart' | 'unknown';
  /** Set where the system is image-based or /usr is read-only (ostree, Flatcar …): inspected, never edited (CJ-32). */
  readonly imageBased: string | undefined;
  /** Installed packages (dpkg state `install ok installed`; rpm and others where readable): name to version. */
  readonly packages: Read<Readonly<Record<string, string>>>;
}

/** Where a driver is for one kernel. `unknown` where the module lists cannot be read. */
export type DriverAt = 'builtin' | 'module' | 'missing' | 'unknown';

/** One kernel: an image in /boot (or beside its modules), a folder below lib/modules, or both. */
export interface Kernel {
  readonly version: string;
  readonly class: 'normal' | 'rescue' | 'kdump';
  readonly image: GuestPath | undefined;
  readonly modulesDir: GuestPath | undefined;
  /** Has an image and is offered or could be offered by the boot loader; false for leftovers. */
  readonly bootable: boolean;
  /** The default boot entry starts this one. */
  readonly isDefault: boolean;
  /** Normalised module name (`hv_vmbus`, always `_`) to its file below the modules folder. From modules.dep, else by walking. */
  readonly modules: Read<Readonly<Record<string, string>>>;
  /** Module name to the normalised names it needs, transitively as modules.dep lists them. Empty when walked. */
  readonly dependsOn: Readonly<Record<string, readonly string[]>>;
  /** Module name to the normalised names that modules.softdep wants loaded before it, where it names modules (some are aliases). */
  readonly softDependsOn?: Readonly<Record<string, readonly string[]>>;
  /** modules.dep was there; when not, `modules` was made by walking and that is itself a finding. */
  readonly hasModulesDep: boolean;
  /** Normalised names in modules.builtin. */
  readonly builtin: Read<readonly string[]>;
  /** Commits (12 digits) of the corrections that the article asks for, which the changelog of the kernel's package names, and
   *  where it was read. Not there for kernels that are new enough to hold all, and where no changelog was found. */
  readonly corrections?: { readonly commits: readonly string[]; readonly at: GuestPath } | undefined;
  /** /boot/config-VERSION: `CONFIG_X` to `y`, `m`, or a value; `# … is not set` is absent. */
  readonly config: Read<Readonly<Record<string, string>>>;
}

/** One archive (or compressed stream of archives) inside an initrd's buffer. */
export interface InitrdArchive {
  /** Offset in the file, bytes. */
  readonly offset: number;
  /** Length in the file, bytes. */
  readonly bytes: number;
  readonly compression: 'none' | 'gzip' | 'bzip2' | 'lzma' | 'xz' | 'lzo' | 'lz4' | 'zstd';
  /** Unpacked bytes: the length of the cpio data itself. */
  readonly unpacked: number;
  readonly entries: number;
  /** `newc` (070701) or `crc` (070702). */
  readonly format: 'newc' | 'crc';
  /** The archive ended with its TRAILER!!! entry. */
  readonly trailer: boolean;
  /** Holds nothing but early microcode and tables. */
  readonly early: boolean;
}

/** One kernel module found inside an initrd. */
export interface InitrdModule {
  /** Normalised: `_` for `-`, no suffix. */
  readonly name: string;
  /** Path as in the archive, without leading `/` or `./`. */
  readonly path: string;
  /** The kernel version in the path. */
  readonly kernel: string;
  readonly bytes: number;
}

/** What our reader made of one initrd file. `unknown` is never "missing": it says why and where it stopped. */
export type InitrdContent =
  | {
      readonly is: 'read';
      readonly bytes: number;
      readonly archives: readonly InitrdArchive[];
      readonly modules: readonly InitrdModule[];
      /** Kernel versions that appear as folders below lib/modules. */
      readonly kernels: readonly string[];
      /** Normalised names in a modules.builtin held by the image. */
      readonly builtin: readonly string[];
      /** A squashfs or erofs root inside hides its files: what is not seen may still be there. */
      readonly hidden: string | undefined;
      /** Small text files kept on purpose (`conf/modules`, `etc/cmdline.d/*`, `etc/modprobe.d/*`): path to text. */
      readonly texts: Readonly<Record<string, string>>;
    }
  | { readonly is: 'unknown'; readonly why: string; readonly offset: number; readonly bytes: number };

/** Bytes that can be read at any offset: what reading an initrd needs of an open file. */
export interface ByteReader {
  /** Length in bytes. */
  readonly size: number;
  /** Fills `into` from `offset`; returns the bytes read, 0 only at the end. Throws on an I/O error. */
  readAt(into: Uint8Array, offset: number): number;
  /** The open file, where there is one: a child process may read it by itself. */
  readonly fd?: number;
}

/** What came of unpacking. `end`: the offset right behind the compressed data, where the next member or padding may begin. */
export type Unpacked =
  | { readonly is: 'done'; readonly end: number }
  | { readonly is: 'stopped'; readonly end: number | undefined }
  | { readonly is: 'failed'; readonly why: string };

/** Unpacks the compressed members of an initrd, of which there may be several in one file. */
export interface Unpacker {
  /**
   * Unpacks what begins at `from` and hands its output to `take`, in order; a chunk is valid during the call only. `take`
   * answers false to stop. Corrupt data, limits and an aborted signal are `failed`; errors of reading the source throw.
   */
  unpack(
    source: ByteReader,
    from: number,
    compression: Exclude<InitrdArchive['compression'], 'none'>,
    take: (chunk: Uint8Array) => boolean,
    signal?: AbortSignal,
  ): Promise<Unpacked>;
}

/** One initrd of a kernel. Where entries load different ones, that of the deciding entry comes first. */
export interface Initrd {
  readonly kernel: string;
  /** Where it is, or where it ought to be when `content` is absent. */
  readonly path: GuestPath;
  readonly content: Read<InitrdContent>;
}

/** The tool that builds initrds here, with the settings that decide what goes in. */
export type InitrdTool =
  | {
      readonly kind: 'initramfs-tools';
      /** /etc/initramfs-tools/modules: active lines. */
      readonly modules: readonly { readonly name: string; readonly line: number; readonly text: string }[];
      readonly modulesFile: GuestPath;
      /** Effective `MODULES=` after conf.d: most, dep, list, netboot. */
      readonly mode: string;
      readonly modeAt: Evidence | undefined;
      /** `update_initramfs=` of update-initramfs.conf: yes, all, no. */
      readonly update: string;
      /** `sleep "$ROOTDELAY"` stands in the tool's own init: rootdelay= would delay every boot by its value (CJ-1). */
      readonly rootdelaySleeps: boolean;
      /** Effective RESUME= with its place. */
      readonly resume: { readonly value: string; readonly at: Evidence } | undefined;
    }
  | {
      readonly kind: 'dracut';
      readonly version: string;
      /** Effective after merging and sourcing the files in order, each value split at blanks, normalised to `_`. */
      readonly addDrivers: readonly string[];
      readonly forceDrivers: readonly string[];
      readonly omitDrivers: readonly { readonly name: string; readonly at: Evidence }[];
      /** `drivers=`, which restricts to exactly these; undefined when not set. */
      readonly drivers: readonly string[] | undefined;
      readonly hostonly: boolean;
      /** Names that were glued together because blanks were missing, or broken quotes: each with its place. */
      readonly faults: readonly { readonly says: string; readonly at: Evidence }[];
      readonly files: readonly GuestPath[];
      readonly program: GuestPath;
      /** Arguments of this version that make an image for any machine; version 004 (RHEL 6) knows none and makes no other. */
      readonly anyMachine: readonly string[];
    }
  | {
      readonly kind: 'mkinitrd';
      /** `redhat`: RHEL 5. `suse`: SUSE 11. Later ones call dracut under that name. */
      readonly flavour: 'redhat' | 'suse';
      readonly program: GuestPath;
      /** Drivers that the lasting configuration names (scsi_hostadapter aliases, MODULES and PREMODS; INITRD_MODULES), normalised. */
      readonly modules: readonly string[];
      readonly faults: readonly { readonly says: string; readonly at: Evidence }[];
      readonly files: readonly GuestPath[];
    }
  | {
      readonly kind: 'mkinitcpio';
      readonly program: GuestPath;
      /** The arrays MODULES and HOOKS after every file; modules normalised. */
      readonly modules: readonly string[];
      readonly hooks: readonly string[];
      /** The file whose MODULES counts last: where one more is named. */
      readonly modulesFile: GuestPath;
      /** Why nothing can be added to MODULES: one of its assignments cannot be taken apart. */
      readonly odd?: string;
      readonly faults: readonly { readonly says: string; readonly at: Evidence }[];
      readonly files: readonly GuestPath[];
    }
  | {
      readonly kind: 'mkinitfs';
      readonly program: GuestPath;
      readonly conf: GuestPath;
      readonly features: readonly string[];
      /** Patterns of module files below lib/modules/VERSION, of all features that are on. */
      readonly patterns: readonly string[];
      readonly files: readonly GuestPath[];
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** One boot entry with what the kernel will be given. */
export interface BootEntry {
  readonly title: string;
  /** Guest path of the kernel image (boot-partition-relative paths already mapped below /boot). */
  readonly kernelPath: GuestPath;
  readonly version: string | undefined;
  /** The kernel line after the image: ordered, repeats kept, quotes as written. */
  readonly args: readonly string[];
  readonly initrds: readonly GuestPath[];
  /** Those of `initrds` that are not there, where some are not. */
  readonly missing?: readonly GuestPath[];
  readonly isDefault: boolean;
  /** Recovery, rescue or memtest-like: shown, never decides a `must`. */
  readonly recovery: boolean;
  readonly at: { readonly path: GuestPath; readonly line: number };
}

/** A variable of a sourced shell file with its effective value and the last place that set it. */
export interface ShellSetting {
  readonly value: string;
  readonly at: Evidence;
  /** False where the value holds a substitution or other shell code that we do not evaluate. */
  readonly literal: boolean;
}

/** A place that some program takes a kernel line from, beside the one that decides what the next update gives. */
export interface AskedLine {
  readonly at: Evidence;
  /** Undefined where shell code puts it together. */
  readonly args: readonly string[] | undefined;
  /** The program that reads it: `grub2-mkconfig`. */
  readonly readBy: string;
}

/** What every boot loader that is known tells of itself, whatever its kind. */
export interface LoaderFacts {
  /** Where the firmware really ends: the generated menu, or the file or folder that holds the entries. */
  readonly cfg: GuestPath;
  /** Every entry of every menu, with the line that the kernel will be given (variables of the loader filled in). */
  readonly entries: readonly BootEntry[];
  /** Files that a menu or a new entry is made from, in the order they are read. Those that are not there are left out. */
  readonly sources: readonly GuestPath[];
  /** Their variables, where they are shell files. */
  readonly settings: Readonly<Record<string, ShellSetting>>;
  /** What an update gives a new normal entry, as far as the sources ask for it; undefined where shell code puts it together. */
  readonly nextArgs: readonly string[] | undefined;
  /** Where that is asked for. The line of an entry where a new one is made like it. */
  readonly nextAt: Evidence;
  /** Other places that hold a line of their own and should agree. */
  readonly alsoAsked: readonly AskedLine[];
  /** Why the kernel line cannot be edited here at all; undefined where it can. */
  readonly fixed: string | undefined;
  /** Configurations of other boot loaders that were found and do not decide. */
  readonly beside: readonly Evidence[];
}

export type BootLoader =
  | (LoaderFacts & {
      readonly kind: 'grub2';
      /** Every full menu, `cfg` first: a disk that starts by BIOS and by UEFI may hold one for each. */
      readonly menus: readonly GuestPath[];
    })
  | (LoaderFacts & {
      /** GRUB 2 (or another loader) whose entries are files of the Boot Loader Specification, called in by `blscfg`. */
      readonly kind: 'bls';
      readonly menus: readonly GuestPath[];
      /** Environment blocks that hold `kernelopts`, where entries refer to it (RHEL 8): one for each menu at most. */
      readonly kernelopts: readonly GuestPath[];
      /** grub2-mkconfig writes GRUB_CMDLINE_LINUX into every entry (RHEL before 9.3, Fedora). */
      readonly rewrites: boolean;
    })
  | (LoaderFacts & {
      readonly kind: 'grub-legacy';
      /** Where a new entry gets its line: Debian's magic comments, SUSE's /etc/sysconfig/bootloader, or the default entry. */
      readonly asks: 'magic' | 'sysconfig' | 'entry';
    })
  | (LoaderFacts & {
      readonly kind: 'systemd-boot';
      /** Unified kernel images, whose line lies inside the signed file. */
      readonly unified: readonly GuestPath[];
    })
  | (LoaderFacts & { readonly kind: 'extlinux' })
  | { readonly kind: 'unknown'; readonly why: string; readonly evidence: readonly Evidence[] };

/** A boot loader of any kind but `unknown`. */
export type KnownLoader = Exclude<BootLoader, { kind: 'unknown' }>;

/** A line of modprobe configuration that keeps a module from loading. */
export interface ModprobeBlock {
  readonly module: string;
  readonly how: 'blacklist' | 'install' | 'alias-off';
  readonly at: Evidence;
}

/** A systemd unit (or sysv service) as its links say; no program is asked. */
export interface UnitState {
  readonly name: string;
  readonly installed: boolean;
  /** A link in some *.wants or *.requires, or an S?? link. */
  readonly enabled: boolean;
  readonly masked: boolean;
  readonly at: GuestPath | undefined;
  /** What switches it on and off; not there where links alone do not. */
  readonly toEnable?: UnitLinks;
  readonly toDisable?: UnitLinks;
}

/** Links to make and to take away, which is all that `systemctl enable`, `chkconfig on` and `rc-update add` do. */
export interface UnitLinks {
  readonly make: readonly { readonly path: GuestPath; readonly to: string }[];
  readonly drop: readonly GuestPath[];
}

/** What can bring a network up, each under one name whatever its unit is called. `network`: the network scripts. */
export type NetworkService = 'networkmanager' | 'networkd' | 'ifupdown' | 'wicked' | 'network' | 'netplan' | 'dhcpcd';

/** What one configuration says of one network card, whichever program reads it. */
export interface NetworkProfile {
  readonly format: 'interfaces' | 'netplan' | 'networkd' | 'keyfile' | 'ifcfg';
  /** What it goes by: the id of a connection, a label of netplan's, the interface, else the file's name. */
  readonly name: string;
  /** Where it asks for DHCP, else where it begins. */
  readonly at: Evidence;
  /** It would be taken for the card of a machine on Hyper-V: `eth0`, driven by hv_netvsc, with a hardware address nobody knows yet. */
  readonly fits: boolean;
  /** It asks for an address by DHCP; it gives one of its own. */
  readonly dhcp: boolean;
  readonly fixed: boolean;
  /** Why it brings nothing up at boot; undefined where it does. */
  readonly idle: string | undefined;
  readonly readBy: readonly NetworkService[];
}

export interface NetworkFacts {
  /** Who is there and whether it starts at boot. */
  readonly services: Readonly<Record<NetworkService, UnitState>>;
  readonly profiles: readonly NetworkProfile[];
  /** Static addresses, MAC pins and the like that would not fit the new machine. */
  readonly pins: readonly {
    readonly what: 'static-address' | 'mac' | 'interface-name';
    readonly says: string;
    readonly at: Evidence;
  }[];
  /** What keeps NetworkManager from bringing up an Ethernet card by itself: it makes no connection, or leaves the card alone. */
  readonly idleManager: { readonly how: 'no-auto-default' | 'unmanaged'; readonly at: Evidence } | undefined;
  /** persistent-net rules and their generator. */
  readonly persistentRules: readonly Evidence[];
}

export interface AgentFacts {
  readonly waagent: {
    /** The executable, where there is one. */
    readonly program: GuestPath | undefined;
    /** AGENT_VERSION of the agent's own code, which is what it says of itself; else from the package database. */
    readonly version: string | undefined;
    readonly versionFrom: string | undefined;
    readonly unit: UnitState;
    readonly conf: GuestPath;
    /** Parsed as the agent parses it (requirements 7.3); absent when there is no file. */
    readonly settings: Read<Readonly<Record<string, ShellSetting>>>;
    readonly confFaults: readonly { readonly key: string; readonly says: string; readonly at: Evidence }[];
    /** Interpreter of the shebang line, resolved inside the guest, with its version where readable. */
    readonly python: {
      readonly path: GuestPath | undefined;
      readonly version: string | undefined;
      readonly modules: readonly string[];
    };
    /** `eject` is there: Debian's agent dies without it while provisioning. */
    readonly eject: boolean;
    /** File systems that a program `mkfs.NAME` is there for. */
    readonly mkfs: readonly string[];
  };
  readonly cloudInit: {
    readonly installed: boolean;
    readonly version: string | undefined;
    readonly units: readonly UnitState[];
    readonly enabled: boolean;
    /** What has those units started at boot: cloud-init's generator, or a link of its target in a target that is reached. */
    readonly startedBy: GuestPath | undefined;
    readonly disabledBy: readonly Evidence[];
    /** cloud.cfg and cloud.cfg.d/*.cfg in the order in which they are read: a later one wins. */
    readonly files: readonly GuestPath[];
    /** Effective `datasource_list` with its place; undefined when nothing pins it. */
    readonly datasources: { readonly list: readonly string[]; readonly at: Evidence } | undefined;
    /** ds-identify.cfg or the like. */
    readonly dsIdentify: Evidence | undefined;
    /** Where cloud-init is told to leave the network alone (`network: {config: disabled}`), as Ubuntu's installer does. */
    readonly networkOff: Evidence | undefined;
  };
  /** Who provisions, by the agent's own rule (requirements 8): explicit or through `auto`. */
  readonly provisioner: 'waagent' | 'cloud-init' | 'none' | 'both';
  /** Services besides those two that start at boot and prepare the temporary disk, or make swap on it. */
  readonly others: readonly { readonly duty: 'resource-disk' | 'swap'; readonly name: string; readonly at: Evidence }[];
}

export interface FstabEntry {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly line: number;
  readonly text: string;
}

/** A block device that carries a file system, as far as it can be known without opening it. */
export interface BlockId {
  readonly device: string;
  readonly uuid: string | undefined;
  readonly partuuid: string | undefined;
  readonly label: string | undefined;
  readonly type: string | undefined;
}

export interface StorageFacts {
  readonly fstab: Read<readonly FstabEntry[]>;
  /** What `/` (and separately mounted /usr, /boot, /var) stand on. */
  readonly mounts: readonly {
    readonly target: string;
    readonly source: string;
    readonly on: 'partition' | 'lvm' | 'luks' | 'multipath' | 'raid' | 'other' | 'unknown';
    readonly at: Evidence;
  }[];
  /** Devices known by uuid and partuuid, from /dev/disk/by-* live, offline by the mount. */
  readonly ids: readonly BlockId[];
  /** Every source of swap: fstab lines, units, active swap, swap files. zram is `ram`; a resource disk path, or
   *  (on a running machine) any other disk than that of `/`, is `resource`. */
  readonly swaps: readonly {
    readonly what: 'fstab' | 'unit' | 'active' | 'file' | 'generator';
    readonly source: string;
    readonly on: 'os-disk' | 'ram' | 'resource' | 'unknown';
    readonly at: Evidence;
  }[];
  /** The disk that holds `/`: only a running machine can tell. */
  readonly disk: Read<{
    readonly name: string;
    readonly bytes: number;
    /** Where the first partition begins, in sectors of 512 bytes, as /sys/class/block/PART/start says. */
    readonly firstPartitionStart: number | undefined;
  }>;
}

export interface SshFacts {
  readonly server: GuestPath | undefined;
  readonly config: GuestPath | undefined;
  readonly unit: UnitState;
  /** Effective global value of each keyword (lower case), first occurrence wins, Include followed. */
  readonly settings: Readonly<Record<string, ShellSetting>>;
  readonly hostKeys: readonly GuestPath[];
  /** What makes missing host keys when the server starts, besides cloud-init and the agent. */
  readonly keyMakers: readonly Evidence[];
}

/** One entry of the sudoers files with the file that it really stands in. */
export interface SudoersLine {
  readonly file: GuestPath;
  readonly entry: {
    readonly line: number;
    readonly lines: number;
    readonly text: string;
    readonly is: 'defaults' | 'alias' | 'rule' | 'include' | 'include-folder' | 'unknown';
    readonly options: readonly { readonly name: string; readonly off: boolean }[];
    readonly scoped: boolean;
    readonly path: string | undefined;
  };
}

export interface AccountFacts {
  readonly users: readonly {
    readonly name: string;
    readonly uid: number;
    readonly home: string;
    readonly shell: string;
    /** By shadow field 2. `unknown`: no shadow line or not readable. */
    readonly password: 'locked' | 'none' | 'set' | 'unknown';
  }[];
  readonly shadow: Read<true>;
  /** root's line in the password file is the one that waagent writes when it deprovisions. */
  readonly rootLockedByAgent: boolean;
  /** What sudo reads: its main file, every entry of it and of what it includes, and visudo where the guest has it. */
  readonly sudoers: {
    readonly main: GuestPath | undefined;
    readonly lines: readonly SudoersLine[];
    readonly visudo: GuestPath | undefined;
  };
  /** Keys that let somebody log in as a user: files that hold at least one, without cloud-init's stub that lets nobody in. */
  readonly authorizedKeys: readonly { readonly user: string; readonly path: GuestPath; readonly keys: number }[];
  /** Accounts of people begin here (UID_MIN of login.defs). */
  readonly firstUid: number;
  /** Non-empty shell history files. */
  readonly histories: readonly { readonly path: GuestPath; readonly bytes: number }[];
}

/** What else a clone inherits. */
export interface SystemFacts {
  /** /etc/selinux/config; `relabels`: the next start labels every file anew. */
  readonly selinux: {
    readonly mode: 'enforcing' | 'permissive' | 'disabled' | undefined;
    readonly at: Evidence | undefined;
    readonly relabels: boolean;
  };
  /** chrony's main file, and the line that names a clock of the host. */
  readonly chrony: { readonly path: GuestPath; readonly ptp: Evidence | undefined } | undefined;
  /** Who answers on the serial port: systemd by itself unless its unit is masked; init and upstart by a line, on or commented out. */
  readonly serialLogin: {
    readonly masked: GuestPath | undefined;
    readonly on: Evidence | undefined;
    readonly off: Evidence | undefined;
  };
  /** The line that sets kernel.sysrq. */
  readonly sysrq: Evidence | undefined;
  /** A line of LVM's list of devices that goes by the identity of a disk. */
  readonly lvmDevices: Evidence | undefined;
  /** What registering with a vendor and installing left. */
  readonly registrations: readonly GuestPath[];
}

/** Programs, and where packages come from. */
export interface SoftwareFacts {
  /** Of the programs that rules ask for, those that are there: name to place. */
  readonly programs: Readonly<Record<string, GuestPath>>;
  /** What the package manager is told to install from, sources that are switched off among them; undefined where nobody knows
   *  the package manager. `id`: suite of apt, section of an ini file, path of apk. The address has no password. */
  readonly sources:
    | readonly { readonly id: string; readonly address: string; readonly enabled: boolean; readonly at: Evidence }[]
    | undefined;
}

/**
 * What use leaves in a guest and an image should not carry: the paths that are there. The finish removes them and looks
 * for them; the rules of the area `seal` read them here.
 */
export type TraceName =
  | 'host-keys'
  /** Leases in the places that waagent knows. */
  | 'leases'
  /** Leases of NetworkManager itself, wicked, dhcpcd and others, which it does not know. */
  | 'other-leases'
  | 'random-seeds'
  | 'cloud-init'
  | 'agent-state'
  | 'agent-log'
  | 'machine-id'
  | 'dbus-machine-id'
  /** Backups of the password files: they hold what the finish has removed from those. */
  | 'old-passwords';

export type TraceFacts = Readonly<Record<TraceName, Read<readonly GuestPath[]>>>;

/** What only a running machine tells. Nothing here decides a change where a file could tell. */
export interface LiveFacts {
  readonly hypervisor: string | undefined;
  readonly memoryBytes: number | undefined;
  readonly runningKernel: string | undefined;
  readonly loadedModules: readonly string[];
  /** The uid that logged in to start this program, also behind sudo (`/proc/self/loginuid`); undefined for a service. */
  readonly operator: number | undefined;
}

/** A file in a folder of the EFI system partition: a loader, or what one reads. */
export interface EspFile {
  readonly path: GuestPath;
  /** Which machine a program of the firmware is for; `no-program` for everything that is no PE file. */
  readonly is: 'x86_64' | 'aarch64' | 'other-machine' | 'no-program';
  readonly bytes: number;
  /** sha256 (hex). */
  readonly digest: string;
}

/** The EFI system partition, as far as its loaders go. */
export interface EspFacts {
  /** The folder that is `EFI` there, spelled as it stands. */
  readonly folder: GuestPath;
  /** Files of `EFI/*`/, without those that hold a kernel (`EFI/Linux`). */
  readonly files: readonly EspFile[];
}

/** Everything known of one guest at one time. Plain data: it can be printed, saved and compared. */
export interface Facts {
  readonly where: Where;
  readonly os: OsFacts;
  readonly kernels: readonly Kernel[];
  readonly initrds: readonly Initrd[];
  readonly initrdTool: InitrdTool;
  readonly boot: BootLoader;
  /** Absent: none is mounted where distributions mount it. */
  readonly esp: Read<EspFacts>;
  readonly modprobe: readonly ModprobeBlock[];
  readonly network: NetworkFacts;
  readonly agent: AgentFacts;
  readonly storage: StorageFacts;
  readonly ssh: SshFacts;
  readonly accounts: AccountFacts;
  readonly system: SystemFacts;
  readonly software: SoftwareFacts;
  readonly traces: TraceFacts;
  /** The guest was sealed, and nothing tells that it was started since: what told. Undefined: it is, or was, in use. */
  readonly sealed: { readonly says: string; readonly evidence: readonly Evidence[] } | undefined;
  readonly live: LiveFacts | undefined;
  /** Text of every configuration file that was read, one character per byte (latin1), so that edits are lossless. */
  readonly texts: Readonly<Record<GuestPath, string>>;
  /** Files that could not be read although they are there: path to reason. A check that needed one says `unknown`. */
  readonly unreadable: Readonly<Record<GuestPath, string>>;
  /** Where a path that is a symbolic link really ends: edits are made there. */
  readonly links: Readonly<Record<GuestPath, GuestPath>>;
  /** Packages that can be had in this run: any, from the network of a running machine, or those of the files that were given.
   *  Not there: none. */
  readonly obtainable?: 'any' | readonly string[];
}

// ---------------------------------------------------------------------------------------------------- judgement

export type Severity = 'must' | 'should' | 'info';

export type Area =
  | 'platform'
  | 'kernel'
  | 'initrd'
  | 'boot'
  | 'network'
  | 'ssh'
  | 'agent'
  | 'swap'
  | 'accounts'
  | 'system'
  | 'seal';

/** How a rule is made true, for the person who asks: what holds everywhere, and what differs by family. */
export type Fix = { readonly all: string } & Readonly<Partial<Record<FamilyName, string>>>;

export interface Check {
  /** As in the catalogue; never changes its meaning. */
  readonly id: string;
  readonly area: Area;
  readonly title: string;
  readonly severity: Severity;
  /** One or two sentences for the person who asks why. */
  readonly why: string;
  readonly source: readonly string[];
  /** What is done about it, by this program or by a person. */
  readonly fix?: Fix;
  look(facts: Facts, policy: Policy): Looked;
}

export type Looked =
  | { readonly is: 'pass'; readonly says: string }
  | { readonly is: 'not-applicable'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string; readonly severity?: Severity }
  | { readonly is: 'fail'; readonly findings: readonly Finding[] };

export interface Finding {
  /** The one thing it is about: a kernel version, a file, a boot entry, an account. */
  readonly about: string;
  readonly says: string;
  /** May be milder than the check's. */
  readonly severity?: Severity;
  readonly evidence: readonly Evidence[];
  /** Nothing wanted: a person must act, and `advice` says how. */
  readonly wants: readonly Change[];
  readonly advice?: string;
  /** So it should be on a machine that is in use, and the seal mends it: weighs nothing before the seal. */
  readonly atSeal?: true;
}

export type CheckStatus = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'skipped' | 'waived';

/** One check with what came of it. */
export interface Examined {
  readonly check: Check;
  readonly status: CheckStatus;
  readonly looked: Looked | undefined;
  /** Set where `status` is `skipped`. What `--only` leaves out was not judged; what `--skip` names is the user's decision. */
  readonly skippedBy?: '--only' | '--skip';
  /** Set where `status` is `waived`: the reason that was given. */
  readonly waiver?: string;
}

// ---------------------------------------------------------------------------------------------------- planning

/** What should be true of the guest. No verbs. */
export type Change =
  | {
      readonly kind: 'kernel-args';
      /** Arguments that every normal entry should hold; those missing are appended in this order. */
      readonly have: readonly string[];
      /** Arguments that no entry should hold. Exact token; one that ends in `=` means every value of that key. An argument
       *  in both lists of one change moves to the end. */
      readonly lack: readonly string[];
      /** Arguments that should read differently where they stand. */
      readonly swap?: readonly { readonly from: string; readonly to: string }[];
      /** Keys of which those in `have` are the only values: they take the places of the others. */
      readonly only?: readonly string[];
      /** That entry's own line only; everything else, and what later entries are made from, stays. */
      readonly entry?: BootEntry['at'];
    }
  /** Every normal entry should hold what the sources of the kernel line ask for. */
  | { readonly kind: 'kernel-args-agree' }
  /** The initrd of that kernel should hold these; `image`: not the deciding one, but another that an entry loads. */
  | {
      readonly kind: 'initrd-drivers';
      readonly kernel: string;
      readonly image?: GuestPath;
      readonly have: readonly string[];
    }
  /** The initrd tool's lasting configuration should name these drivers. */
  | { readonly kind: 'initrd-config'; readonly have: readonly string[] }
  /** The initrd should be made anew: something that is copied into it changes. */
  | { readonly kind: 'initrd-fresh'; readonly kernel: string; readonly image?: GuestPath }
  | {
      readonly kind: 'setting';
      readonly path: GuestPath;
      readonly as: 'shell' | 'waagent' | 'sshd' | 'ini';
      /** Of `ini`: the section that the key stands in; empty or not given: before the first one. */
      readonly section?: string;
      readonly key: string;
      /** null: the key should not be set. */
      readonly value: string | null;
    }
  /** That line, which now reads `text`, should be commented out, with our marker. */
  | { readonly kind: 'line-off'; readonly path: GuestPath; readonly line: number; readonly text: string }
  /** That line, which now reads `text`, should read `to`. */
  | {
      readonly kind: 'line';
      readonly path: GuestPath;
      readonly line: number;
      readonly text: string;
      readonly to: string;
    }
  /** The list under a key of a YAML file's top level should hold these items: behind the last of `after` that it holds, else first. */
  | {
      readonly kind: 'list-items';
      readonly path: GuestPath;
      readonly key: string;
      readonly have: readonly string[];
      readonly after: readonly string[];
    }
  | {
      readonly kind: 'file';
      readonly path: GuestPath;
      /** `copyOf`: the same bytes as that file of the guest; for programs of the firmware, which are no text. */
      readonly is:
        | 'absent'
        | { readonly content: string; readonly mode: number }
        | { readonly linkTo: string }
        | { readonly copyOf: GuestPath };
    }
  | { readonly kind: 'unit'; readonly name: string; readonly state: 'enabled' | 'disabled' | 'masked' }
  /** modules.dep of that kernel should exist. */
  | { readonly kind: 'modules-dep'; readonly kernel: string }
  /** Active swap on that device or file should be off (only on a running machine). */
  | { readonly kind: 'swap-off'; readonly source: string }
  /** The account's password should be locked: `!` before what field 2 of /etc/shadow holds. */
  | { readonly kind: 'password-locked'; readonly user: string }
  /** visudo should have nothing to say of the sudoers files: asked after they were written. */
  | { readonly kind: 'sudoers-valid'; readonly visudo: GuestPath; readonly path: GuestPath }
  | { readonly kind: 'package'; readonly name: string; readonly is: 'installed' | 'absent' };

/** A program and its arguments: the program by absolute guest path, never a shell string. */
export type Argv = readonly [GuestPath, ...string[]];

/** A package file of the machine that the program runs on. */
export interface PackageFile {
  /** Path on that machine. */
  readonly from: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly bytes: number;
  /** sha256, hex. */
  readonly digest: string;
}

/** What will be done. */
export type Step =
  /** `before` null: the file is new. Contents are latin1 text, one character per byte. */
  | {
      readonly kind: 'write';
      readonly path: GuestPath;
      readonly before: string | null;
      readonly content: string;
      readonly mode: number;
    }
  | { readonly kind: 'remove'; readonly path: GuestPath }
  | { readonly kind: 'link'; readonly path: GuestPath; readonly to: string }
  /** The regular file `from`, byte for byte, in the place of whatever stands at `path`. */
  | { readonly kind: 'copy'; readonly path: GuestPath; readonly from: GuestPath }
  | {
      /** Build beside, prove with our own reader, keep the old one as NAME.bak, rename. */
      readonly kind: 'initrd';
      readonly kernel: string;
      readonly image: GuestPath;
      /** `{out}` in an argument stands for the file to build, `{name}` for the last part of its path. */
      readonly build: Argv;
      /** Drivers that must be seen in the new image before it replaces the old one. */
      readonly must: readonly string[];
    }
  /** Packages that should come, from those files alone where there are any, else from the network. Undone by the guest's package
   *  manager: what has come is removed again. `rewrites` are kept beforehand and put back. */
  | {
      readonly kind: 'packages';
      readonly manager: PackageManagerName;
      readonly names: readonly string[];
      readonly files: readonly PackageFile[];
      readonly rewrites: readonly GuestPath[];
    }
  /** `rewrites` are kept beforehand. `undo` is run by a rollback where restoring files is not enough (swapon). */
  | { readonly kind: 'run'; readonly argv: Argv; readonly rewrites: readonly GuestPath[]; readonly undo?: Argv };

/** A step with its reasons: the ids of the checks and what their findings said. */
export interface PlannedStep {
  readonly step: Step;
  readonly why: readonly { readonly check: string; readonly about: string; readonly says: string }[];
}

export interface Plan {
  readonly schema: 1;
  /** sha256 (hex) of every file the plan was made against; `absent` where there was none. */
  readonly digests: Readonly<Record<GuestPath, string>>;
  readonly steps: readonly PlannedStep[];
  /** Anything here: exit 2, nothing is touched. */
  readonly blockedBy: readonly { readonly check: string; readonly says: string; readonly advice?: string }[];
}

// ---------------------------------------------------------------------------------------------------- doing

/** What an apply came to. */
export type Outcome =
  | { readonly is: 'done'; readonly run: string; readonly changed: number }
  | { readonly is: 'refused'; readonly why: string; readonly hint?: string }
  | { readonly is: 'undone'; readonly run: string; readonly step: string; readonly why: string }
  | { readonly is: 'broken'; readonly run: string; readonly step: string; readonly why: string };

export type Verdict = 'ready' | 'not-ready' | 'unknown';

/** Long work tells where it is; only `cli/show` prints it. */
export type Progress = (says: string) => void;
