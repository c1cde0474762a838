import { describe, expect, test } from 'vitest';
import { scanAgent } from '../../src/facts/agent.ts';
import { readUnits } from '../../src/facts/units.ts';
import type { BootLoader, OsFacts } from '../../src/model.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';
import { bootEntry, grub2, noBoot, osFacts, recorded, withFamily } from './recorded.ts';

async function agent(tree: PhonyTree, os: OsFacts = osFacts(), boot: BootLoader = noBoot) {
  const files = recorded(tree);
  return scanAgent(files, os, boot, await readUnits(files, os.init));
}

const site = '/usr/lib/python3/dist-packages';

const installed = {
  '/usr/sbin/waagent': '#!/usr/bin/python3 -u\nimport azurelinuxagent\n',
  '/usr/bin/python3': { link: 'python3.11' },
  '/usr/bin/python3.11': 'x',
  [`${site}/azurelinuxagent/common/version.py`]: "AGENT_NAME = 'WALinuxAgent'\nAGENT_VERSION = '2.7.3.0'\n",
  '/lib/systemd/system/walinuxagent.service': '[Service]\n',
  '/etc/systemd/system/multi-user.target.wants/walinuxagent.service': {
    link: '/lib/systemd/system/walinuxagent.service',
  },
} as const satisfies PhonyTree;

const conf = (text: string) => ({ '/etc/waagent.conf': text });

/** cloud-init with the unit that the agent asks for. */
const cloudInit = {
  '/usr/bin/cloud-init': 'x',
  '/lib/systemd/system/cloud-init-local.service': '[Service]\n',
  '/lib/systemd/system/cloud-final.service': '[Service]\n',
  '/etc/systemd/system/cloud-init.target.wants/cloud-init-local.service': {
    link: '/lib/systemd/system/cloud-init-local.service',
  },
} as const satisfies PhonyTree;

test('an agent with all that belongs to it', async () => {
  const { waagent } = await agent({
    ...installed,
    ...conf('# x\nProvisioning.Agent=auto\nResourceDisk.Format=yes\n'),
    [`${site}/distro/__init__.py`]: '',
    '/usr/local/lib/python3.11/dist-packages/pyasn1/__init__.py': '',
    '/usr/lib/python3.9/site-packages/legacycrypt.py': '',
    '/usr/bin/eject': 'x',
  });
  expect(waagent).toMatchObject({
    program: '/usr/sbin/waagent',
    version: '2.7.3.0',
    versionFrom: `${site}/azurelinuxagent/common/version.py`,
    unit: { name: 'walinuxagent.service', installed: true, enabled: true },
    conf: '/etc/waagent.conf',
    settings: { is: 'there', value: { 'Provisioning.Agent': { value: 'auto', at: { line: 2 } } } },
    python: { path: '/usr/bin/python3.11', version: '3.11', modules: ['pyasn1', 'distro'] },
    eject: true,
  });
  expect(waagent.confFaults.map((fault) => fault.key)).toEqual(['ResourceDisk.Format']);
});

test('no agent', async () => {
  const { waagent } = await agent({});
  expect(waagent).toMatchObject({
    program: undefined,
    version: undefined,
    unit: { name: 'walinuxagent.service', installed: false },
    settings: { is: 'absent' },
    python: { path: undefined },
    eject: false,
  });
});

test('what a removed agent leaves behind is no agent', async () => {
  const { '/usr/sbin/waagent': _, '/lib/systemd/system/walinuxagent.service': __, ...left } = installed;
  const found = await agent({
    ...left,
    ...conf('Provisioning.Agent=waagent\n'),
    '/etc/init.d/walinuxagent': '#!/bin/sh\n',
    '/etc/rc2.d/S01walinuxagent': { link: '../init.d/walinuxagent' },
  });
  expect(found.waagent).toMatchObject({
    program: undefined,
    version: undefined,
    unit: { installed: false, enabled: false },
  });
  expect(found.provisioner).toBe('none');
});

describe('the service is called', () => {
  test.each([
    ['debian', 'walinuxagent.service'],
    ['ubuntu', 'walinuxagent.service'],
    ['rhel', 'waagent.service'],
    ['suse', 'waagent.service'],
  ] as const)('by %s %s', async (family, name) => {
    const link = (unit: string) => ({
      [`/lib/systemd/system/${unit}`]: 'x',
      [`/etc/systemd/system/multi-user.target.wants/${unit}`]: { link: `/lib/systemd/system/${unit}` },
    });
    const tree = {
      '/usr/sbin/waagent': '#!/usr/bin/python3\n',
      ...link('waagent.service'),
      ...link('walinuxagent.service'),
    };
    expect((await agent(tree, withFamily(family))).waagent.unit).toMatchObject({ name, enabled: true });
  });
});

describe('version', () => {
  test('of the one script that old agents were', async () => {
    const { waagent } = await agent({
      '/usr/sbin/waagent': '#!/usr/bin/env python\nGuestAgentVersion = "WALinuxAgent-2.0.16"\n',
    });
    expect(waagent.version).toBe('2.0.16');
  });

  test('of the package where the code does not tell', async () => {
    const os = osFacts({ packages: { is: 'there', value: { walinuxagent: '2.2.46-0ubuntu1~20.04.1' } } });
    const { waagent } = await agent({ '/usr/sbin/waagent': '#!/usr/bin/python3\n' }, os);
    expect(waagent).toMatchObject({ version: '2.2.46-0ubuntu1~20.04.1', versionFrom: 'the package' });
  });

  test('is that of the code which the interpreter imports', async () => {
    const tree = {
      ...installed,
      '/usr/lib/python2.7/dist-packages/azurelinuxagent/common/version.py': "AGENT_VERSION = '2.2.0'\n",
    };
    expect((await agent(tree)).waagent.version).toBe('2.7.3.0');
  });

  test('is not known where nothing tells', async () => {
    expect((await agent({ '/usr/sbin/waagent': '#!/usr/bin/python3\n' })).waagent.version).toBeUndefined();
  });
});

describe('interpreter', () => {
  const python = async (shebang: string, tree: PhonyTree) =>
    (await agent({ '/usr/sbin/waagent': `${shebang}\nx\n`, ...tree })).waagent.python;

  test.each([
    [
      '#!/usr/bin/env python3',
      { '/usr/bin/python3.9': 'x', '/usr/bin/python3': { link: 'python3.9' } },
      '/usr/bin/python3.9',
      '3.9',
    ],
    [
      '#!/usr/bin/env -S python3 -u',
      { '/usr/bin/python3.9': 'x', '/usr/bin/python3': { link: 'python3.9' } },
      '/usr/bin/python3.9',
      '3.9',
    ],
    ['#! /usr/bin/python3', { '/usr/bin/python3': 'x', '/usr/lib/python3.6/os.py': '' }, '/usr/bin/python3', '3.6'],
    [
      '#!/usr/libexec/platform-python',
      { '/usr/libexec/platform-python3.6': 'x', '/usr/libexec/platform-python': { link: 'platform-python3.6' } },
      '/usr/libexec/platform-python3.6',
      '3.6',
    ],
    ['#!/usr/bin/python', { '/usr/bin/python': 'x', '/usr/lib64/python2.6/os.py': '' }, '/usr/bin/python', '2.6'],
    [
      '#!/usr/bin/python3',
      { '/usr/bin/python3': 'x', '/usr/lib/python3.6/a': '', '/usr/lib/python3.8/a': '' },
      '/usr/bin/python3',
      '3',
    ],
    ['#!/usr/bin/python3', {}, undefined, undefined],
    ['#!/usr/bin/python3', { '/usr/bin/python3': { link: '/opt/gone' } }, undefined, undefined],
    ['#!/bin/sh', { '/bin/sh': 'x' }, undefined, undefined],
    ['no script', {}, undefined, undefined],
  ] as [string, PhonyTree, string | undefined, string | undefined][])(
    '%s with %o',
    async (shebang, tree, path, version) => {
      expect(await python(shebang, tree)).toMatchObject({ path, version });
    },
  );
});

describe('cloud-init', () => {
  test('that is enabled', async () => {
    const found = await agent({
      ...cloudInit,
      '/usr/lib/python3/dist-packages/cloudinit/version.py': '__VERSION__ = "22.4.2"\n',
      '/etc/cloud/cloud.cfg': 'datasource_list: [ NoCloud, None ]\n',
      '/etc/cloud/cloud.cfg.d/90_dpkg.cfg': '# x\ndatasource_list: [ Azure ]\n',
      '/etc/cloud/cloud.cfg.d/README': 'datasource_list: [ Ec2 ]\n',
      '/etc/cloud/ds-identify.cfg': '# x\npolicy: enabled\n',
    });
    expect(found.cloudInit).toMatchObject({
      installed: true,
      version: '22.4.2',
      enabled: true,
      disabledBy: [],
      datasources: { list: ['Azure'], at: { path: '/etc/cloud/cloud.cfg.d/90_dpkg.cfg', line: 2 } },
      dsIdentify: { path: '/etc/cloud/ds-identify.cfg', line: 2, text: 'policy: enabled' },
    });
    expect(found.cloudInit.units.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['cloud-init-local.service', true],
      ['cloud-final.service', false],
    ]);
    expect(found.provisioner).toBe('cloud-init');
  });

  test('of the newer generation', async () => {
    const found = await agent({
      ...cloudInit,
      '/lib/systemd/system/cloud-init-main.service': 'x',
      '/lib/systemd/system/cloud-init-network.service': 'x',
    });
    expect(found.cloudInit.units.map((unit) => unit.name)).toEqual([
      'cloud-init-local.service',
      'cloud-init-main.service',
      'cloud-init-network.service',
      'cloud-final.service',
    ]);
  });

  test('that is removed leaves its configuration and is not there', async () => {
    const os = osFacts({ packages: { is: 'there', value: { waagent: '2.7' } } });
    expect((await agent({ ...cloudInit, '/etc/cloud/cloud.cfg': 'x: y\n' }, os)).cloudInit).toMatchObject({
      installed: false,
      enabled: false,
      units: [],
    });
  });

  test('that is switched off by a file, the kernel line or a mask', async () => {
    expect((await agent({ ...cloudInit, '/etc/cloud/cloud-init.disabled': '' })).cloudInit.disabledBy).toEqual([
      { path: '/etc/cloud/cloud-init.disabled' },
    ]);
    const entry = bootEntry({ kernelPath: '/boot/vmlinuz-6.1', args: ['ro', 'cloud-init=disabled'], isDefault: true });
    expect((await agent(cloudInit, osFacts(), grub2(entry))).cloudInit.disabledBy).toEqual([
      { path: '/boot/grub/grub.cfg', line: 1, text: 'cloud-init=disabled' },
    ]);
    const masked = { ...cloudInit, '/etc/systemd/system/cloud-init-local.service': { link: '/dev/null' } } as const;
    expect((await agent(masked)).cloudInit).toMatchObject({ enabled: false, disabledBy: [{ text: 'masked' }] });
  });

  test('that is told to leave the network alone', async () => {
    const off = async (files: Record<`/${string}`, string>) =>
      (await agent({ ...cloudInit, ...files })).cloudInit.networkOff;
    const installer = '/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg';
    const disabled = { [installer]: '# by the installer\nnetwork: {config: disabled}\n' };
    expect(await off(disabled)).toEqual({ path: installer, line: 2, text: 'network: {config: disabled}' });
    expect(await off({ [installer]: 'network:\n  config: disabled\n' })).toMatchObject({ line: 2 });
    expect(await off({ [installer]: '? odd\n: key\nnetwork: { config: disabled }\n' })).toMatchObject({ line: 3 });
    expect(await off({ [installer]: 'users: []\n' })).toBeUndefined();
    const later = { '/etc/cloud/cloud.cfg.d/zz.cfg': 'network: {config: {version: 2}}\n' } as const;
    expect(await off({ ...disabled, ...later })).toBeUndefined();
  });
});

describe('who provisions', () => {
  const disabled = { ...cloudInit, '/etc/cloud/cloud-init.disabled': '' };
  const old = {
    ...installed,
    [`${site}/azurelinuxagent/common/version.py`]: "AGENT_VERSION = '2.2.40'\n",
  };
  test.each([
    ['auto without cloud-init', installed, '', 'waagent'],
    ['auto with cloud-init', { ...installed, ...cloudInit }, 'Provisioning.Agent=auto\n', 'cloud-init'],
    ['auto with a cloud-init that the agent sees and that does not run', { ...installed, ...disabled }, '', 'none'],
    ['waagent', installed, 'Provisioning.Agent=waagent\n', 'waagent'],
    ['waagent beside cloud-init', { ...installed, ...cloudInit }, 'Provisioning.Agent=waagent\n', 'both'],
    [
      'waagent beside one that is switched off',
      { ...installed, ...disabled },
      'Provisioning.Agent=waagent\n',
      'waagent',
    ],
    ['cloud-init', { ...installed, ...cloudInit }, 'Provisioning.Agent=cloud-init\n', 'cloud-init'],
    ['cloud-init that is not there', installed, 'Provisioning.Agent=cloud-init\n', 'none'],
    ['nobody', installed, 'Provisioning.Agent=disabled\n', 'none'],
    ['a word that the agent does not know', installed, 'Provisioning.Agent=Cloud-Init\n', 'waagent'],
    ['cloud-init alone', cloudInit, '', 'cloud-init'],
    ['neither', {}, 'Provisioning.Agent=waagent\n', 'none'],
    ['an old agent', old, 'Provisioning.Agent=cloud-init\n', 'waagent'],
    ['an old agent that is switched off', old, 'Provisioning.Enabled=n\n', 'none'],
    [
      'an old agent that leaves it to cloud-init',
      { ...old, ...cloudInit },
      'Provisioning.Enabled=n\nProvisioning.UseCloudInit=y\n',
      'cloud-init',
    ],
    ['an old agent beside cloud-init', { ...old, ...cloudInit }, '', 'both'],
    ['an old agent whose switch is no y', { ...old, ...cloudInit }, 'Provisioning.UseCloudInit=yes\n', 'both'],
  ] as [string, PhonyTree, string, string][])('%s', async (_, tree, text, provisioner) => {
    expect((await agent({ ...tree, ...conf(text) })).provisioner).toBe(provisioner);
  });
});
