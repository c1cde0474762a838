import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/apply/apply.ts';
import { examine, severityOf } from '../../src/checks/examine.ts';
import { scan } from '../../src/facts/scan.ts';
import type { GuestFiles } from '../../src/guest/guest.ts';
import { createUnpacker } from '../../src/guest/unpack.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { openGuest, options } from '../apply/applied-guest.ts';
import { programsOf } from '../guests/programs.ts';
import { redhat } from '../guests/redhat.ts';
import { policy } from '../lib/facts.ts';
import { makeGuest, type PhonyTree } from '../lib/phony-guest.ts';

const ifcfg = '/etc/sysconfig/network-scripts/ifcfg-eth0';
const kernel = '3.10.0-1160.el7.x86_64';
const server = { '/usr/lib/NetworkManager/conf.d/00-server.conf': '[main]\nno-auto-default=*\n' };
const article = (managed: 'yes' | 'no') =>
  `DEVICE=eth0\nONBOOT=yes\nBOOTPROTO=dhcp\nTYPE=Ethernet\nUSERCTL=no\nPEERDNS=yes\nIPV6INIT=no\nPERSISTENT_DHCLIENT=yes\nNM_CONTROLLED=${managed}\n`;

/** CentOS 7 with NetworkManager, and that ifcfg-eth0. */
function centos(text: string | undefined, more: PhonyTree = {}): PhonyTree {
  const { [ifcfg]: _prepared, ...rest } = redhat({
    id: 'centos',
    name: 'CentOS Linux',
    version: '7.9',
    kernel,
    boot: 'grub2',
    provisioner: 'waagent',
  });
  return { ...rest, ...(text === undefined ? {} : { [ifcfg]: text }), ...more };
}

async function look(files: GuestFiles, allow: readonly string[]) {
  const facts = await scan(files, { unpacker: createUnpacker() });
  const examined = examine(facts, policy({ allow }));
  const musts = examined.filter((one) => ['fail', 'unknown'].includes(one.status) && severityOf(one) === 'must');
  const failed = examined.filter((one) => one.status === 'fail').map((one) => one.check.id);
  return { plan: makePlan(examined, facts), musts: musts.map((one) => one.check.id), failed };
}

/** Applies what the rules want, and shows which files of the network came of it. */
async function applied(tree: PhonyTree, allow: readonly string[] = ['static-network']) {
  const root = makeGuest(tree);
  const { guest: files } = openGuest(root, programsOf({ about: '', tree, shows: [] }));
  const { plan } = await look(files, allow);
  expect(plan.blockedBy).toEqual([]);
  expect(await apply(plan, files, { ...options, unpacker: createUnpacker() })).toMatchObject({ is: 'done' });
  const after = await look(files, allow);
  expect(after.plan.steps.map(({ step }) => step)).toEqual([]);
  const touched = plan.steps.flatMap(({ step }) => ('path' in step ? [step.path] : []));
  const network = touched.filter((path) => /network|NetworkManager|dhcp|udev/.test(path)).sort();
  return {
    network,
    musts: after.musts,
    failed: after.failed,
    text: (path: string) => readFileSync(join(root, path), 'utf8'),
  };
}

describe('the one profile of the first card on release 7', () => {
  test('an ifcfg-eth0 with an address becomes one with DHCP', async () => {
    const own = 'DEVICE="eth0"\nBOOTPROTO=none\nONBOOT=yes\nIPADDR=192.0.2.9\nHWADDR=52:54:00:12:34:56\nUUID=1-2\n';
    const { network, musts, text } = await applied(centos(own));
    expect([network, musts]).toEqual([[ifcfg], []]);
    expect(text(ifcfg)).toBe(article('yes'));
  });

  test('the same where NetworkManager makes no connection by itself', async () => {
    const { network, musts, text } = await applied(centos('BOOTPROTO=static\nIPADDR=192.0.2.9\nONBOOT=yes\n', server));
    expect([network, musts]).toEqual([[ifcfg], []]);
    expect(text(ifcfg)).toBe(article('yes'));
  });

  test('where there is none, it is the article’s file, and no connection of NetworkManager’s beside it', async () => {
    const { network, musts, text } = await applied(centos(undefined, server), []);
    expect([network, musts]).toEqual([[ifcfg], []]);
    expect(text(ifcfg)).toBe(article('yes'));
  });

  test('one that does not start is started, with its other lines as they are', async () => {
    const { network, musts, text } = await applied(
      centos('TYPE=Ethernet\nDEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=no\nDEFROUTE=yes\n', server),
      [],
    );
    expect([network, musts]).toEqual([[ifcfg], []]);
    expect(text(ifcfg)).toBe('TYPE=Ethernet\nDEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\nDEFROUTE=yes\n');
  });
});

describe('what other services of the network are told', () => {
  const rule = '/etc/udev/rules.d/68-azure-sriov-nm-unmanaged.rules';

  test('a guest that was told otherwise everywhere', async () => {
    const dhclient = '/etc/dhcp/dhclient.conf';
    const {
      [rule]: _rule,
      '/etc/NetworkManager/conf.d/99-azure-unmanaged-devices.conf': _conf,
      ...rest
    } = centos(`${article('yes')}IPV4_DHCP_TIMEOUT=30\n`);
    const { network, failed, text } = await applied({
      ...rest,
      [dhclient]: 'timeout 60;\n',
      '/etc/sysconfig/network': 'NETWORKING=no\n',
    });
    expect(network).toEqual([dhclient, '/etc/sysconfig/network', ifcfg, rule].sort());
    expect(failed.filter((id) => /^(net-|dhcp-timeout)/.test(id))).toEqual([]);
    expect([text(dhclient), text('/etc/sysconfig/network')]).toEqual(['timeout 300;\n', 'NETWORKING=yes\n']);
    expect(text(ifcfg)).toBe(`${article('yes')}IPV4_DHCP_TIMEOUT=300\n`);
  });

  test('one with azure-vm-utils needs no rule of ours', async () => {
    const {
      [rule]: _rule,
      '/etc/NetworkManager/conf.d/99-azure-unmanaged-devices.conf': _conf,
      ...rest
    } = centos(article('yes'));
    const shipped = '/usr/lib/udev/rules.d/10-azure-unmanaged-sriov.rules';
    const line = 'SUBSYSTEM=="net", DRIVERS=="mana|mlx4_core|mlx5_core", ENV{NM_UNMANAGED}="1"\n';
    const { failed } = await look(openGuest(makeGuest({ ...rest, [shipped]: line })).guest, []);
    expect(failed).not.toContain('net-sriov-unmanaged');
  });

  test.each([
    ['a file', 'nameserver 192.0.2.1\n', true],
    ['the link of a service that has not started', { link: '../run/systemd/resolve/stub-resolv.conf' }, false],
    ['a link to a file that somebody wrote', { link: 'resolv.conf.mine' }, true],
  ])('%s called resolv.conf', async (_, resolv, left) => {
    const tree = { '/etc/resolv.conf': resolv, '/etc/resolv.conf.mine': 'nameserver 192.0.2.1\n' };
    const { failed } = await look(openGuest(makeGuest(centos(article('yes'), tree))).guest, []);
    expect(failed.includes('resolv-conf-removed')).toBe(left);
  });
});
