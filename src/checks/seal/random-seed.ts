import type { Check } from '../../model.ts';
import { countOf, lookForTraces } from '../at-seal.ts';
import { systemdImages } from '../sources.ts';

export const randomSeed: Check = {
  id: 'random-seed',
  area: 'seal',
  title: 'The image has no saved random seed',
  severity: 'info',
  why: 'Machines that start from one seed begin with the same random numbers, of which keys are made.',
  source: [systemdImages],
  fix: {
    all: 'The seal removes what systemd, sysvinit, OpenRC and systemd-boot have saved; --skip random-seed keeps it.',
  },
  look: (facts, policy) =>
    lookForTraces(facts, policy, {
      traces: ['random-seeds'],
      says: (paths) => countOf(paths, 'saved random seed'),
      clean: 'no random seed is saved',
      newer: true,
    }),
};
