import { describe, expect, test } from 'vitest';
import { type Duty, ownersOf } from '../../src/checks/duties.ts';
import { scanAgent } from '../../src/facts/agent.ts';
import { scanSsh } from '../../src/facts/ssh.ts';
import { readUnits } from '../../src/facts/units.ts';
import type { OsFacts } from '../../src/model.ts';
import { noBoot, osFacts, recorded, withFamily } from '../facts/recorded.ts';
import { debianFacts } from '../lib/facts.ts';
import type { PhonyTree } from '../lib/phony-guest.ts';

/** A unit that starts at boot. */
const unit = (name: string, text = '[Service]\n', target = 'multi-user.target') => ({
  [`/usr/lib/systemd/system/${name}`]: text,
  [`/etc/systemd/system/${target}.wants/${name}`]: { link: `/usr/lib/systemd/system/${name}` },
});
const agent = (conf: string, service = 'waagent.service'): PhonyTree => ({
  '/usr/sbin/waagent': '#!/usr/bin/python3\n',
  '/usr/sbin/mkfs.ext4': 'x',
  '/etc/waagent.conf': conf,
  ...unit(service),
});
const byAgent =
  'Provisioning.Agent=auto\nProvisioning.RegenerateSshHostKeyPair=y\nResourceDisk.Format=y\nResourceDisk.EnableSwap=y\n';
const byCloudInit = 'Provisioning.Agent=auto\nResourceDisk.Format=n\nResourceDisk.EnableSwap=n\n';
const modules = 'cloud_init_modules:\n - ssh\n - disk_setup\n - mounts\n';
const cloudInit = (names = ['cloud-init-local', 'cloud-init', 'cloud-config', 'cloud-final']): PhonyTree => ({
  '/usr/bin/cloud-init': 'x',
  '/etc/cloud/cloud.cfg': modules,
  ...Object.assign({}, ...names.map((name) => unit(`${name}.service`, '[Service]\n', 'cloud-init.target'))),
});
const keygen = {
  ...unit('sshd.service', '[Unit]\nWants=sshd-keygen.target\n'),
  '/usr/sbin/sshd': 'x',
  '/usr/lib/systemd/system/sshd-keygen.target': '[Unit]\n',
};

async function owners(tree: PhonyTree, os: OsFacts) {
  const files = recorded(tree);
  const units = await readUnits(files, os.init);
  const [agentFacts, ssh] = await Promise.all([scanAgent(files, os, noBoot, units), scanSsh(files, os, units)]);
  const { texts } = files.seen();
  const facts = { ...debianFacts(), os, agent: agentFacts, ssh, texts };
  const of = (duty: Duty) => ownersOf(facts, duty).map(({ who }) => who);
  return {
    user: of('user'),
    disk: of('resource-disk'),
    swap: of('swap'),
    name: of('host-name'),
    keys: of('host-keys'),
  };
}

const one = (who: string, keys: string[], swap: string[] = [who]) => ({
  user: [who],
  disk: [who],
  swap,
  name: [who],
  keys,
});

describe('who does what on the first boot of', () => {
  test.each<[string, PhonyTree, OsFacts, object]>([
    [
      'RHEL 7, set up by the agent',
      { ...agent(byAgent), ...keygen },
      withFamily('rhel'),
      one('waagent', ['waagent', 'the SSH service']),
    ],
    [
      'RHEL 9 with cloud-init',
      { ...agent(byCloudInit), ...cloudInit(), ...keygen },
      withFamily('rhel'),
      one('cloud-init', ['cloud-init', 'the SSH service'], []),
    ],
    [
      'SLES 15',
      {
        ...agent(byCloudInit),
        ...cloudInit(),
        '/usr/sbin/sshd': 'x',
        ...unit('sshd.service', '[Service]\nExecStartPre=/usr/sbin/sshd-gen-keys-start\n'),
      },
      withFamily('suse'),
      one('cloud-init', ['cloud-init', 'the SSH service'], []),
    ],
    [
      'Ubuntu 24.04',
      {
        ...agent(byCloudInit, 'walinuxagent.service'),
        ...cloudInit(['cloud-init-local', 'cloud-init-main', 'cloud-init-network', 'cloud-config', 'cloud-final']),
      },
      withFamily('ubuntu'),
      one('cloud-init', ['cloud-init'], []),
    ],
    [
      'Debian 12 as its agent is packaged',
      agent('Provisioning.Agent=cloud-init\n', 'walinuxagent.service'),
      withFamily('debian'),
      { user: [], disk: [], swap: [], name: [], keys: [] },
    ],
    [
      'Alpine with the agent',
      {
        '/usr/sbin/waagent': '#!/usr/bin/python3\n',
        '/etc/waagent.conf': byAgent,
        '/usr/sbin/sshd': 'x',
        '/etc/init.d/sshd': '#!/sbin/openrc-run\nssh-keygen -A\n',
        '/etc/runlevels/default/sshd': { link: '/etc/init.d/sshd' },
      },
      { ...withFamily('alpine'), init: 'openrc' },
      one('waagent', ['waagent', 'the SSH service']),
    ],
    [
      'a guest where both were switched on (trap 13)',
      { ...agent('Provisioning.Agent=waagent\nResourceDisk.Format=y\n'), ...cloudInit() },
      osFacts(),
      {
        user: ['waagent', 'cloud-init'],
        disk: ['waagent', 'cloud-init'],
        swap: [],
        name: ['waagent', 'cloud-init'],
        keys: ['cloud-init'],
      },
    ],
    [
      'a guest where only the first stage of cloud-init is switched off (trap 9)',
      { ...agent('Provisioning.Agent=auto\n'), ...cloudInit(['cloud-init', 'cloud-config', 'cloud-final']) },
      osFacts(),
      {
        user: ['waagent', 'cloud-init'],
        disk: ['cloud-init'],
        swap: [],
        name: ['waagent', 'cloud-init'],
        keys: ['cloud-init'],
      },
    ],
  ])('%s', async (_, tree, os, expected) => {
    expect(await owners(tree, os)).toEqual(expected);
  });
});
