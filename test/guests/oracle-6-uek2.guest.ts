import type { PhonyGuest } from './phony.ts';
import { redhat } from './redhat.ts';

export const guest: PhonyGuest = {
  about: 'Oracle Linux 6.4 whose default kernel is UEK2, which has no Hyper-V drivers: another kernel has to boot.',
  tree: redhat({
    id: 'ol',
    name: 'Oracle Linux Server',
    version: '6.4',
    kernel: '2.6.39-400.17.1.el6uek.x86_64',
    boot: 'legacy',
    line: 'rhgb quiet',
    provisioner: 'waagent',
  }),
  shows: ['kernel-uek2'],
  left: ['kernel-uek2'],
};
