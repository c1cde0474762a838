import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { lineOff, remedy } from '../fixable.ts';
import { cloudInitDoesNetwork } from '../provisioner.ts';
import { marketplace, suseArticle, ubuntuArticle } from '../sources.ts';
import { networkFiles, unread } from '../unread.ts';

type Pin = Facts['network']['pins'][number];

const allow = 'static-network';

/** Formats in which a single line can go without changing what the lines around it mean; YAML and [Match] are not. */
function lineStandsAlone(path: GuestPath): boolean {
  return path.startsWith('/etc/network/') || /\.nmconnection$|\/ifcfg-[^/]+$/.test(path);
}

/** Whole files that cloud-init or another DHCP configuration makes up for. */
function isReplaceable(facts: Facts, path: GuestPath): boolean {
  if (path === '/etc/network/interfaces') return false;
  return cloudInitDoesNetwork(facts) || facts.network.dhcp.some((at) => at.path !== path);
}

function wantsFor(facts: Facts, pin: Pin, policy: Policy): Change[] {
  if (pin.what === 'mac' && lineStandsAlone(pin.at.path)) {
    const off = lineOff(facts, pin.at);
    return off === undefined ? [] : [off];
  }
  if (!policy.allow.includes(allow) || !isReplaceable(facts, pin.at.path)) return [];
  return [{ kind: 'file', path: pin.at.path, is: 'absent' }];
}

const byHand: Readonly<Record<Pin['what'], (path: GuestPath) => string>> = {
  'static-address': (path) =>
    `configure that interface for DHCP in ${path}, or remove the file (--allow ${allow} does)`,
  mac: (path) => `take the MAC address out of ${path}`,
  'interface-name': (path) => `name eth0 in ${path}, or match every Ethernet interface`,
};

function look(facts: Facts, policy: Policy): Looked {
  const removed = (path: GuestPath) => policy.allow.includes(allow) && isReplaceable(facts, path);
  const findings = facts.network.pins.map((pin): Finding => {
    // A file that goes as a whole is not edited line by line as well.
    const goes = facts.network.pins.some((other) => other.what === 'static-address' && other.at.path === pin.at.path);
    const wants =
      goes && removed(pin.at.path)
        ? wantsFor(facts, { ...pin, what: 'static-address' }, policy)
        : wantsFor(facts, pin, policy);
    return {
      about: pin.at.path,
      says: pin.says,
      ...(pin.what === 'static-address' ? {} : { severity: 'should' as const }),
      evidence: [pin.at],
      ...remedy(facts, wants, byHand[pin.what](pin.at.path)),
    };
  });
  return judge(
    findings,
    unread(facts, networkFiles),
    'no address, network card or interface name of this machine is configured',
  );
}

export const netNoStaticConfig: Check = {
  id: 'net-no-static-config',
  area: 'network',
  title: 'No network setting belongs to this machine only',
  severity: 'must',
  why: 'Address, MAC and interface name are others on the new machine, which then has no network.',
  source: [ubuntuArticle, suseArticle, marketplace],
  look,
};
