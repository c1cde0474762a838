import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { serialArticle } from '../sources.ts';
import { unread } from '../unread.ts';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const { sysrq } = facts.system;
  const doubts = unread(facts, /\/sysctl\.(conf|d\/)/);
  if (sysrq !== undefined && /=\s*1$/.test(sysrq.text ?? '')) return judge([], doubts, 'every SysRq key works');
  const finding = {
    about: 'kernel.sysrq',
    says:
      sysrq === undefined ? 'kernel.sysrq is not set, so few SysRq keys work' : `${sysrq.text}: not every key works`,
    evidence: sysrq === undefined ? [] : [sysrq],
    wants: [],
    advice: "echo 'kernel.sysrq = 1' > /etc/sysctl.d/99-sysrq.conf, where whoever sees the console may do everything",
  };
  return judge([finding], doubts, '');
}

export const sysrq: Check = {
  id: 'sysrq',
  area: 'system',
  title: 'SysRq works from the serial console',
  severity: 'info',
  why: 'A machine that hangs can then be synced, restarted or made to crash from the serial console.',
  source: [serialArticle],
  fix: { all: 'Set kernel.sysrq = 1 by hand: who may use the console is a matter of taste.' },
  look,
};
