import type { Change, Check, Facts, Finding, GuestPath, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { allowStatic, askedIfcfg, dhcpWants, isGoing, isMadeUpFor, lineStandsAlone } from '../dhcp.ts';
import { lineOff, remedy } from '../fixable.ts';
import { matchByDriver } from '../mac-match.ts';
import { marketplace, suseArticle, ubuntuArticle } from '../sources.ts';
import { networkFiles, unread } from '../unread.ts';

type Pin = Facts['network']['pins'][number];

function wantsFor(facts: Facts, pin: Pin, policy: Policy): Change[] {
  const { path } = pin.at;
  if (isGoing(facts, pin, policy)) {
    const asked = askedIfcfg(facts);
    if (asked?.path === path) return [asked];
    if (isMadeUpFor(facts, path, policy)) return [{ kind: 'file', path, is: 'absent' }];
    const instead = dhcpWants(facts, policy);
    if (instead.length === 0) return [];
    return instead.some((want) => want.path === path) ? instead : [{ kind: 'file', path, is: 'absent' }, ...instead];
  }
  if (pin.what !== 'mac') return [];
  const off = lineStandsAlone(path) ? lineOff(facts, pin.at) : matchByDriver(facts, pin.at);
  return off === undefined ? [] : [off];
}

const byHand: Readonly<Record<Pin['what'], (path: GuestPath) => string>> = {
  'static-address': (path) =>
    `configure that interface for DHCP in ${path}, or remove the file (--allow ${allowStatic} does)`,
  mac: (path) => `take the MAC address out of ${path}`,
  'interface-name': (path) => `name eth0 in ${path}, or match every Ethernet interface`,
};

function look(facts: Facts, policy: Policy): Looked {
  const findings = facts.network.pins.map((pin): Finding => {
    return {
      about: pin.at.path,
      says: pin.says,
      ...(pin.what === 'static-address' ? {} : { severity: 'should' as const }),
      evidence: [pin.at],
      ...remedy(facts, wantsFor(facts, pin, policy), byHand[pin.what](pin.at.path)),
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
  fix: { all: 'apply: hardware addresses go; static addresses only with --allow static-network' },
  look,
};
