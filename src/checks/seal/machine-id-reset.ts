import type { Check } from '../../model.ts';
import { lookForTraces } from '../at-seal.ts';
import { cloudInit, systemdImages, waagent } from '../sources.ts';

export const machineIdReset: Check = {
  id: 'machine-id-reset',
  area: 'seal',
  title: 'The image has no machine id',
  severity: 'should',
  why: 'Clones with one id get the same DHCP address, mix up their journals and look like one machine to management tools.',
  source: [systemdImages, cloudInit, waagent],
  fix: {
    all:
      'The seal empties /etc/machine-id and keeps the file, and removes /var/lib/dbus/machine-id where it is no link; ' +
      '--skip machine-id-reset keeps the id. Boot entries that are named after the old id keep their names.',
    alpine: 'The seal removes /etc/machine-id: without systemd it is made anew only where there is no file.',
  },
  look: (facts, policy) =>
    lookForTraces(facts, policy, {
      traces: ['machine-id', 'dbus-machine-id'],
      says: (paths) => `${paths.join(' and ')} ${paths.length === 1 ? 'holds' : 'hold'} the id of this machine`,
      clean: 'no file holds the id of a machine',
      newer: true,
    }),
};
