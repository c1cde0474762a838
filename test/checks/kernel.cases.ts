import { correctionSubjects } from '../../src/formats/kernel-corrections.ts';
import type { Facts, GuestPath } from '../../src/model.ts';
import { type Bendable, entry, initrd, kernel, nth, version, withCloudInit } from '../lib/facts.ts';
import type { Case, Cases } from './cases.ts';

/** The kernel without these modules. */
function lacking(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    const { modules } = nth(facts.kernels, 0);
    if (modules.is === 'there') for (const name of names) delete modules.value[name];
  };
}

/** The same drivers, built in. */
function builtIn(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    lacking(...names)(facts);
    const { builtin } = nth(facts.kernels, 0);
    if (builtin.is === 'there') builtin.value.push(...names);
  };
}

function unlisted(facts: Bendable<Facts>): void {
  nth(facts.kernels, 0).modules = { is: 'unreadable', why: 'modules.dep is too large' };
}

function kernelOf(name: string) {
  return (facts: Bendable<Facts>) => {
    facts.kernels = [kernel({ version: name, config: { is: 'absent' } })];
    facts.initrds = [initrd(name)];
    if (facts.boot.kind === 'grub2') facts.boot.entries = [entry({ version: name })];
  };
}

function none(facts: Bendable<Facts>): void {
  facts.kernels = [];
}

const fresh = { kind: 'initrd-fresh' as const, kernel: version };

function blocked(path: GuestPath, text: string, ...modules: string[]) {
  return (facts: Bendable<Facts>) => {
    facts.texts[path] = text;
    facts.modprobe = text.split('\n').flatMap((line, at) => {
      const module = modules.find((name) => line.includes(name));
      return module === undefined
        ? []
        : [{ module, how: 'install' as const, at: { path, line: at + 1, text: line.trim() } }];
    });
  };
}

function withModule(name: string) {
  return (facts: Bendable<Facts>) => {
    const { modules } = nth(facts.kernels, 0);
    if (modules.is === 'there') modules.value[name] = `kernel/${name}.ko`;
  };
}

function configured(symbol: string, value: string | undefined) {
  return (facts: Bendable<Facts>) => {
    const { config } = nth(facts.kernels, 0);
    if (config.is !== 'there') return;
    if (value === undefined) delete config.value[symbol];
    else config.value[symbol] = value;
  };
}

function arm(facts: Bendable<Facts>): void {
  facts.os.arch = { is: 'there', value: 'aarch64' };
}

const cis: GuestPath = '/etc/modprobe.d/cis.conf';
const cisText = '# CIS\ninstall udf /bin/true\n  install vfat /bin/true\n';

function onLine(...args: string[]) {
  return (facts: Bendable<Facts>) => {
    if (facts.boot.kind !== 'grub2') return;
    for (const one of facts.boot.entries) one.args.push(...args);
    facts.boot.nextArgs?.push(...args);
  };
}

const noKernel: Case = { guest: 'without a kernel', bend: none, is: 'unknown', severity: 'must' };

function named(name: string) {
  return (facts: Bendable<Facts>) => {
    kernelOf(name)(facts);
    const at: GuestPath = '/var/lib/rpm/Packages';
    nth(facts.kernels, 0).corrections = { commits: Object.keys(correctionSubjects), at };
  };
}

function patch(vendor?: string): readonly Case[] {
  return [
    { guest: 'of 6.1', is: 'pass', says: /present by version/ },
    { guest: 'of 4.5', bend: kernelOf('4.5.0-1-amd64'), is: 'pass' },
    { guest: 'of 4.4', bend: kernelOf('4.4.0-21-generic'), is: 'unknown', severity: 'info', says: /changelog/ },
    { guest: 'of RHEL 7.0 whose changelog names it', bend: named('3.10.0-123.el7.x86_64'), is: 'pass' },
    { guest: 'of RHEL 7.0', bend: kernelOf('3.10.0-123.el7.x86_64'), is: 'unknown', severity: 'info' },
    ...(vendor === undefined ? [] : [{ guest: `of ${vendor}`, bend: kernelOf(vendor), is: 'pass' as const }]),
  ];
}

/** A kernel of that family. */
function vendor(family: Facts['os']['distro']['family'], name: string) {
  return (facts: Bendable<Facts>) => {
    kernelOf(name)(facts);
    facts.os.distro.family = family;
  };
}

/** A kernel of Debian with the version of its package. */
function packaged(name: string, build: string) {
  return (facts: Bendable<Facts>) => {
    kernelOf(name)(facts);
    facts.os.packages = { is: 'there', value: { [`linux-image-${name}`]: build } };
  };
}

function ubuntuWith(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    vendor('ubuntu', '5.15.0-100-generic')(facts);
    facts.os.packages = { is: 'there', value: Object.fromEntries(names.map((name) => [name, '5.15.0.1'])) };
  };
}

const wantsOff = (line: number, text: string, path = cis) => ({ kind: 'line-off' as const, path, line, text });

export const kernels: Cases = {
  'kernel-hyperv-drivers': [
    { guest: 'with all modules', is: 'pass' },
    { guest: 'with the bus built in', bend: builtIn('hv_vmbus', 'hv_storvsc', 'pci_hyperv'), is: 'pass' },
    {
      guest: 'without the disk driver',
      bend: lacking('hv_storvsc'),
      is: 'fail',
      severity: 'must',
      says: /lacks hv_storvsc:/,
      advice: /linux-image-6.1/,
    },
    {
      guest: 'of Ubuntu without the disk driver',
      bend: (f) => {
        lacking('hv_storvsc')(f);
        f.os.distro.family = 'ubuntu';
      },
      is: 'fail',
      advice: /apt-get install linux-modules-extra-/,
    },
    { guest: 'without comfort', bend: lacking('hv_balloon'), is: 'fail', severity: 'should' },
    {
      guest: "of Debian's cloud kernel, which has the other screen",
      bend: (f) => {
        lacking('hyperv_drm')(f);
        builtIn('hyperv_fb')(f);
      },
      is: 'pass',
    },
    {
      guest: 'without any screen',
      bend: lacking('hyperv_drm'),
      is: 'fail',
      severity: 'should',
      says: /hyperv_drm or hyperv_fb/,
    },
    {
      guest: 'whose other kernel lacks the bus',
      bend: (f) => {
        const other = kernel({ version: '5.10.0-1-amd64', isDefault: false });
        f.kernels.push({ ...other, modules: { is: 'there', value: {} } });
      },
      is: 'fail',
      severity: 'must',
      says: /5\.10\.0/,
    },
    {
      guest: 'whose rescue kernel lacks the bus',
      bend: (f) =>
        void f.kernels.push({
          ...kernel({ version: '0-rescue', class: 'rescue' }),
          modules: { is: 'there', value: {} },
        }),
      is: 'pass',
    },
    { guest: 'whose modules cannot be listed', bend: unlisted, is: 'unknown', severity: 'must', says: /too large/ },
    {
      guest: 'without modules, but with a configuration',
      bend: (f) => {
        nth(f.kernels, 0).modules = { is: 'absent' };
        nth(f.kernels, 0).builtin = { is: 'absent' };
      },
      is: 'fail',
      says: /hv_storvsc/,
    },
    {
      guest: 'without modules and configuration',
      bend: (f) => {
        nth(f.kernels, 0).modules = { is: 'absent' };
        nth(f.kernels, 0).builtin = { is: 'absent' };
        nth(f.kernels, 0).config = { is: 'absent' };
      },
      is: 'unknown',
    },
    {
      guest: 'of 6.18, where CONFIG_HYPERV=y does not mean the bus driver',
      bend: (f) => {
        kernelOf('6.18.1-amd64')(f);
        lacking('hv_vmbus')(f);
        nth(f.kernels, 0).config = { is: 'there', value: { CONFIG_HYPERV: 'y' } };
      },
      is: 'fail',
      says: /lacks hv_vmbus:/,
    },
    noKernel,
  ],
  'modprobe-not-blocked': [
    { guest: 'without blocks', is: 'pass' },
    {
      guest: 'hardened',
      bend: blocked(cis, cisText, 'udf', 'vfat'),
      is: 'fail',
      severity: 'must',
      wants: [wantsOff(2, 'install udf /bin/true'), wantsOff(3, '  install vfat /bin/true'), fresh],
    },
    {
      guest: 'hardened by a package',
      bend: blocked('/usr/lib/modprobe.d/x.conf', 'install udf /bin/true\ninstall foo /bin/true\n', 'udf'),
      is: 'fail',
      wants: [
        {
          kind: 'file',
          path: '/etc/modprobe.d/x.conf',
          is: { content: '# prep-guest: install udf /bin/true\ninstall foo /bin/true\n', mode: 0o644 },
        },
        fresh,
      ],
    },
    {
      guest: 'with a block in a file whose text is not known',
      bend: (f) => {
        blocked(cis, cisText, 'udf')(f);
        delete f.texts[cis];
      },
      is: 'fail',
      wants: [],
      advice: /comment these lines out/,
    },
    { guest: 'that blacklists floppy, as it should', bend: blocked(cis, 'blacklist floppy\n', 'floppy'), is: 'pass' },
    {
      guest: 'that blacklists on the kernel line',
      bend: onLine('modprobe.blacklist=hv-netvsc'),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'kernel-args', have: [], lack: ['modprobe.blacklist=hv-netvsc'] }],
    },
    {
      guest: 'that blacklists more than that',
      bend: onLine('module_blacklist=floppy,hv_netvsc'),
      is: 'fail',
      wants: [
        {
          kind: 'kernel-args',
          have: [],
          lack: [],
          swap: [{ from: 'module_blacklist=floppy,hv_netvsc', to: 'module_blacklist=floppy' }],
        },
      ],
    },
    { guest: 'that blacklists floppy on the kernel line', bend: onLine('modprobe.blacklist=floppy'), is: 'pass' },
    {
      guest: 'whose initrd still blocks',
      bend: (f) => {
        f.initrds = [initrd(version, { 'etc/modprobe.d/cis.conf': 'blacklist hv_storvsc\n' })];
      },
      is: 'fail',
      says: /initrd of 6\.1/,
      wants: [fresh],
    },
    {
      guest: "whose initrd holds a vendor's block, hidden by a file of the same name in /etc",
      bend: (f) => {
        const blocking = 'blacklist hv_storvsc\n';
        const inside = { 'usr/lib/modprobe.d/v.conf': blocking, 'etc/modprobe.d/v.conf': `# ${blocking}` };
        f.initrds = [initrd(version, inside)];
      },
      is: 'pass',
    },
    {
      guest: 'with an unreadable file',
      bend: (f) => {
        f.unreadable[cis] = 'a FIFO';
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with an unknown boot loader',
      bend: (f) => {
        f.boot = { kind: 'unknown', why: 'LILO', evidence: [] };
      },
      is: 'unknown',
    },
  ],
  'kernel-udf': [
    { guest: 'with the module', is: 'pass' },
    { guest: 'with it built in', bend: builtIn('udf'), is: 'pass' },
    { guest: 'without it', bend: lacking('udf'), is: 'fail', severity: 'must' },
    {
      guest: 'without it, but with a cloud-init that does without',
      bend: (f) => {
        lacking('udf')(f);
        withCloudInit(f);
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'without it, with an older cloud-init',
      bend: (f) => {
        lacking('udf')(f);
        withCloudInit(f);
        f.agent.cloudInit.version = '20.4.1';
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'without it, with cloud-init, by the article',
      bend: (f) => {
        lacking('udf')(f);
        withCloudInit(f);
      },
      policy: { profile: 'seed-2018' },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'hardened',
      bend: blocked(cis, cisText, 'udf', 'vfat'),
      is: 'fail',
      says: /keeps udf/,
      wants: [wantsOff(2, 'install udf /bin/true'), wantsOff(3, '  install vfat /bin/true'), fresh],
    },
    { guest: 'whose modules cannot be listed', bend: unlisted, is: 'unknown', severity: 'must' },
    noKernel,
  ],
  'kernel-vfat': [
    { guest: 'with the modules', is: 'pass' },
    { guest: 'without it, started by BIOS', bend: lacking('vfat'), is: 'fail', severity: 'should' },
    {
      guest: 'without it, started by UEFI',
      bend: (f) => {
        lacking('vfat')(f);
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'without it, started by who knows what',
      bend: (f) => {
        lacking('vfat')(f);
        f.os.firmware = { is: 'unknown', evidence: [] };
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'without its character set',
      bend: (f) => {
        lacking('nls_ascii')(f);
        f.os.firmware = { is: 'both', evidence: [] };
      },
      is: 'fail',
      severity: 'must',
      says: /nls_ascii/,
    },
    {
      guest: 'whose default character set is another',
      bend: (f) => {
        lacking('nls_ascii')(f);
        builtIn('nls_iso8859_1')(f);
        const { config } = nth(f.kernels, 0);
        if (config.is === 'there') config.value['CONFIG_FAT_DEFAULT_IOCHARSET'] = 'iso8859-1';
      },
      is: 'pass',
    },
    {
      guest: 'hardened, started by BIOS',
      bend: blocked(cis, cisText, 'udf', 'vfat'),
      is: 'fail',
      severity: 'should',
      says: /keeps vfat/,
    },
    {
      guest: 'whose modules cannot be listed, started by UEFI',
      bend: (f) => {
        unlisted(f);
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'kernel-dvd-path': [
    { guest: 'with the modules', is: 'pass' },
    { guest: 'with the other IDE driver only', bend: lacking('ata_piix'), is: 'pass' },
    {
      guest: 'without IDE driver',
      bend: lacking('ata_piix', 'ata_generic'),
      is: 'fail',
      severity: 'must',
      says: /ata_piix or ata_generic/,
    },
    {
      guest: 'without IDE driver, started by UEFI',
      bend: (f) => {
        lacking('ata_piix', 'ata_generic')(f);
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'pass',
    },
    {
      guest: 'without DVD driver, started by UEFI',
      bend: (f) => {
        lacking('sr_mod')(f);
        f.os.firmware = { is: 'uefi', evidence: [] };
      },
      is: 'fail',
      says: /sr_mod/,
    },
    {
      guest: 'with both IDE drivers blocked',
      bend: blocked(cis, 'install ata_piix /bin/true\ninstall ata_generic /bin/true\n', 'ata_piix', 'ata_generic'),
      is: 'fail',
      says: /ata_piix or ata_generic/,
    },
    {
      guest: 'that hides the drive',
      bend: onLine('libata.atapi_enabled=0'),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'kernel-args', have: [], lack: ['libata.atapi_enabled=0'] }],
    },
    { guest: 'whose modules cannot be listed', bend: unlisted, is: 'unknown', severity: 'must' },
    noKernel,
  ],
  'kernel-cmdline-numa-off': [
    { guest: 'of 6.1', is: 'pass' },
    {
      guest: 'of RHEL 6.5',
      bend: kernelOf('2.6.32-431.el6.x86_64'),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'kernel-args', have: ['numa=off'], lack: [] }],
    },
    { guest: 'of RHEL 6.6', bend: kernelOf('2.6.32-504.el6.x86_64'), is: 'pass' },
    { guest: 'of SLES 11', bend: kernelOf('2.6.32.12-0.7-default'), is: 'fail', severity: 'must' },
    {
      guest: 'of RHEL 6.5 with it',
      bend: (f) => {
        kernelOf('2.6.32-431.el6.x86_64')(f);
        onLine('numa=off')(f);
      },
      is: 'pass',
    },
    {
      guest: 'with an old and a new kernel',
      bend: (f) => {
        kernelOf('2.6.32-431.el6.x86_64')(f);
        f.kernels.push(kernel({ isDefault: false }));
      },
      is: 'fail',
      wants: [],
      advice: /old kernel only/,
    },
    {
      guest: 'of 6.1 with it',
      bend: onLine('numa=off'),
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /--allow remove-numa-off/,
    },
    {
      guest: 'of 6.1 with it and leave to remove it',
      bend: onLine('numa=off'),
      policy: { allow: ['remove-numa-off'] },
      is: 'fail',
      wants: [{ kind: 'kernel-args', have: [], lack: ['numa=off'] }],
    },
    { guest: 'of no version', bend: kernelOf('linux-lts'), is: 'unknown', severity: 'must' },
    noKernel,
  ],
  'kernel-version-recommended': [
    { guest: 'of 6.1', is: 'pass' },
    { guest: 'of RHEL 6.4', bend: kernelOf('2.6.32-358.el6.x86_64'), is: 'pass' },
    { guest: 'of 3.2', bend: kernelOf('3.2.0-4-amd64'), is: 'fail', severity: 'info' },
    { guest: 'of no version', bend: kernelOf('linux-lts'), is: 'unknown', severity: 'info' },
  ],
  'kernel-patch-ata-piix-defer': patch(),
  'kernel-patch-storvsc-reset-intransit': patch(),
  'kernel-patch-storvsc-no-write-same': patch('3.8.13-26.el6uek.x86_64'),
  'kernel-patch-scsi-write-same-raid': patch(),
  'kernel-patch-storvsc-null-deref': patch(),
  'kernel-patch-storvsc-ring-buffer': patch(),
  'kernel-patch-scsi-sysfs-double-remove': patch('3.10.0-1160.el7.x86_64'),
  'kernel-uek2': [
    { guest: 'of 6.1', is: 'pass' },
    {
      guest: 'of UEK2',
      bend: kernelOf('2.6.39-400.17.1.el6uek.x86_64'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /UEK3/,
    },
    {
      guest: 'with UEK2 beside the default',
      bend: (f) => {
        f.kernels.push(kernel({ version: '2.6.39-400.17.1.el5uek', isDefault: false }));
      },
      is: 'fail',
      severity: 'should',
    },
    { guest: 'of UEK3', bend: kernelOf('3.8.13-16.el6uek.x86_64'), is: 'pass' },
    noKernel,
  ],
  'lis-package-rhel6': [
    { guest: 'of 6.1', is: 'pass' },
    {
      guest: 'of RHEL 6.3',
      bend: kernelOf('2.6.32-279.el6.x86_64'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /microsoft-hyper-v/,
    },
    {
      guest: 'of RHEL 6.3 with the package',
      bend: (f) => {
        kernelOf('2.6.32-279.el6.x86_64')(f);
        f.os.packages = { is: 'there', value: { 'kmod-microsoft-hyper-v': '4.3.5' } };
      },
      is: 'pass',
    },
    { guest: 'of RHEL 6.4', bend: kernelOf('2.6.32-358.el6.x86_64'), is: 'pass' },
    {
      guest: 'whose package database cannot be read (6.3)',
      bend: (f) => {
        kernelOf('2.6.32-279.el6.x86_64')(f);
        lacking('hv_vmbus')(f);
        f.os.packages = { is: 'unreadable', why: 'locked' };
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'with drivers of LIS that were built for another kernel (traps 29 and 30)',
      bend: (f) => {
        const { modules } = nth(f.kernels, 0);
        if (modules.is === 'there') modules.value.hv_storvsc = 'weak-updates/microsoft-hyper-v/hv_storvsc.ko';
      },
      is: 'fail',
      severity: 'should',
      says: /weak-updates.*another kernel/,
      wants: [],
      advice: /rpm -e .*rebuild the initrd/,
    },
    noKernel,
  ],
  'kernel-nvme': [
    { guest: 'that is not meant for it', is: 'not-applicable' },
    { guest: 'with all of it', policy: { targets: ['nvme'] }, bend: onLine('nvme_core.io_timeout=240'), is: 'pass' },
    {
      guest: 'of a release that is not listed',
      policy: { targets: ['nvme'] },
      bend: (f) => {
        onLine('nvme_core.io_timeout=240')(f);
        Object.assign(f.os.distro, { family: 'rhel', id: 'rhel', version: '8.4', pretty: 'RHEL 8.4' });
      },
      is: 'fail',
      severity: 'info',
      says: /RHEL 8\.4 is not on the list/,
    },
    ...['rhel 8.10', 'rocky 8.10'].map(
      (name): Case => ({
        guest: `of ${name}, which is`,
        policy: { targets: ['nvme'] },
        bend: (f) => {
          onLine('nvme_core.io_timeout=240')(f);
          const [id, version] = name.split(' ');
          Object.assign(f.os.distro, { family: 'rhel', id, version });
        },
        is: 'pass',
      }),
    ),
    {
      guest: 'without the time-out',
      policy: { targets: ['nvme'] },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'kernel-args', have: ['nvme_core.io_timeout=240'], lack: [] }],
    },
    {
      guest: 'with another time-out',
      policy: { targets: ['nvme'] },
      bend: onLine('nvme_core.io_timeout=30'),
      is: 'fail',
      wants: [{ kind: 'kernel-args', have: ['nvme_core.io_timeout=240'], lack: ['nvme_core.io_timeout=30'] }],
    },
    {
      guest: 'whose kernel has no driver',
      policy: { targets: ['nvme'] },
      bend: (f) => {
        onLine('nvme_core.io_timeout=240')(f);
        lacking('nvme', 'nvme_core')(f);
      },
      is: 'fail',
      severity: 'must',
      says: /lacks nvme, nvme_core/,
    },
    {
      guest: 'whose kernel has it built in',
      policy: { targets: ['nvme'] },
      bend: (f) => {
        onLine('nvme_core.io_timeout=240')(f);
        builtIn('nvme', 'nvme_core')(f);
      },
      is: 'pass',
    },
    {
      guest: 'whose initrds name what they hold',
      policy: { targets: ['nvme'] },
      bend: (f) => {
        onLine('nvme_core.io_timeout=240')(f);
        if (f.initrdTool.kind === 'initramfs-tools') f.initrdTool.mode = 'list';
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'initrd-config', have: ['nvme', 'nvme_core'] }],
    },
    {
      guest: 'whose tool is not known',
      policy: { targets: ['nvme'] },
      bend: (f) => {
        onLine('nvme_core.io_timeout=240')(f);
        f.initrdTool = { kind: 'unknown', why: 'none' };
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'floppy-blocked': [
    { guest: 'whose kernel has none', is: 'not-applicable' },
    ...(['7.7.1908', '7.9.2009'] as const).map(
      (release): Case => ({
        guest: `of CentOS ${release}`,
        bend: (f) => {
          withModule('floppy')(f);
          Object.assign(f.os.distro, { family: 'rhel', id: 'centos', version: release });
        },
        is: release.startsWith('7.7') ? 'not-applicable' : 'fail',
      }),
    ),
    {
      guest: 'with the driver',
      bend: withModule('floppy'),
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/modprobe.d/blacklist-floppy.conf',
          is: { content: 'blacklist floppy\n', mode: 0o644 },
        },
      ],
    },
    {
      guest: 'whose initrd could load it too',
      bend: (f) => {
        withModule('floppy')(f);
        const { content } = nth(f.initrds, 0);
        if (content.is === 'there' && content.value.is === 'read')
          content.value.modules.push({ name: 'floppy', path: 'x', kernel: version, bytes: 1 });
      },
      is: 'fail',
      wants: [
        {
          kind: 'file',
          path: '/etc/modprobe.d/blacklist-floppy.conf',
          is: { content: 'blacklist floppy\n', mode: 0o644 },
        },
        fresh,
      ],
    },
    {
      guest: 'that blocks it',
      bend: (f) => {
        withModule('floppy')(f);
        blocked(cis, 'blacklist floppy\n', 'floppy')(f);
      },
      is: 'pass',
    },
    {
      guest: 'that blocks it on the kernel line',
      bend: (f) => {
        withModule('floppy')(f);
        onLine('modprobe.blacklist=floppy')(f);
      },
      is: 'pass',
    },
    {
      guest: 'whose file of that name says something else',
      bend: (f) => {
        withModule('floppy')(f);
        f.texts['/etc/modprobe.d/blacklist-floppy.conf'] = '# not yet\n';
      },
      is: 'fail',
      wants: [],
      advice: /blacklist floppy/,
    },
    { guest: 'whose modules are not listed', bend: unlisted, is: 'unknown', severity: 'should' },
  ],
  'arm64-pmu-param': [
    { guest: 'of x86', is: 'not-applicable' },
    { guest: 'of arm64', bend: arm, is: 'fail', severity: 'info', wants: [], advice: /arm_pmu_acpi_init/ },
    {
      guest: 'of arm64 that names it among others',
      bend: (f) => {
        arm(f);
        onLine('initcall_blacklist=other,arm_pmu_acpi_init')(f);
      },
      is: 'pass',
    },
    {
      guest: 'of an architecture that is not known',
      bend: (f) => {
        f.os.arch = { is: 'absent' };
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
  'kernel-serial-console': [
    { guest: 'of 6.1', is: 'pass' },
    { guest: 'without one', bend: configured('CONFIG_SERIAL_8250_CONSOLE', undefined), is: 'fail', severity: 'should' },
    { guest: 'of arm64 with that of x86 only', bend: arm, is: 'fail', says: /PL011/ },
    {
      guest: 'of arm64',
      bend: (f) => {
        arm(f);
        configured('CONFIG_SERIAL_AMBA_PL011_CONSOLE', 'y')(f);
      },
      is: 'pass',
    },
    { guest: 'without configuration', bend: kernelOf('6.1.0'), is: 'unknown', severity: 'should' },
  ],
  'kernel-cifs-watchdog': [
    { guest: 'of 6.1', is: 'pass' },
    { guest: 'without cifs', bend: configured('CONFIG_CIFS', undefined), is: 'fail', severity: 'should', says: /cifs/ },
    {
      guest: 'whose lists of modules tell',
      bend: (f) => {
        kernelOf('6.1.0')(f);
        withModule('cifs')(f);
        const { builtin } = nth(f.kernels, 0);
        if (builtin.is === 'there') builtin.value.push('watchdog');
      },
      is: 'pass',
    },
    {
      guest: 'of which nothing can be told',
      bend: (f) => {
        unlisted(f);
        nth(f.kernels, 0).config = { is: 'absent' };
      },
      is: 'unknown',
      severity: 'should',
    },
  ],
  'kernel-sack-fix': [
    { guest: 'of 6.1', is: 'pass' },
    { guest: 'of RHEL 5, older than the fault', bend: vendor('rhel', '2.6.18-419.el5'), is: 'pass' },
    { guest: 'of a long-term kernel', bend: vendor('arch', '4.19.52-1-lts'), is: 'pass' },
    { guest: 'of the one before', bend: vendor('arch', '4.19.51-1-lts'), is: 'unknown', severity: 'info' },
    { guest: 'of RHEL 7.6', bend: vendor('rhel', '3.10.0-957.21.3.el7.x86_64'), is: 'pass' },
    { guest: 'of RHEL 7.6 as installed', bend: vendor('rhel', '3.10.0-957.el7.x86_64'), is: 'fail' },
    {
      guest: 'of RHEL 7.6 with the update before',
      bend: vendor('rhel', '3.10.0-957.12.2.el7.x86_64'),
      is: 'fail',
      severity: 'should',
      says: /older than 3\.10\.0-957\.21\.3/,
    },
    { guest: 'of RHEL 7.9', bend: vendor('rhel', '3.10.0-1160.el7.x86_64'), is: 'pass' },
    { guest: 'of RHEL 7.0', bend: vendor('rhel', '3.10.0-123.el7.x86_64'), is: 'unknown' },
    { guest: 'of RHEL 8.0 as installed', bend: vendor('rhel', '4.18.0-80.el8.x86_64'), is: 'fail' },
    { guest: 'of RHEL 8.10', bend: vendor('rhel', '4.18.0-553.el8_10.x86_64'), is: 'pass' },
    { guest: 'of Oracle with UEK5', bend: vendor('oracle', '4.14.35-1902.2.0.el7uek.x86_64'), is: 'pass' },
    { guest: 'of Oracle with UEK5 of 2020', bend: vendor('oracle', '4.14.35-2047.500.9.el7uek.x86_64'), is: 'pass' },
    { guest: 'of Oracle with an old UEK4', bend: vendor('oracle', '4.1.12-124.26.12.el7uek.x86_64'), is: 'fail' },
    { guest: 'of SLES 12 SP4', bend: vendor('suse', '4.12.14-95.19-default'), is: 'pass' },
    { guest: 'of SLES 12 SP4 for Azure, old', bend: vendor('suse', '4.12.14-6.12-azure'), is: 'fail' },
    { guest: 'of SLES 12 SP3, old', bend: vendor('suse', '4.4.176-94.88-default'), is: 'fail' },
    { guest: 'of Ubuntu 16.04', bend: vendor('ubuntu', '4.4.0-151-generic'), is: 'pass' },
    { guest: 'of Ubuntu 16.04, old', bend: vendor('ubuntu', '4.4.0-21-generic'), is: 'fail' },
    { guest: 'of Ubuntu for Azure, old', bend: vendor('ubuntu', '4.15.0-1036-azure'), is: 'fail' },
    { guest: 'of Debian 9', bend: packaged('4.9.0-9-amd64', '4.9.168-1+deb9u3'), is: 'pass' },
    { guest: 'of Debian 9, old', bend: packaged('4.9.0-9-amd64', '4.9.168-1+deb9u2'), is: 'fail' },
    { guest: 'of Debian 9 without its package', bend: kernelOf('4.9.0-9-amd64'), is: 'unknown', severity: 'info' },
    { ...noKernel, severity: 'should' },
  ],
  'azure-kernel-ubuntu': [
    { guest: 'of Debian', is: 'not-applicable' },
    {
      guest: 'of Ubuntu with another kernel',
      bend: vendor('ubuntu', '5.15.0-100-generic'),
      is: 'fail',
      severity: 'info',
      advice: /install linux-azure/,
      wants: [],
    },
    {
      guest: 'of Ubuntu for Azure with its tools',
      bend: ubuntuWith('linux-azure-lts-22.04', 'linux-tools-azure', 'linux-cloud-tools-azure-lts-22.04'),
      is: 'pass',
    },
    {
      guest: 'of Ubuntu for Azure without its tools',
      bend: ubuntuWith('linux-azure'),
      is: 'fail',
      says: /^linux-tools-azure is missing\nlinux-cloud-tools-azure is missing$/,
    },
    {
      guest: 'of Ubuntu whose packages cannot be read',
      bend: (f) => {
        vendor('ubuntu', '5.15.0-100-generic')(f);
        f.os.packages = { is: 'unreadable', why: 'permission denied' };
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
};
