import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { beforeCloudInit } from '../cloud-config.ts';
import { usableDhcp } from '../dhcp.ts';
import { remedy } from '../fixable.ts';
import { installerFiles, installerNetplans } from '../leftovers.ts';
import { ubuntuArticle } from '../sources.ts';
import { unread } from '../unread.ts';

/** Files that decide whether the new machine is set up at all. */
const grave = /99-installer|networking|installer-network/;

/** Whether cloud-init will configure the network once the leftovers are gone. */
function networkComesBack(facts: Facts): boolean {
  const { enabled, disabledBy, networkOff } = facts.agent.cloudInit;
  const goes = networkOff === undefined || installerFiles(facts).some(({ path }) => path === networkOff.path);
  return enabled && disabledBy.length === 0 && goes;
}

function goes(path: GuestPath): Change[] {
  return [{ kind: 'file', path, is: 'absent' }];
}

/** A network configuration goes only where another one is seen to take its place; its static addresses are another rule's. */
function netplan(facts: Facts, path: GuestPath): Finding {
  const { pins } = facts.network;
  const isStatic = pins.some((pin) => pin.what === 'static-address' && pin.at.path === path);
  const isMadeUp = networkComesBack(facts) || usableDhcp(facts).some((at) => at.path !== path);
  return {
    about: path,
    says: `${path} is the network of the machine that was installed`,
    severity: 'should',
    evidence: [{ path }],
    ...remedy(
      facts,
      isStatic || !isMadeUp ? [] : goes(path),
      isStatic
        ? `it sets an address: see net-no-static-config; then rm ${path}`
        : `give eth0 DHCP in another file first, then rm ${path}`,
    ),
  };
}

function look(facts: Facts, policy: Policy): Looked {
  const before = beforeCloudInit(facts, policy);
  if (before !== undefined) return before;
  const findings = installerFiles(facts).map(
    ({ path, does }): Finding => ({
      about: path,
      says: `${path}, left by an installer, ${does}`,
      ...(grave.test(path) ? {} : { severity: 'should' as const }),
      evidence: [{ path }],
      ...remedy(facts, goes(path), `rm ${path}`),
    }),
  );
  findings.push(...installerNetplans(facts).map((path) => netplan(facts, path)));
  return judge(
    findings,
    unread(facts, /^\/etc\/(?:cloud|netplan)\//),
    'no installer left files for cloud-init or netplan',
  );
}

export const cloudinitInstallerLeftovers: Check = {
  id: 'cloudinit-installer-leftovers',
  area: 'agent',
  title: 'Nothing of an installer steers cloud-init',
  severity: 'must',
  why: 'Installers pin cloud-init to the machine that they installed: its user data, its network card, no other platform.',
  source: [ubuntuArticle],
  fix: {
    all: 'apply: files that installers are known to write go; a netplan file only where cloud-init or another file gives DHCP',
  },
  look,
};
