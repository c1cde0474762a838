import type { Check } from '../../model.ts';
import { countOf, lookForTraces } from '../at-seal.ts';
import { waagent } from '../sources.ts';

export const dhcpLeasesClean: Check = {
  id: 'dhcp-leases-clean',
  area: 'seal',
  title: 'The image has no DHCP leases',
  severity: 'should',
  why: 'A clone that finds a lease asks for the address of the machine that the image was made on.',
  source: [waagent],
  fix: {
    all:
      'The seal has waagent empty /var/lib/dhclient, /var/lib/dhcpcd and /var/lib/dhcp; leases of NetworkManager itself, ' +
      'wicked and others, which it does not know, are removed by prep-guest.',
  },
  look: (facts, policy) =>
    lookForTraces(facts, policy, {
      traces: ['leases', 'other-leases'],
      says: (paths) => `${countOf(paths, 'file')} of DHCP leases or of the identity shown for them`,
      clean: 'no DHCP lease is left',
    }),
};
