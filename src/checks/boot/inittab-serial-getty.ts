import { splitLines } from '../../formats/lines.ts';
import type { Check, Evidence, Facts, Finding, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { realPath, remedy, textOf } from '../fixable.ts';
import { serialArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const byHand = 'add to /etc/inittab: S0:12345:respawn:/sbin/agetty -L 115200 ttyS0 vt102';

/** A line that is commented out is put in force as it stands. */
function switchOn(facts: Facts, at: Evidence): Pick<Finding, 'wants' | 'advice'> {
  const line = at.line ?? 0;
  const text = splitLines(textOf(facts, at.path) ?? '')[line - 1]?.text ?? '';
  const path = realPath(facts, at.path);
  return remedy(facts, [{ kind: 'line', path, line, text, to: text.replace(/^#\s*/, '') }], byHand);
}

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const { serialLogin } = facts.system;
  if (facts.os.init === 'systemd') {
    const { masked } = serialLogin;
    if (masked === undefined) return { is: 'pass', says: 'systemd starts a login on every console of the kernel line' };
    const finding = {
      about: masked,
      says: 'the login on the serial console is masked',
      evidence: [{ path: masked }],
      ...remedy(facts, [{ kind: 'file', path: masked, is: 'absent' }], `rm ${masked}`),
    };
    return judge([finding], [], '');
  }
  const doubts = unread(facts, /^\/etc\/(?:inittab$|init\/)/);
  if (facts.os.init === 'unknown') return { is: 'unknown', why: 'how this guest starts its services is not known' };
  if (serialLogin.on !== undefined) return judge([], doubts, `a login is started on the serial console`);
  const finding = {
    about: 'serial console',
    says: 'no login is started on the serial console',
    evidence: serialLogin.off === undefined ? [] : [serialLogin.off],
    ...(serialLogin.off === undefined ? { wants: [], advice: byHand } : switchOn(facts, serialLogin.off)),
  };
  return judge([finding], doubts, '');
}

export const inittabSerialGetty: Check = {
  id: 'inittab-serial-getty',
  area: 'boot',
  title: 'Somebody can log in at the serial console',
  severity: 'info',
  why: "Azure's serial console shows a login only where the guest starts one on the port.",
  source: [serialArticle],
  fix: {
    all: 'apply: the mask of serial-getty@ttyS0.service goes; a commented line of /etc/inittab is put in force',
    alpine: 'apply or by hand: a getty on ttyS0 in /etc/inittab',
  },
  look,
};
