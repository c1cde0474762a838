import type { Change, Facts } from '../../src/model.ts';
import { type Bendable, confSettings, unit, withCloudInit, write } from '../lib/facts.ts';
import type { Cases } from './cases.ts';

const conf = '/etc/waagent.conf' as const;
const says = (key: string, value: string): Change => ({ kind: 'setting', path: conf, as: 'waagent', key, value });

function none(facts: Bendable<Facts>): void {
  facts.agent.waagent.program = undefined;
}

function settings(over: Record<string, string | undefined>) {
  return (facts: Bendable<Facts>) => {
    const { settings: read } = facts.agent.waagent;
    const now =
      read.is === 'there' ? Object.fromEntries(Object.entries(read.value).map(([key, { value }]) => [key, value])) : {};
    facts.agent.waagent.settings = { is: 'there', value: confSettings({ ...now, ...over }) };
  };
}

function unreadConf(facts: Bendable<Facts>): void {
  facts.agent.waagent.settings = { is: 'unreadable', why: 'a FIFO' };
}

function agent(version: string | undefined) {
  return (facts: Bendable<Facts>) => {
    facts.agent.waagent.version = version;
  };
}

function withoutPrograms(...names: string[]) {
  return (facts: Bendable<Facts>) => {
    for (const name of names) delete facts.software.programs[name];
  };
}

function has(name: string, installed: string | undefined) {
  return ({ os }: Bendable<Facts>) => {
    if (os.packages.is !== 'there') throw new Error('no packages');
    if (installed === undefined) delete os.packages.value[name];
    else os.packages.value[name] = installed;
  };
}

function noDaemons(facts: Bendable<Facts>): void {
  withoutPrograms('hv_kvp_daemon')(facts);
  has('hyperv-daemons', undefined)(facts);
}

function instead(facts: Bendable<Facts>, gone: string, there: string): void {
  withoutPrograms(gone)(facts);
  facts.software.programs[there] = `/usr/sbin/${there}`;
}

/** As Debian ships it: cloud-init is named, and is not there. */
function nobody(facts: Bendable<Facts>): void {
  settings({ 'Provisioning.Agent': 'cloud-init' })(facts);
  facts.agent.provisioner = 'none';
}

function both(facts: Bendable<Facts>): void {
  withCloudInit(facts);
  settings({ 'Provisioning.Agent': 'waagent' })(facts);
  facts.agent.provisioner = 'both';
}

function fault(key: string, what: string, line: number, text: string) {
  return (facts: Bendable<Facts>) => {
    write(facts, conf, `${'\n'.repeat(line - 1)}${text}\n`);
    facts.agent.waagent.confFaults = [{ key, says: what, at: { path: conf, line, text: text.trim() } }];
  };
}

/** One more file of cloud-init, read after those that are there. */
function config(facts: Bendable<Facts>, path: `/${string}`, text: string): void {
  facts.agent.cloudInit.files.push(path);
  write(facts, path, text);
}

/** As RHEL 7 ships it, with two blanks. */
const oldModules = `cloud_init_modules:
  - growpart
  - resizefs
  - ssh
cloud_config_modules:
  - mounts
  - disk_setup
  - locale
  - timezone
`;

function strange(facts: Bendable<Facts>): void {
  withCloudInit(facts);
  config(facts, '/etc/cloud/cloud.cfg', 'a: b\n c\n\td: [\n');
}

const specialized = { mode: 'specialized' } as const;
const seed = { profile: 'seed-2018' } as const;
const cfg = '/etc/cloud/cloud.cfg.d/99-installer.cfg' as const;

function datasources(list: string[], text: string) {
  return (facts: Bendable<Facts>) => {
    withCloudInit(facts);
    write(facts, cfg, `# written by an installer\n${text}\n`);
    facts.agent.cloudInit.datasources = { list, at: { path: cfg, line: 2, text: text.trim() } };
  };
}

export const agents: Cases = {
  'agent-installed': [
    { guest: 'with the agent', is: 'pass' },
    {
      guest: 'without the agent',
      bend: (f) => {
        none(f);
        f.agent.waagent.settings = { is: 'absent' };
      },
      is: 'fail',
      severity: 'must',
      advice: /^apt-get install waagent$/,
    },
    {
      guest: 'of Ubuntu without the agent',
      bend: (f) => {
        none(f);
        f.os.distro.family = 'ubuntu';
      },
      is: 'fail',
      advice: /apt-get install walinuxagent/,
    },
    { guest: 'with the leftovers of an agent', bend: none, is: 'fail', says: /leftover/ },
    {
      guest: 'without the agent, with cloud-init',
      bend: (f) => {
        none(f);
        withCloudInit(f);
      },
      is: 'fail',
      severity: 'should',
    },
    {
      guest: 'without the agent, with cloud-init, by the article',
      bend: (f) => {
        none(f);
        withCloudInit(f);
      },
      policy: seed,
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'without the file of the agent',
      bend: (f) => {
        f.agent.waagent.settings = { is: 'absent' };
      },
      is: 'fail',
      severity: 'must',
      says: /waagent.conf is missing/,
    },
    {
      guest: 'without eject',
      bend: (f) => {
        f.agent.waagent.eject = false;
      },
      is: 'fail',
      severity: 'must',
      advice: /apt-get install eject/,
    },
    {
      guest: 'without eject, with cloud-init',
      bend: (f) => {
        withCloudInit(f);
        f.agent.waagent.eject = false;
      },
      is: 'pass',
    },
  ],
  'agent-enabled': [
    { guest: 'whose agent starts', is: 'pass' },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
    {
      guest: 'whose agent does not start',
      bend: (f) => {
        f.agent.waagent.unit = unit('walinuxagent.service', { enabled: false });
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'unit', name: 'walinuxagent.service', state: 'enabled' }],
    },
    {
      guest: 'whose agent has no unit',
      bend: (f) => {
        f.agent.waagent.unit = unit('walinuxagent.service', { installed: false, at: undefined });
      },
      is: 'fail',
      wants: [],
      says: /does not exist/,
    },
  ],
  'agent-min-version': [
    { guest: 'with 2.7.3.0', is: 'pass' },
    { guest: 'with the very minimum', bend: agent('2.2.53.1'), is: 'pass' },
    {
      guest: 'with 2.2.47, which may not update itself',
      bend: (f) => {
        agent('2.2.47-1')(f);
        settings({ 'AutoUpdate.Enabled': 'n' })(f);
      },
      is: 'fail',
      severity: 'must',
      wants: [says('AutoUpdate.Enabled', 'y')],
    },
    {
      guest: 'with 2.2.47, which updates itself',
      bend: (f) => {
        agent('2.2.47-1')(f);
        settings({ 'AutoUpdate.Enabled': undefined })(f);
      },
      is: 'pass',
      says: /updates itself/,
    },
    { guest: 'with 2.0.18, which cannot', bend: agent('2.0.18'), is: 'fail', wants: [], advice: /upgrade/ },
    { guest: 'of unknown version', bend: agent(undefined), is: 'unknown', severity: 'must' },
    {
      guest: 'with 2.2.47 and an unreadable file',
      bend: (f) => {
        agent('2.2.47')(f);
        unreadConf(f);
      },
      is: 'unknown',
    },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
  ],
  'agent-autoupdate': [
    { guest: 'that may', is: 'pass' },
    {
      guest: 'that may not, and is recent enough',
      bend: settings({ 'AutoUpdate.Enabled': 'n' }),
      is: 'fail',
      severity: 'info',
      wants: [],
      advice: /--allow agent-autoupdate/,
    },
    {
      guest: 'that may not, by leave',
      bend: settings({ 'AutoUpdate.Enabled': 'n' }),
      policy: { allow: ['agent-autoupdate'] },
      is: 'fail',
      wants: [says('AutoUpdate.Enabled', 'y')],
    },
    {
      guest: 'that may by the newer key',
      bend: (f) => {
        agent('2.11.1.4')(f);
        settings({ 'AutoUpdate.Enabled': 'n', 'AutoUpdate.UpdateToLatestVersion': 'y' })(f);
      },
      is: 'pass',
    },
    { guest: 'of unknown version', bend: agent(undefined), is: 'unknown', severity: 'should' },
    { guest: 'by the article', policy: seed, is: 'not-applicable' },
  ],
  'scsi-timeout': [
    { guest: 'with 300', is: 'pass' },
    {
      guest: 'with 30',
      bend: settings({ 'OS.RootDeviceScsiTimeout': '30' }),
      is: 'fail',
      severity: 'should',
      wants: [says('OS.RootDeviceScsiTimeout', '300')],
    },
    { guest: 'without it', bend: settings({ 'OS.RootDeviceScsiTimeout': undefined }), is: 'fail' },
    { guest: 'with an unreadable file', bend: unreadConf, is: 'unknown', severity: 'should' },
    { guest: 'by the article', policy: seed, is: 'not-applicable' },
  ],
  'agent-python': [
    { guest: 'with 3.11', is: 'pass' },
    {
      guest: 'with 2.4',
      bend: (f) => {
        f.agent.waagent.python.version = '2.4.3';
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'with 2.7',
      bend: (f) => {
        f.agent.waagent.python.version = '2.7.5';
      },
      is: 'fail',
      severity: 'info',
    },
    {
      guest: 'without the interpreter',
      bend: (f) => {
        f.agent.waagent.python.path = undefined;
      },
      is: 'fail',
      severity: 'must',
    },
    {
      guest: 'of unknown version',
      bend: (f) => {
        f.agent.waagent.python.version = undefined;
      },
      is: 'unknown',
      severity: 'must',
    },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
  ],
  'agent-pyasn1': [
    { guest: 'without it, with an agent that does without', is: 'pass' },
    { guest: 'without it, by the article', policy: seed, is: 'fail', severity: 'should', advice: /python3-pyasn1/ },
    {
      guest: 'with it, by the article',
      bend: (f) => void f.agent.waagent.python.modules.push('pyasn1'),
      policy: seed,
      is: 'pass',
    },
    { guest: 'without it, with an agent of 2.0', bend: agent('2.0.18'), is: 'fail', severity: 'must' },
    {
      guest: 'of RHEL 6 without it',
      bend: (f) => {
        f.os.distro.family = 'rhel';
        f.os.distro.version = '6.9';
        f.agent.waagent.python.path = '/usr/bin/python2.6';
      },
      is: 'fail',
      advice: /yum install python-pyasn1/,
    },
    { guest: 'of unknown agent', bend: agent(undefined), is: 'unknown', severity: 'must' },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
  ],
  'waagent-conf-parse': [
    { guest: 'without faults', is: 'pass' },
    {
      guest: 'that says yes',
      bend: (f) => {
        settings({ 'ResourceDisk.Format': 'yes' })(f);
        fault('ResourceDisk.Format', 'only y and n count', 4, 'ResourceDisk.Format=yes')(f);
      },
      is: 'fail',
      severity: 'must',
      wants: [says('ResourceDisk.Format', 'y')],
    },
    {
      guest: 'that says a thing twice',
      bend: fault('Provisioning.DeleteRootPassword', 'is set twice', 9, 'Provisioning.DeleteRootPassword=y'),
      is: 'fail',
      wants: [says('Provisioning.DeleteRootPassword', 'y')],
    },
    {
      guest: 'that misspells a key',
      bend: fault('resourcedisk.format', 'the agent knows ResourceDisk.Format only', 3, 'resourcedisk.format=n'),
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'line-off', path: conf, line: 3, text: 'resourcedisk.format=n' }],
    },
    {
      guest: 'that quotes a lesser value',
      bend: (f) => {
        settings({ 'Logs.Verbose': 'y"' })(f);
        fault('Logs.Verbose', 'a quote stays in the value', 3, 'Logs.Verbose="y"')(f);
      },
      is: 'fail',
      severity: 'should',
      wants: [says('Logs.Verbose', 'y')],
    },
    {
      guest: 'with a value that means nothing',
      bend: (f) => {
        settings({ 'AutoUpdate.Enabled': 'per haps' })(f);
        fault('AutoUpdate.Enabled', 'only y and n count', 3, 'AutoUpdate.Enabled=per haps')(f);
      },
      is: 'fail',
      wants: [],
      advice: /plainly/,
    },
    { guest: 'with an unreadable file', bend: unreadConf, is: 'unknown', severity: 'must' },
    {
      guest: 'that moves as it is',
      bend: fault('ResourceDisk.Format', 'x', 1, 'ResourceDisk.Format=yes'),
      policy: specialized,
      is: 'not-applicable',
    },
  ],
  'waagent-conf-resourcedisk': [
    { guest: 'whose agent owns the disk', is: 'pass' },
    {
      guest: 'whose agent has another mount point',
      bend: (f) => {
        f.agent.waagent.mkfs.push('btrfs');
        settings({
          'ResourceDisk.MountPoint': '/mnt',
          'ResourceDisk.Filesystem': 'btrfs',
          'ResourceDisk.SwapSizeMB': '512',
        })(f);
      },
      is: 'pass',
    },
    {
      guest: 'that cannot make the file system',
      bend: settings({ 'ResourceDisk.Filesystem': 'btrfs' }),
      is: 'fail',
      severity: 'should',
      says: /no mkfs\.btrfs/,
      wants: [says('ResourceDisk.Filesystem', 'ext4')],
    },
    {
      guest: 'that makes xfs only',
      bend: (f) => {
        f.agent.waagent.mkfs = ['xfs'];
        settings({ 'ResourceDisk.Filesystem': undefined })(f);
      },
      is: 'fail',
      wants: [says('ResourceDisk.Filesystem', 'xfs')],
    },
    {
      guest: 'of Oracle 6, by the article',
      bend: (f) => {
        f.os.distro.family = 'oracle';
        f.os.distro.version = '6.10';
      },
      policy: seed,
      is: 'fail',
      says: /ResourceDisk.MountPoint is \/mnt\/resource, not \/mnt:/,
    },
    {
      guest: 'where fstab mounts something at the mount point',
      bend: (f) => {
        if (f.storage.fstab.is !== 'there') return;
        const text = 'UUID=cafe /mnt/resource ext4 defaults 0 2';
        f.storage.fstab.value.push({
          source: 'UUID=cafe',
          target: '/mnt/resource',
          type: 'ext4',
          options: [],
          line: 2,
          text,
        });
      },
      is: 'fail',
      severity: 'should',
      says: /where fstab mounts UUID=cafe/,
      wants: [],
    },
    {
      guest: 'where another service makes swap on the temporary disk',
      bend: (f) => {
        const at = { path: '/etc/systemd/system/temp-disk-swapfile.service' } as const;
        f.agent.others = [{ duty: 'swap', name: 'temp-disk-swapfile.service', at }];
      },
      is: 'fail',
      severity: 'should',
      says: /already by temp-disk-swapfile/,
      wants: [says('ResourceDisk.EnableSwap', 'n')],
    },
    {
      guest: 'where another service takes the temporary disk',
      bend: (f) => {
        const at = { path: '/etc/azure-ephemeral-disk-setup.conf', line: 3 } as const;
        f.agent.others = [{ duty: 'resource-disk', name: 'azure-ephemeral-disk-setup.service', at }];
      },
      is: 'fail',
      severity: 'should',
      says: /waagent \(.*\) and azure-ephemeral/,
      advice: /systemctl disable azure-ephemeral-disk-setup/,
    },
    {
      guest: 'whose cloud-init leaves the disk alone',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg', 'cloud_init_modules:\n - ssh\ncloud_config_modules: [locale]\n');
        settings({ 'ResourceDisk.Format': 'y', 'ResourceDisk.EnableSwap': 'y' })(f);
      },
      is: 'pass',
      says: /are waagent's alone/,
    },
    {
      guest: 'whose cloud-init cannot be understood',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg', 'a: b\n c\n\td: [\n');
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'where both format, with disk_setup of its own',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg.d/00-disk.cfg', '# x\ndisk_setup:\n  ephemeral0: {table_type: gpt}\n');
        settings({ 'ResourceDisk.Format': 'y' })(f);
        f.agent.provisioner = 'both';
      },
      is: 'fail',
      severity: 'must',
      wants: [says('ResourceDisk.Format', 'n')],
    },
    {
      guest: 'whose agent has another mount point, by the article',
      bend: settings({
        'ResourceDisk.MountPoint': '/mnt',
        'ResourceDisk.Filesystem': 'btrfs',
        'ResourceDisk.SwapSizeMB': '512',
      }),
      policy: seed,
      is: 'fail',
      severity: 'should',
      wants: [
        says('ResourceDisk.Filesystem', 'ext4'),
        says('ResourceDisk.MountPoint', '/mnt/resource'),
        says('ResourceDisk.SwapSizeMB', '2048'),
      ],
    },
    {
      guest: 'as packages ship it',
      bend: settings({ 'ResourceDisk.EnableSwap': 'n', 'ResourceDisk.SwapSizeMB': '0' }),
      is: 'fail',
      severity: 'should',
      wants: [says('ResourceDisk.EnableSwap', 'y'), says('ResourceDisk.SwapSizeMB', '2048')],
    },
    {
      guest: 'with swap of no size',
      bend: settings({ 'ResourceDisk.SwapSizeMB': undefined }),
      is: 'fail',
      severity: 'must',
    },
    { guest: 'with cloud-init', bend: withCloudInit, is: 'pass', says: /cloud-init/ },
    {
      guest: 'where both format',
      bend: (f) => {
        withCloudInit(f);
        settings({ 'ResourceDisk.Format': 'Y' })(f);
      },
      is: 'fail',
      severity: 'must',
      wants: [says('ResourceDisk.Format', 'n')],
    },
    // Who is to provision is decided in the same run, so the disk follows in the same run as well.
    {
      guest: 'where nobody provisions yet',
      bend: (f) => {
        nobody(f);
        settings({ 'ResourceDisk.Format': 'n' })(f);
      },
      is: 'fail',
      wants: [says('ResourceDisk.Format', 'y')],
    },
    { guest: 'with an unreadable file', bend: unreadConf, is: 'unknown', severity: 'must' },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
    {
      guest: 'that moves as it is',
      bend: settings({ 'ResourceDisk.Format': 'n' }),
      policy: specialized,
      is: 'not-applicable',
    },
  ],
  'waagent-conf-provisioning': [
    { guest: 'whose agent provisions', is: 'pass' },
    { guest: 'with cloud-init', bend: withCloudInit, is: 'pass' },
    {
      guest: 'where nobody does',
      bend: nobody,
      is: 'fail',
      severity: 'must',
      wants: [says('Provisioning.Agent', 'waagent')],
    },
    {
      guest: 'where nobody does, with an old agent',
      bend: (f) => {
        nobody(f);
        agent('2.2.40')(f);
      },
      is: 'fail',
      wants: [
        says('Provisioning.Enabled', 'y'),
        says('Provisioning.UseCloudInit', 'n'),
        // Such an agent does not know this one.
        { kind: 'setting', path: conf, as: 'waagent', key: 'Provisioning.Agent', value: null },
      ],
    },
    {
      guest: 'where cloud-init is meant to and something else stops it',
      bend: (f) => {
        withCloudInit(f);
        settings({ 'Provisioning.Agent': 'cloud-init' })(f);
        f.agent.cloudInit.disabledBy = [{ path: '/etc/cloud/cloud-init.disabled' }];
        f.agent.provisioner = 'none';
      },
      is: 'pass',
    },
    {
      guest: 'where both do',
      bend: both,
      is: 'fail',
      severity: 'must',
      wants: [says('Provisioning.Agent', 'cloud-init')],
    },
    {
      guest: 'with cloud-init, by the article',
      bend: (f) => {
        withCloudInit(f);
        settings({ 'Provisioning.RegenerateSshHostKeyPair': 'y' })(f);
      },
      policy: seed,
      is: 'fail',
      severity: 'must',
      wants: [
        says('Provisioning.Agent', 'waagent'),
        { kind: 'unit', name: 'cloud-init-local.service', state: 'masked' },
        { kind: 'unit', name: 'cloud-init.service', state: 'masked' },
        { kind: 'unit', name: 'cloud-config.service', state: 'masked' },
        { kind: 'unit', name: 'cloud-final.service', state: 'masked' },
      ],
    },
    {
      guest: 'whose host keys stay',
      bend: settings({ 'Provisioning.RegenerateSshHostKeyPair': 'n' }),
      is: 'fail',
      severity: 'should',
      wants: [says('Provisioning.RegenerateSshHostKeyPair', 'y')],
    },
    {
      guest: 'whose root password stays',
      bend: settings({ 'Provisioning.DeleteRootPassword': undefined }),
      is: 'fail',
      severity: 'should',
      wants: [says('Provisioning.DeleteRootPassword', 'y')],
    },
    {
      guest: 'whose file is a link',
      bend: (f) => {
        nobody(f);
        f.links[conf] = '/opt/waagent.conf';
      },
      is: 'fail',
      wants: [{ ...says('Provisioning.Agent', 'waagent'), path: '/opt/waagent.conf' } as Change],
    },
    { guest: 'with an unreadable file', bend: unreadConf, is: 'unknown', severity: 'must' },
    {
      guest: 'with switches that this agent does not know',
      bend: settings({ 'Provisioning.UseCloudInit': 'y' }),
      is: 'fail',
      severity: 'info',
      says: /means nothing to agent 2\.7/,
      wants: [{ kind: 'setting', path: conf, as: 'waagent', key: 'Provisioning.UseCloudInit', value: null }],
    },
    {
      guest: 'whose agent knows no such provisioner',
      bend: settings({ 'Provisioning.Agent': 'Waagent' }),
      is: 'fail',
      severity: 'should',
      wants: [says('Provisioning.Agent', 'waagent')],
    },
    {
      guest: 'whose agent is disabled, as for a machine that moves',
      bend: (f) => {
        settings({ 'Provisioning.Agent': 'disabled' })(f);
        f.agent.provisioner = 'none';
      },
      is: 'fail',
      severity: 'must',
      says: /moves as it is/,
      wants: [says('Provisioning.Agent', 'waagent')],
    },
    {
      guest: 'whose cloud-init is named and not enabled: it is enabled elsewhere',
      bend: (f) => {
        withCloudInit(f);
        settings({ 'Provisioning.Agent': 'cloud-init' })(f);
        f.agent.cloudInit.enabled = false;
        f.agent.provisioner = 'none';
      },
      is: 'pass',
    },
    {
      guest: 'whose cloud-init keeps the name of the image',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg', 'preserve_hostname: true\n');
      },
      is: 'fail',
      severity: 'should',
      says: /nobody gives the new machine its name/,
      wants: [],
    },
    { guest: 'that moves as it is', bend: nobody, policy: specialized, is: 'fail', severity: 'info', wants: [] },
    {
      guest: 'that moves as it is, by leave',
      bend: nobody,
      policy: { ...specialized, allow: ['disable-provisioning'] },
      is: 'fail',
      wants: [says('Provisioning.Agent', 'disabled')],
    },
    {
      guest: 'that moves and sets nothing up',
      bend: settings({ 'Provisioning.Agent': 'disabled' }),
      policy: specialized,
      is: 'pass',
    },
  ],
  'cloudinit-installed-enabled': [
    { guest: 'without cloud-init', is: 'not-applicable' },
    { guest: 'with all of it', bend: withCloudInit, is: 'pass' },
    {
      guest: 'whose last stage does not start',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.units = f.agent.cloudInit.units.map((one) =>
          one.name === 'cloud-final.service' ? unit(one.name, { enabled: false }) : one,
        );
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'unit', name: 'cloud-final.service', state: 'enabled' }],
    },
    {
      guest: 'of 24.3 with the stages of before',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.version = '24.4.1';
      },
      is: 'fail',
      severity: 'must',
      says: /no cloud-init-network/,
      wants: [],
    },
    {
      guest: 'whose target nothing starts',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.startedBy = undefined;
      },
      is: 'fail',
      says: /nothing starts cloud-init.target/,
      wants: [],
    },
    {
      guest: 'without any unit of it',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.units = [];
      },
      is: 'unknown',
      severity: 'must',
    },
    { guest: 'whose agent counts on a cloud-init that is not there', bend: nobody, is: 'fail', says: /1800 s/ },
    { guest: 'that moves as it is', bend: withCloudInit, policy: specialized, is: 'not-applicable' },
  ],
  'cloudinit-installer-leftovers': [
    { guest: 'without cloud-init', is: 'not-applicable' },
    { guest: 'without leftovers', bend: withCloudInit, is: 'pass' },
    {
      guest: 'of subiquity (trap 14)',
      bend: (f) => {
        withCloudInit(f);
        const off = '/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg';
        config(f, off, 'network: {config: disabled}\n');
        f.agent.cloudInit.networkOff = { path: off, line: 1 };
        write(f, '/etc/netplan/00-installer-config.yaml', 'network: {ethernets: {ens33: {dhcp4: true}}}\n');
      },
      is: 'fail',
      severity: 'must',
      wants: [
        { kind: 'file', path: '/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg', is: 'absent' },
        { kind: 'file', path: '/etc/netplan/00-installer-config.yaml', is: 'absent' },
      ],
    },
    {
      guest: 'whose netplan is all the network there is',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.networkOff = { path: '/etc/cloud/cloud.cfg', line: 1 };
        f.network.services.ifupdown.enabled = false;
        write(f, '/etc/netplan/00-installer-config.yaml', 'network: {ethernets: {ens33: {dhcp4: true}}}\n');
      },
      is: 'fail',
      severity: 'should',
      wants: [],
      advice: /DHCP in another file first/,
    },
    {
      guest: 'with an unreadable file',
      bend: (f) => {
        withCloudInit(f);
        f.unreadable[cfg] = 'a FIFO';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'cloudinit-mounts-order': [
    { guest: 'without cloud-init', is: 'not-applicable' },
    {
      guest: 'that has them early',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg', 'cloud_init_modules: [disk_setup, mounts]\n');
      },
      is: 'pass',
    },
    {
      guest: 'of RHEL 7 that has them late',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.version = '19.4-7.el7';
        config(f, '/etc/cloud/cloud.cfg', oldModules);
      },
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'list-items',
          path: '/etc/cloud/cloud.cfg',
          key: 'cloud_init_modules',
          have: ['disk_setup', 'mounts'],
          after: ['growpart', 'resizefs'],
        },
        { kind: 'line-off', path: '/etc/cloud/cloud.cfg', line: 7, text: '  - disk_setup' },
        { kind: 'line-off', path: '/etc/cloud/cloud.cfg', line: 6, text: '  - mounts' },
      ],
    },
    {
      guest: 'of 23.4 that has them late',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.version = '23.4-7.el9';
        config(f, '/etc/cloud/cloud.cfg', oldModules);
      },
      is: 'pass',
    },
    { guest: 'without any list', bend: withCloudInit, is: 'unknown', severity: 'should' },
  ],
  'cloudinit-logging': [
    {
      guest: 'that logs',
      bend: (f) => {
        withCloudInit(f);
        config(
          f,
          '/etc/cloud/cloud.cfg.d/05_logging.cfg',
          "output: {all: '| tee -a /var/log/cloud-init-output.log'}\n",
        );
      },
      is: 'pass',
    },
    {
      guest: 'whose logging file says nothing of output',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg.d/05_logging.cfg', '# nothing\n');
      },
      is: 'fail',
      severity: 'info',
      says: /goes nowhere/,
    },
    { guest: 'not understood', bend: strange, is: 'unknown', severity: 'info' },
  ],
  'cloudinit-telemetry': [
    {
      guest: 'that reports',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg.d/10-azure-kvp.cfg', 'reporting:\n  telemetry:\n    type: hyperv\n');
      },
      is: 'pass',
    },
    {
      guest: 'with the key of the RHEL article',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg.d/10-azure-kvp.cfg', 'Reporting:\n  telemetry:\n    type: hyperv\n');
      },
      is: 'fail',
      severity: 'info',
      wants: [
        {
          kind: 'line',
          path: '/etc/cloud/cloud.cfg.d/10-azure-kvp.cfg',
          line: 1,
          text: 'Reporting:',
          to: 'reporting:',
        },
      ],
    },
    { guest: 'not understood', bend: strange, is: 'unknown', severity: 'info' },
  ],
  'cloudinit-swap': [
    {
      guest: 'that makes swap',
      bend: (f) => {
        withCloudInit(f);
        config(
          f,
          '/etc/cloud/cloud.cfg.d/00-azure-swap.cfg',
          'fs_setup:\n  - device: ephemeral0.2\n    filesystem: swap\n',
        );
      },
      is: 'pass',
      says: /cloud-init \(.*00-azure-swap.cfg line 1\)/,
    },
    {
      guest: 'without swap',
      bend: withCloudInit,
      is: 'fail',
      severity: 'info',
      wants: [],
      advice: /--allow cloudinit-swap/,
    },
    {
      guest: 'without swap, by leave',
      bend: withCloudInit,
      policy: { allow: ['cloudinit-swap'] },
      is: 'fail',
      says: /no swap/,
    },
    {
      guest: 'of 24.3 whose swap waits for the old unit',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.version = '24.4';
        const text =
          'swap: {size: 1}\nmounts:\n  - [e, none, swap, "sw,x-systemd.requires=cloud-init.service", "0", "0"]\n';
        config(f, '/etc/cloud/cloud.cfg.d/00-azure-swap.cfg', text);
      },
      is: 'fail',
      severity: 'should',
      says: /cloud-init-network.service since 24.3/,
    },
    {
      guest: 'where two make swap',
      bend: (f) => {
        withCloudInit(f);
        config(f, '/etc/cloud/cloud.cfg.d/00-azure-swap.cfg', 'swap: {size: 1}\n');
        const at = { path: '/etc/systemd/system/temp-disk-swapfile.service' } as const;
        f.agent.others = [{ duty: 'swap', name: 'temp-disk-swapfile.service', at }];
      },
      is: 'fail',
      severity: 'should',
      says: /made twice/,
    },
    { guest: 'not understood', bend: strange, is: 'unknown', severity: 'info' },
  ],
  'cloudinit-not-disabled': [
    { guest: 'without cloud-init', is: 'not-applicable' },
    { guest: 'with cloud-init', bend: withCloudInit, is: 'pass' },
    {
      guest: 'with cloud-init switched off',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.disabledBy = [{ path: '/etc/cloud/cloud-init.disabled' }];
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/etc/cloud/cloud-init.disabled', is: 'absent' }],
    },
    {
      guest: 'with cloud-init switched off by a link, which goes and not what it leads to',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.disabledBy = [{ path: '/etc/cloud/cloud-init.disabled' }];
        f.links['/etc/cloud/cloud-init.disabled'] = '/dev/null';
      },
      is: 'fail',
      wants: [{ kind: 'file', path: '/etc/cloud/cloud-init.disabled', is: 'absent' }],
    },
    {
      guest: 'with cloud-init switched off on the kernel line only: that is another rule',
      bend: (f) => {
        withCloudInit(f);
        if (f.boot.kind !== 'grub2') return;
        for (const one of f.boot.entries) one.args.push('cloud-init=disabled');
        f.agent.cloudInit.disabledBy = [{ path: '/boot/grub/grub.cfg', line: 120 }];
      },
      is: 'pass',
    },
    {
      guest: 'with cloud-init beside the agent that provisions',
      bend: (f) => {
        withCloudInit(f);
        f.agent.provisioner = 'waagent';
        f.agent.cloudInit.disabledBy = [{ path: '/etc/cloud/cloud-init.disabled' }];
      },
      is: 'not-applicable',
    },
    {
      guest: 'with cloud-init whose folder cannot be read',
      bend: (f) => {
        withCloudInit(f);
        f.unreadable['/etc/cloud'] = 'Input/output error';
      },
      is: 'unknown',
      severity: 'must',
    },
    { guest: 'that moves as it is', bend: withCloudInit, policy: specialized, is: 'not-applicable' },
  ],
  'cloudinit-datasource-azure': [
    { guest: 'without cloud-init', is: 'not-applicable' },
    { guest: 'that looks for Azure', bend: withCloudInit, is: 'pass' },
    {
      guest: 'that looks for Azure among others',
      bend: datasources(['NoCloud', 'Azure', 'None'], 'datasource_list: [ NoCloud, Azure, None ]'),
      is: 'pass',
    },
    {
      guest: 'whose kernel line has it look for something else',
      bend: (f) => {
        withCloudInit(f);
        if (f.boot.kind !== 'grub2') throw new Error('no grub2');
        for (const entry of f.boot.entries) entry.args.push('ds=nocloud;s=http://10.0.2.2/');
      },
      is: 'fail',
      severity: 'must',
      says: /another platform than Azure/,
      wants: [{ kind: 'kernel-args', have: [], lack: ['ds=nocloud;s=http://10.0.2.2/'] }],
    },
    {
      guest: 'whose kernel line names Azure too',
      bend: (f) => {
        withCloudInit(f);
        if (f.boot.kind !== 'grub2') throw new Error('no grub2');
        for (const entry of f.boot.entries) entry.args.push('ci.ds=Azure');
      },
      is: 'pass',
    },
    {
      guest: 'of a family whose article keeps cloud-init to the first card',
      bend: (f) => {
        datasources(['None'], 'datasource_list: [None]')(f);
        f.agent.cloudInit.files.push(cfg);
        f.os.distro.family = 'suse';
      },
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg',
          is: {
            content: 'datasource_list: [ Azure ]\ndatasource:\n  Azure:\n    apply_network_config: False\n',
            mode: 0o644,
          },
        },
      ],
    },
    {
      guest: 'that looks for nothing',
      bend: datasources(['None'], '  datasource_list: [None] # curtin'),
      is: 'fail',
      severity: 'must',
      wants: [
        {
          kind: 'line',
          path: cfg,
          line: 2,
          text: '  datasource_list: [None] # curtin',
          to: '  datasource_list: [ Azure ]',
        },
      ],
    },
    {
      guest: 'that looks for nothing, on several lines',
      bend: datasources(['None'], 'datasource_list:'),
      is: 'fail',
      severity: 'must',
      wants: [],
      advice: /datasource_list: \[ Azure \]/,
    },
    {
      guest: 'that looks for nothing, by what an installer left, which goes',
      bend: (f) => {
        datasources(['None'], 'datasource_list: [None]')(f);
        f.agent.cloudInit.files.push(cfg);
      },
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg',
          is: { content: 'datasource_list: [ Azure ]\n', mode: 0o644 },
        },
      ],
    },
    {
      guest: 'that tries all',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.datasources = undefined;
      },
      is: 'fail',
      severity: 'should',
      wants: [
        {
          kind: 'file',
          path: '/etc/cloud/cloud.cfg.d/91-azure_datasource.cfg',
          is: { content: 'datasource_list: [ Azure ]\n', mode: 0o644 },
        },
      ],
    },
    {
      guest: 'whose platform is pinned',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.dsIdentify = { path: '/etc/cloud/ds-identify.cfg' };
        write(f, '/etc/cloud/ds-identify.cfg', 'datasource: NoCloud\n');
      },
      is: 'fail',
      severity: 'must',
      wants: [{ kind: 'file', path: '/etc/cloud/ds-identify.cfg', is: 'absent' }],
    },
    {
      guest: 'whose platform is pinned by a link to a file that is not ours to remove',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.dsIdentify = { path: '/etc/cloud/ds-identify.cfg' };
        f.links['/etc/cloud/ds-identify.cfg'] = '/usr/share/cloud/kvm.cfg';
        write(f, '/usr/share/cloud/kvm.cfg', 'datasource: NoCloud\n');
      },
      is: 'fail',
      wants: [{ kind: 'file', path: '/etc/cloud/ds-identify.cfg', is: 'absent' }],
    },
    {
      guest: 'whose platform is pinned to Azure',
      bend: (f) => {
        withCloudInit(f);
        f.agent.cloudInit.dsIdentify = { path: '/etc/cloud/ds-identify.cfg' };
        write(f, '/etc/cloud/ds-identify.cfg', 'datasource: Azure\n');
      },
      is: 'pass',
    },
    {
      guest: 'with an unreadable file',
      bend: (f) => {
        withCloudInit(f);
        f.unreadable[cfg] = 'a FIFO';
      },
      is: 'unknown',
      severity: 'must',
    },
  ],
  'agent-openssl': [
    { guest: 'with openssl 3', is: 'pass', says: /3\.0\.17/ },
    { guest: 'with 1.1.1', bend: has('openssl', '1:1.1.1k-12.el8'), is: 'pass' },
    { guest: 'with 1.0.2', bend: has('openssl', '1:1.0.2k-26.el7_9'), is: 'pass' },
    { guest: 'with 1.0.1', bend: has('openssl', '1.0.1e-58.el6_10'), is: 'fail', severity: 'should', says: /1\.1\.1/ },
    { guest: 'with 1.1.0', bend: has('openssl', '1.1.0l-1~deb9u1'), is: 'fail' },
    { guest: 'with 0.9.8', bend: has('openssl', '0.9.8e-40.el5_11'), is: 'fail', says: /wants 1\.0/ },
    { guest: 'without it', bend: withoutPrograms('openssl'), is: 'fail', advice: /apt-get install openssl/ },
    { guest: 'that built its own', bend: has('openssl', undefined), is: 'unknown' },
    {
      guest: 'whose packages cannot be read',
      bend: (f) => {
        f.os.packages = { is: 'unreadable', why: 'a page is cut off' };
      },
      is: 'unknown',
      severity: 'should',
    },
    {
      guest: 'whose programs cannot be listed',
      bend: (f) => {
        withoutPrograms('openssl')(f);
        f.unreadable['/usr/bin'] = 'input/output error';
      },
      is: 'unknown',
    },
  ],
  'agent-tools': [
    { guest: 'with all of them', is: 'pass' },
    { guest: 'without the agent', bend: none, is: 'not-applicable' },
    { guest: 'with iptables for nft', bend: (f) => instead(f, 'nft', 'iptables'), is: 'pass' },
    { guest: 'without sfdisk', bend: withoutPrograms('sfdisk'), is: 'pass' },
    {
      guest: 'without parted',
      bend: withoutPrograms('parted'),
      is: 'fail',
      severity: 'should',
      advice: /apt-get install parted/,
    },
    {
      guest: 'without mkfs, whose disk cloud-init prepares',
      bend: (f) => {
        withCloudInit(f);
        withoutPrograms('mkfs.ext4')(f);
      },
      is: 'fail',
      severity: 'info',
      advice: /e2fsprogs/,
    },
    {
      guest: 'whose agent makes xfs',
      bend: settings({ 'ResourceDisk.Filesystem': 'xfs' }),
      is: 'fail',
      says: /mkfs\.xfs/,
      advice: /xfsprogs/,
    },
    { guest: 'without ip', bend: withoutPrograms('ip'), is: 'fail', severity: 'should', advice: /iproute2/ },
    { guest: 'whose settings cannot be read', bend: unreadConf, is: 'unknown', severity: 'should' },
    {
      guest: 'whose programs cannot be listed',
      bend: (f) => {
        withoutPrograms('ip')(f);
        f.unreadable['/usr/sbin'] = 'input/output error';
      },
      is: 'unknown',
    },
  ],
  'hyperv-daemons': [
    { guest: 'with the daemon', is: 'pass', says: /hv_kvp_daemon/ },
    { guest: 'with the package', bend: withoutPrograms('hv_kvp_daemon'), is: 'pass', says: /hyperv-daemons 6\.1/ },
    { guest: 'of Debian without them', bend: noDaemons, is: 'fail', severity: 'info' },
    {
      guest: 'of SUSE without them',
      bend: (f) => {
        noDaemons(f);
        f.os.distro = { ...f.os.distro, id: 'sles', family: 'suse', version: '15.6' };
      },
      is: 'fail',
      severity: 'should',
      advice: /zypper install hyper-v/,
    },
    {
      guest: 'whose packages cannot be read',
      bend: (f) => {
        withoutPrograms('hv_kvp_daemon')(f);
        f.os.packages = { is: 'unreadable', why: 'a page is cut off' };
      },
      is: 'unknown',
    },
  ],
  'growpart-gdisk': [
    { guest: 'with both', is: 'pass' },
    { guest: 'without growpart and cloud-init', bend: withoutPrograms('growpart'), is: 'fail', severity: 'info' },
    {
      guest: 'with cloud-init and without growpart',
      bend: (f) => {
        withCloudInit(f);
        withoutPrograms('growpart')(f);
      },
      is: 'fail',
      severity: 'should',
      advice: /cloud-guest-utils/,
    },
    {
      guest: 'whose programs cannot be listed',
      bend: (f) => {
        f.unreadable['/usr/bin'] = 'input/output error';
      },
      is: 'unknown',
    },
  ],
  'omi-version': [
    { guest: 'without it', is: 'pass' },
    { guest: 'with a corrected one', bend: has('omi', '1.6.8.1'), is: 'pass' },
    { guest: 'with a corrected rpm', bend: has('omi', '1.6.8-1'), is: 'pass' },
    { guest: 'with the one before', bend: has('omi', '1.6.8-0'), is: 'fail', severity: 'must', says: /CVE-2021-38647/ },
    { guest: 'with an old one', bend: has('omi', '1.6.4.0'), is: 'fail', wants: [] },
    {
      guest: 'with one of no package',
      bend: (f) => {
        f.software.programs['omiserver'] = '/opt/omi/bin/omiserver';
      },
      is: 'unknown',
      severity: 'must',
    },
    {
      guest: 'whose folder cannot be listed',
      bend: (f) => {
        f.unreadable['/opt/omi/bin'] = 'input/output error';
      },
      is: 'unknown',
    },
  ],
};
