import type { Check, Facts, Looked, Policy } from '../../model.ts';
import { judge } from '../answer.ts';
import { lisa, timeArticle } from '../sources.ts';
import { unread } from '../unread.ts';

const wanted = 'refclock PHC /dev/ptp_hyperv poll 3 dpoll -2 offset 0 stratum 2';

function look(facts: Facts, policy: Policy): Looked {
  if (policy.profile === 'seed-2018') return { is: 'not-applicable', why: 'the article of 2018 does not ask for it' };
  const { chrony } = facts.system;
  if (chrony === undefined) return { is: 'not-applicable', why: 'chrony is not installed' };
  const doubts = unread(facts, /^\/etc\/chrony(\.conf|\.d\/|\/)/);
  if (chrony.ptp !== undefined) return judge([], doubts, `chrony takes the time from the host (${chrony.ptp.text})`);
  const finding = {
    about: chrony.path,
    says: `${chrony.path} names no clock of the host`,
    evidence: [{ path: chrony.path }],
    wants: [],
    advice: `add to ${chrony.path}: ${wanted}`,
  };
  return judge([finding], doubts, '');
}

export const timePtpChrony: Check = {
  id: 'time-ptp-chrony',
  area: 'system',
  title: 'chrony takes the time from the host',
  severity: 'info',
  why: 'The host keeps good time and hands it on through /dev/ptp_hyperv, also where no time server can be reached.',
  source: [timeArticle, lisa('verify_timesync_ptp')],
  fix: { all: `Add by hand: ${wanted}` },
  look,
};
