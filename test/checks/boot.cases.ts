import type { Facts } from '../../src/model.ts';
import {
  type Bendable,
  dhcpProfile,
  entry,
  initrd,
  nth,
  rootUuid,
  setting,
  version,
  withCloudInit,
} from '../lib/facts.ts';
import type { Case, Cases } from './cases.ts';

/** Both stores with these arguments; `root=` and `ro` are GRUB's own. */
function args(menu: readonly string[], sources: readonly string[] = menu) {
  return (facts: Bendable<Facts>) => {
    if (facts.boot.kind !== 'grub2') return;
    for (const one of facts.boot.entries) if (!one.recovery) one.args = [`root=UUID=${rootUuid}`, 'ro', ...menu];
    facts.boot.nextArgs = [...sources];
  };
}

const good = ['console=tty1', 'console=ttyS0,115200n8', 'earlyprintk=ttyS0,115200'];

function more(...extra: string[]) {
  return args([...good, ...extra]);
}

function wanting(have: string[], lack: string[]) {
  return [{ kind: 'kernel-args' as const, have, lack }];
}

/** The same machine, called RHEL. */
function redhat(facts: Bendable<Facts>, release = '9.4'): void {
  facts.os.distro = { ...facts.os.distro, id: 'rhel', like: ['fedora'], family: 'rhel', version: release };
}

/** GRUB legacy with these lines before its entries. */
function legacyMenu(head: string) {
  return (f: Bendable<Facts>): void => {
    if (f.boot.kind !== 'grub2') return;
    const { menus: _menus, ...shared } = f.boot;
    f.boot = { ...shared, kind: 'grub-legacy', cfg: '/boot/grub/menu.lst', asks: 'entry' };
    f.texts['/boot/grub/menu.lst'] = `${head}title Debian\nkernel /vmlinuz root=UUID=1\n`;
  };
}

/** What every rule about the kernel line answers when it cannot see it. */
const unseen: readonly Case[] = [
  {
    guest: 'with an unknown boot loader',
    bend: (f) => {
      f.boot = { kind: 'unknown', why: 'GRUB legacy found', evidence: [] };
    },
    is: 'unknown',
    says: /GRUB legacy/,
  },
  {
    guest: 'whose entry names no root, since what it refers to is missing',
    bend: (f) => {
      if (f.boot.kind !== 'grub2') return;
      for (const one of f.boot.entries) one.args = one.args.filter((arg) => !arg.startsWith('root='));
    },
    is: 'unknown',
    says: /names no root/,
  },
  {
    guest: 'whose sources are shell code',
    bend: (f) => {
      if (f.boot.kind !== 'grub2') return;
      f.boot.nextArgs = undefined;
      f.boot.settings['GRUB_CMDLINE_LINUX'] = { ...setting('$(cat /x)', '/etc/default/grub', 3), literal: false };
    },
    is: 'unknown',
    says: /shell code/,
  },
  {
    guest: 'whose sources cannot be read',
    bend: (f) => {
      f.unreadable['/etc/default/grub'] = 'too large';
    },
    is: 'unknown',
    says: /too large/,
  },
  {
    guest: 'whose menu is empty',
    bend: (f) => {
      if (f.boot.kind === 'grub2') f.boot.entries = [];
    },
    is: 'unknown',
    says: /no boot entry/,
  },
];

function arm(facts: Bendable<Facts>): void {
  facts.os.arch = { is: 'there', value: 'aarch64' };
}

function sleepless(facts: Bendable<Facts>): void {
  if (facts.initrdTool.kind === 'initramfs-tools') facts.initrdTool.rootdelaySleeps = false;
}

function suse(facts: Bendable<Facts>): void {
  facts.os.distro.family = 'suse';
}

const swapUuid = 'feed-beef';

function swapLine(facts: Bendable<Facts>): void {
  facts.storage.swaps = [
    { what: 'fstab', source: `UUID=${swapUuid}`, on: 'os-disk', at: { path: '/etc/fstab', line: 2 } },
  ];
}

function resumeConf(value: string) {
  return (facts: Bendable<Facts>) => {
    if (facts.initrdTool.kind === 'initramfs-tools')
      facts.initrdTool.resume = {
        value,
        at: { path: '/etc/initramfs-tools/conf.d/resume', line: 1, text: `RESUME=${value}` },
      };
  };
}

const resumeWants = [
  {
    kind: 'setting' as const,
    path: '/etc/initramfs-tools/conf.d/resume' as const,
    as: 'shell' as const,
    key: 'RESUME',
    value: 'none',
  },
  { kind: 'initrd-fresh' as const, kernel: version },
];

export const boot: Cases = {
  'kernel-cmdline-console': [
    { guest: 'with a serial console', is: 'pass' },
    { guest: 'with it in short', bend: args(['console=ttyS0', 'earlyprintk=ttyS0']), is: 'pass' },
    {
      guest: 'with it in short, by the article',
      bend: args(['console=ttyS0']),
      policy: { profile: 'seed-2018' },
      is: 'fail',
      severity: 'must',
      wants: wanting(['console=ttyS0,115200n8'], ['console=ttyS0']),
    },
    {
      guest: 'without any console',
      bend: args([]),
      is: 'fail',
      severity: 'must',
      wants: wanting(['console=tty1', 'console=ttyS0,115200n8'], []),
    },
    {
      guest: 'with a screen only',
      bend: args(['console=tty0']),
      is: 'fail',
      severity: 'must',
      wants: wanting(['console=ttyS0,115200n8'], []),
    },
    { guest: 'with another port of that name', bend: args(['console=ttyS01']), is: 'fail', severity: 'must' },
    {
      guest: 'with the screen last',
      bend: args(['console=ttyS0,9600', 'console=tty0']),
      is: 'fail',
      severity: 'should',
      wants: wanting(['console=ttyS0,115200n8'], ['console=ttyS0,9600']),
    },
    { guest: 'at another speed', bend: args(['console=ttyS0,9600']), is: 'pass', says: /9600/ },
    {
      guest: 'whose menu has it and whose sources have not',
      bend: args(good, []),
      is: 'fail',
      severity: 'must',
      says: /the next update would give lacks/,
    },
    {
      guest: 'whose sources have it and whose menu has not',
      bend: args([], good),
      is: 'fail',
      severity: 'must',
      says: /each of 2 boot entries/,
    },
    {
      guest: 'one of whose other entries lacks it',
      bend: (f) => {
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 1).args = ['root=UUID=1', 'ro'];
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'one of whose entries lacks it, where none is the default',
      bend: (f) => {
        if (f.boot.kind !== 'grub2') return;
        nth(f.boot.entries, 0).isDefault = false;
        nth(f.boot.entries, 1).args = ['root=UUID=1', 'ro'];
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'on arm64 with the port of x86',
      bend: arm,
      is: 'fail',
      severity: 'must',
      wants: wanting(['console=ttyAMA0'], []),
    },
    {
      guest: 'of SUSE without it, that is not edited',
      bend: (f) => {
        args([])(f);
        suse(f);
        f.os.imageBased = 'ostree';
      },
      is: 'fail',
      wants: [],
      advice: /grub2-mkconfig/,
    },
    {
      guest: 'of RHEL without it, that is not edited',
      bend: (f) => {
        args([])(f);
        f.os.distro.family = 'rhel';
        f.os.imageBased = 'ostree';
      },
      is: 'fail',
      wants: [],
      advice: /^grubby --update-kernel=ALL --args="console=tty1 console=ttyS0,115200n8"/,
    },
    ...unseen,
  ],
  'kernel-cmdline-earlyprintk': [
    { guest: 'with it', is: 'pass' },
    { guest: 'with the long form', bend: args(['earlyprintk=serial,ttyS0,115200']), is: 'pass' },
    {
      guest: 'with the long form, by the article',
      bend: args(['earlyprintk=serial,ttyS0,115200']),
      policy: { profile: 'seed-2018' },
      is: 'fail',
      wants: wanting(['earlyprintk=ttyS0,115200'], ['earlyprintk=serial,ttyS0,115200']),
    },
    {
      guest: 'without it',
      bend: args(['console=ttyS0']),
      is: 'fail',
      severity: 'should',
      wants: wanting(['earlyprintk=ttyS0,115200'], []),
    },
    {
      guest: 'with it on the screen',
      bend: args(['earlyprintk=vga']),
      is: 'fail',
      wants: wanting(['earlyprintk=ttyS0,115200'], ['earlyprintk=vga']),
    },
    { guest: 'on arm64', bend: arm, is: 'not-applicable' },
    ...unseen,
  ],
  'kernel-cmdline-rootdelay': [
    { guest: 'whose initrd would sleep', is: 'not-applicable', says: /not added.*300 s/ },
    {
      guest: 'whose initrd would sleep, by the article',
      policy: { profile: 'seed-2018' },
      is: 'fail',
      severity: 'should',
      wants: wanting(['rootdelay=300'], []),
    },
    {
      guest: 'with another value, by the article',
      bend: more('rootdelay=30'),
      policy: { profile: 'seed-2018' },
      is: 'fail',
      wants: wanting(['rootdelay=300'], ['rootdelay=30']),
    },
    { guest: 'with it, by the article', bend: more('rootdelay=300'), policy: { profile: 'seed-2018' }, is: 'pass' },
    {
      guest: 'that sleeps already',
      bend: more('rootdelay=300'),
      is: 'fail',
      severity: 'info',
      wants: [],
      advice: /rootdelay=300/,
    },
    { guest: 'of Ubuntu', bend: sleepless, is: 'fail', severity: 'should', wants: wanting(['rootdelay=300'], []) },
    {
      guest: 'of Ubuntu with another value',
      bend: (f) => {
        sleepless(f);
        more('rootdelay=30')(f);
      },
      is: 'pass',
      says: /rootdelay=30 was there and stays/,
    },
    {
      guest: 'without initrd',
      bend: (f) => {
        sleepless(f);
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).initrds = [];
      },
      is: 'not-applicable',
      says: /kernel itself sleeps/,
    },
    {
      guest: 'on ZFS',
      bend: (f) => {
        sleepless(f);
        if (f.boot.kind === 'grub2') nth(f.boot.entries, 0).args[0] = 'root=ZFS=rpool/ROOT';
      },
      is: 'not-applicable',
      says: /ZFS/,
    },
    {
      guest: 'with a tool that is not known',
      bend: (f) => {
        f.initrdTool = { kind: 'unknown', why: 'mkinitcpio' };
      },
      is: 'unknown',
      severity: 'should',
    },
    ...unseen.map((one) => ({
      ...one,
      bend: (f: Bendable<Facts>) => {
        sleepless(f);
        more('rootdelay=300')(f);
        one.bend?.(f);
      },
    })),
  ],
  'kernel-cmdline-net-ifnames': [
    { guest: 'of Debian, whose article does not ask', is: 'not-applicable' },
    { guest: 'of RHEL 6', bend: (f) => redhat(f, '6.10'), is: 'not-applicable' },
    {
      guest: 'of RHEL 9 with it',
      bend: (f) => {
        redhat(f);
        more('net.ifnames=0')(f);
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 9 without it, and with DHCP for eth0',
      bend: redhat,
      is: 'fail',
      severity: 'should',
      wants: wanting(['net.ifnames=0'], []),
    },
    {
      guest: 'of RHEL 9 that asks for the other names last',
      bend: (f) => {
        redhat(f);
        more('net.ifnames=0', 'net.ifnames=1')(f);
      },
      is: 'fail',
      wants: wanting(['net.ifnames=0'], ['net.ifnames=1']),
    },
    {
      guest: 'of RHEL 7 without DHCP for eth0: the profile comes along',
      bend: (f) => {
        redhat(f, '7.9');
        f.network.services.ifupdown.enabled = false;
        Object.assign(f.network.services.network, { installed: true, enabled: true });
        f.network.profiles = [];
      },
      is: 'fail',
      says: /lacks net.ifnames=0/,
      wants: [
        {
          kind: 'file',
          path: '/etc/sysconfig/network-scripts/ifcfg-eth0',
          is: {
            content:
              'DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\nPERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=no\n',
            mode: 0o644,
          },
        },
        ...wanting(['net.ifnames=0'], []),
      ],
    },
    {
      guest: 'of RHEL 9 whose card has a fixed address: nothing is changed',
      bend: (f) => {
        redhat(f);
        f.network.profiles = [dhcpProfile('/etc/network/interfaces', ['ifupdown'], { dhcp: false, fixed: true })];
      },
      is: 'fail',
      wants: [],
      advice: /then grubby .*net.ifnames=0/,
    },
    ...unseen.map((one) => ({
      ...one,
      bend: (f: Bendable<Facts>) => {
        redhat(f);
        more('net.ifnames=0')(f);
        one.bend?.(f);
      },
    })),
  ],
  'kernel-cmdline-no-cloudinit-disabled': [
    { guest: 'without cloud-init', bend: more('cloud-init=disabled'), is: 'not-applicable' },
    { guest: 'with cloud-init', bend: withCloudInit, is: 'pass' },
    {
      guest: 'with cloud-init switched off on the kernel line',
      bend: (f) => {
        withCloudInit(f);
        more('cloud-init=disabled')(f);
      },
      is: 'fail',
      severity: 'must',
      wants: wanting([], ['cloud-init=disabled']),
    },
    {
      guest: 'that moves as it is',
      bend: withCloudInit,
      policy: { mode: 'specialized' },
      is: 'not-applicable',
    },
    ...unseen.map((one) => ({
      ...one,
      bend: (f: Bendable<Facts>) => {
        withCloudInit(f);
        one.bend?.(f);
      },
    })),
  ],
  'grub-blscfg': [
    { guest: 'of Debian', is: 'not-applicable' },
    { guest: 'of RHEL 7', bend: (f) => redhat(f, '7.9'), is: 'not-applicable' },
    { guest: 'of RHEL 9 without the setting', bend: redhat, is: 'fail', severity: 'info', wants: [], says: /not set/ },
    ...[
      { value: 'true', is: 'pass' as const },
      { value: 'false', is: 'fail' as const },
    ].map(({ value, is }) => ({
      guest: `of RHEL 9 with ${value}`,
      bend: (f: Bendable<Facts>) => {
        redhat(f);
        if (f.boot.kind === 'grub2') f.boot.settings['GRUB_ENABLE_BLSCFG'] = setting(value, '/etc/default/grub', 4);
      },
      is,
    })),
    {
      guest: 'of RHEL 9 with an unknown boot loader',
      bend: (f) => {
        redhat(f);
        f.boot = { kind: 'unknown', why: 'no menu', evidence: [] };
      },
      is: 'unknown',
    },
    {
      guest: 'of RHEL 9 whose sources cannot be read',
      bend: (f) => {
        redhat(f);
        f.unreadable['/etc/default/grub'] = 'too large';
      },
      is: 'unknown',
      says: /too large/,
    },
  ],
  'grub-serial-terminal': [
    {
      guest: 'with GRUB legacy on the serial port',
      bend: legacyMenu('serial --unit=0\nterminal serial console\n'),
      is: 'pass',
    },
    {
      guest: 'with GRUB legacy and a hidden menu',
      bend: legacyMenu('hiddenmenu\nserial --unit=0\nterminal serial console\n'),
      is: 'fail',
      wants: [{ kind: 'line-off', path: '/boot/grub/menu.lst', line: 1, text: 'hiddenmenu' }],
    },
    {
      guest: 'with GRUB legacy that knows of no serial port',
      bend: legacyMenu('default 0\n'),
      is: 'fail',
      says: /without serial and terminal/,
      advice: /--unit=0/,
    },
    { guest: 'of Debian with a visible menu', is: 'pass' },
    {
      guest: 'of Debian with a hidden menu',
      bend: (f) => {
        if (f.boot.kind === 'grub2')
          f.boot.settings['GRUB_TIMEOUT_STYLE'] = setting('hidden', '/etc/default/grub.d/50.cfg', 4);
      },
      is: 'fail',
      severity: 'should',
      wants: [
        { kind: 'setting', path: '/etc/default/grub.d/50.cfg', as: 'shell', key: 'GRUB_TIMEOUT_STYLE', value: 'menu' },
      ],
    },
    {
      guest: 'of RHEL that has only the terminal',
      bend: (f) => {
        redhat(f);
        if (f.boot.kind === 'grub2')
          f.boot.settings['GRUB_TERMINAL'] = setting('serial console', '/etc/default/grub', 4);
      },
      is: 'fail',
      says: /GRUB_SERIAL_COMMAND is not set/,
      wants: [
        {
          kind: 'setting',
          path: '/etc/default/grub',
          as: 'shell',
          key: 'GRUB_SERIAL_COMMAND',
          value: 'serial --speed=115200 --unit=0 --word=8 --parity=no --stop=1',
        },
      ],
    },
    {
      guest: 'with an unknown boot loader',
      bend: (f) => {
        f.boot = { kind: 'unknown', why: 'no menu', evidence: [] };
      },
      is: 'unknown',
    },
  ],
  'kernel-cmdline-no-rhgb': [
    { guest: 'without it', is: 'pass' },
    { guest: 'with it', bend: more('rhgb', 'quiet'), is: 'fail', severity: 'should', wants: wanting([], ['rhgb']) },
    {
      guest: 'with it in the sources only',
      bend: args(good, [...good, 'rhgb']),
      is: 'fail',
      wants: wanting([], ['rhgb']),
    },
    ...unseen,
  ],
  'kernel-cmdline-no-quiet': [
    { guest: 'without it', is: 'pass' },
    { guest: 'with a word that holds it', bend: more('systemd.show_status=quietish', 'splash'), is: 'pass' },
    { guest: 'with it', bend: more('quiet'), is: 'fail', severity: 'should', wants: wanting([], ['quiet']) },
    {
      guest: 'with SUSE words',
      bend: more('splash=silent', 'quiet'),
      is: 'fail',
      wants: wanting([], ['splash=silent', 'quiet']),
    },
    ...unseen,
  ],
  'kernel-cmdline-no-atapi-off': [
    { guest: 'without it', is: 'pass' },
    {
      guest: 'with it',
      bend: more('libata.atapi_enabled=0'),
      is: 'fail',
      severity: 'must',
      wants: wanting([], ['libata.atapi_enabled=0']),
    },
    ...unseen,
  ],
  'kernel-cmdline-no-crashkernel-auto': [
    { guest: 'without it', is: 'pass' },
    {
      guest: 'with it',
      bend: more('crashkernel=auto'),
      is: 'fail',
      severity: 'should',
      wants: wanting([], ['crashkernel=auto']),
    },
    { guest: 'with a size', bend: more('crashkernel=256M'), is: 'pass', says: /crashkernel=256M stays/ },
    ...unseen,
  ],
  'kernel-cmdline-no-stale-resume': [
    { guest: 'without swap', is: 'pass' },
    {
      guest: 'that resumes from swap that leaves',
      bend: (f) => {
        swapLine(f);
        more(`resume=UUID=${swapUuid}`)(f);
      },
      is: 'fail',
      severity: 'must',
      wants: wanting([], [`resume=UUID=${swapUuid}`]),
    },
    {
      guest: 'that resumes from a device that nobody knows',
      bend: more('resume=UUID=gone'),
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'that resumes from a partition that stays',
      bend: (f) => {
        more(`resume=UUID=${swapUuid}`)(f);
        f.storage.ids.push({
          device: '/dev/sda2',
          uuid: swapUuid,
          partuuid: undefined,
          label: undefined,
          type: 'swap',
        });
      },
      is: 'fail',
      severity: 'should',
    },
    { guest: 'that is told not to', bend: more('noresume', 'resume=none'), is: 'pass' },
    {
      guest: 'that waits for a swap volume',
      bend: more('rd.lvm.lv=vg/root', 'rd.lvm.lv=vg/swap'),
      is: 'fail',
      wants: wanting([], ['rd.lvm.lv=vg/swap']),
    },
    {
      guest: 'whose initramfs-tools resumes',
      bend: resumeConf(`UUID=${swapUuid}`),
      is: 'fail',
      severity: 'must',
      wants: resumeWants,
    },
    {
      guest: 'whose initramfs-tools takes what is there, with swap that leaves',
      bend: (f) => {
        swapLine(f);
        resumeConf('auto')(f);
      },
      is: 'fail',
      wants: resumeWants,
    },
    { guest: 'whose initramfs-tools takes what is there', bend: resumeConf('auto'), is: 'pass' },
    {
      guest: 'whose initramfs-tools does not resume',
      bend: (f) => {
        swapLine(f);
        resumeConf('none')(f);
      },
      is: 'pass',
    },
    {
      guest: 'into whose initrd a device is baked',
      bend: (f) => {
        f.initrds = [initrd(version, { 'conf/conf.d/zz-resume-auto': `RESUME=UUID=${swapUuid}\n` })];
      },
      is: 'fail',
      says: /initrd of 6\.1.* looks for a hibernation image/,
      wants: [
        { kind: 'file', path: '/etc/initramfs-tools/conf.d/resume', is: { content: 'RESUME=none\n', mode: 0o644 } },
        { kind: 'initrd-fresh', kernel: version },
      ],
    },
    {
      guest: 'into whose initrd dracut baked a device',
      bend: (f) => {
        f.initrds = [initrd(version, { 'etc/cmdline.d/95resume.conf': ' resume=/dev/vda2\n' })];
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'with a tool that is not known',
      bend: (f) => {
        f.initrdTool = { kind: 'unknown', why: 'mkinitcpio' };
      },
      is: 'unknown',
      severity: 'must',
    },
    ...unseen,
  ],
  'grub-config-regenerated': [
    { guest: 'whose menu agrees', is: 'pass' },
    {
      guest: 'whose menu lacks what the sources ask for',
      bend: args(good, [...good, 'nomodeset']),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'kernel-args-agree' }],
    },
    {
      guest: 'whose menu lacks the console that the sources have',
      bend: args([], good),
      is: 'fail',
      wants: [{ kind: 'kernel-args-agree' }],
    },
    {
      guest: 'whose menu gives another value than the sources',
      bend: args([...good, 'transparent_hugepage=never'], [...good, 'transparent_hugepage=always']),
      is: 'fail',
      severity: 'should',
      wants: [],
      says: /transparent_hugepage=always there, transparent_hugepage=never in the boot menu/,
    },
    {
      guest: 'whose menu holds more',
      bend: args([...good, 'nomodeset'], good),
      is: 'fail',
      severity: 'info',
      wants: [],
      says: /next update drops it/,
    },
    {
      guest: "whose menu holds GRUB's own words",
      bend: args([...good, 'rootflags=subvol=@', '$vt_handoff', 'panic=-1'], good),
      is: 'pass',
    },
    {
      guest: 'with one argument twice in the sources',
      bend: args([...good, 'a=1'], [...good, 'a=1', 'a=1']),
      is: 'pass',
    },
    {
      guest: 'with an entry that a person wrote',
      bend: (f) => {
        if (f.boot.kind !== 'grub2') return;
        f.texts['/boot/grub/grub.cfg'] = [
          '### BEGIN /etc/grub.d/10_linux ###',
          '',
          '### END',
          '### BEGIN /etc/grub.d/40_custom ###',
          'x',
        ].join('\n');
        nth(f.boot.entries, 0).at.line = 2;
        f.boot.entries[1] = entry({
          title: 'mine',
          isDefault: false,
          args: ['root=LABEL=x'],
          at: { path: '/boot/grub/grub.cfg', line: 5 },
        });
      },
      is: 'pass',
    },
    ...unseen,
  ],
  'inittab-serial-getty': [
    { guest: 'with systemd', is: 'pass' },
    {
      guest: 'whose serial login is masked',
      bend: (f) => {
        f.system.serialLogin.masked = '/etc/systemd/system/serial-getty@ttyS0.service';
      },
      is: 'fail',
      severity: 'info',
      wants: [{ kind: 'file', path: '/etc/systemd/system/serial-getty@ttyS0.service', is: 'absent' }],
    },
    {
      guest: 'of release 6 with the line commented out',
      bend: (f) => {
        f.os.init = 'sysv';
        f.texts['/etc/inittab'] = 'id:3:initdefault:\n# S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102\n';
        f.system.serialLogin.off = { path: '/etc/inittab', line: 2 };
      },
      is: 'fail',
      wants: [
        {
          kind: 'line',
          path: '/etc/inittab',
          line: 2,
          text: '# S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102',
          to: 'S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102',
        },
      ],
    },
    {
      guest: 'of release 6 without such a line',
      bend: (f) => {
        f.os.init = 'sysv';
      },
      is: 'fail',
      wants: [],
      advice: /agetty/,
    },
    {
      guest: 'whose init is not known',
      bend: (f) => {
        f.os.init = 'unknown';
      },
      is: 'unknown',
      severity: 'info',
    },
  ],
};
