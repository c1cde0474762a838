import type { Change, Check, Facts, Finding, GuestPath, Looked } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy } from '../fixable.ts';
import { centosArticle, lisa, suseArticle, waagent } from '../sources.ts';
import { unread } from '../unread.ts';

/** An empty file of the same name in /etc hides the generator in /lib (CJ-12). */
const mask: GuestPath = '/etc/udev/rules.d/75-persistent-net-generator.rules';

function wantOf(path: GuestPath): Change {
  const isRule = path.startsWith('/etc/') && path !== mask;
  return isRule ? { kind: 'file', path, is: 'absent' } : { kind: 'file', path: mask, is: { linkTo: '/dev/null' } };
}

function look(facts: Facts): Looked {
  const masked = realPath(facts, mask) === '/dev/null';
  const rules = facts.network.persistentRules.filter(({ path }) =>
    path.startsWith('/etc/') ? realPath(facts, path) !== '/dev/null' : !masked,
  );
  const paths = [...new Set(rules.map((at) => at.path))];
  const findings = paths.map((path): Finding => {
    const own = path.startsWith('/etc/') && path !== mask;
    return {
      about: path,
      says: own
        ? `${path} ties interface names to the network cards of this machine`
        : `${path} writes a rule for each network card it meets, so that the next one becomes eth1`,
      evidence: rules.filter((at) => at.path === path),
      ...remedy(facts, [wantOf(path)], own ? `rm ${path}` : `ln -s /dev/null ${mask}`),
    };
  });
  return judge(
    findings,
    unread(facts, /\/udev\/rules\.d(\/.*persistent-net|$)/),
    'no udev rule ties interface names to network cards',
  );
}

export const udevNoPersistentNet: Check = {
  id: 'udev-no-persistent-net',
  area: 'network',
  title: 'No udev rule remembers network cards',
  severity: 'should',
  why: 'The card of the new machine has another MAC address, is named eth1, and nothing configures eth1.',
  source: [centosArticle, suseArticle, lisa('verify_udev_rules_moved'), waagent],
  fix: { all: 'apply: the rules are removed and the generator is masked by a link to /dev/null' },
  look,
};
