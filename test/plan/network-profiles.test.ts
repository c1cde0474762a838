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
  return { plan: makePlan(examined, facts), musts: musts.map((one) => one.check.id) };
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
  const network = touched.filter((path) => /network|NetworkManager/.test(path));
  return { network, musts: after.musts, text: (path: string) => readFileSync(join(root, path), 'utf8') };
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
