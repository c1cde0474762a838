import { debian12 } from './debian.ts';
import { agentProvisions } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { cloudInit } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (trap 9): the agent leaves provisioning to cloud-init, which is installed and switched off by a file.',
  tree: {
    ...debian12,
    ...cloudInit,
    '/var/lib/dpkg/status': `${debian12['/var/lib/dpkg/status']}\nPackage: cloud-init\nStatus: install ok installed\nVersion: 22.4.2-1+deb12u2\n`,
    '/etc/waagent.conf': agentProvisions.replace('Agent=auto', 'Agent=cloud-init'),
    '/etc/cloud/cloud-init.disabled': '',
  },
  shows: ['cloudinit-not-disabled'],
};
