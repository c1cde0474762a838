import type { Check } from '../../model.ts';
import { lookForTraces } from '../at-seal.ts';
import { articleNow, marketplace } from '../sources.ts';

export const logsClean: Check = {
  id: 'logs-clean',
  area: 'seal',
  title: "The agent's log is not in the image",
  severity: 'info',
  why: 'A log that begins with the machine the image was made on misleads whoever looks for a fault in a new one.',
  source: [articleNow, marketplace],
  fix: {
    all:
      "The seal has waagent remove its log, and removes cloud-init's (cloudinit-clean). What else is below /var/log stays: " +
      'journalctl --rotate --vacuum-time=1s and truncate -s 0 /var/log/wtmp empty the rest by hand.',
  },
  look: (facts, policy) =>
    lookForTraces(facts, policy, {
      traces: ['agent-log'],
      says: (paths) => `${paths.join(' and ')} ${paths.length === 1 ? 'is' : 'are'} there`,
      clean: "the agent's log is not there",
    }),
};
