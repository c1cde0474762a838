import { debian12 } from './debian.ts';
import { agentProvisions } from './parts.ts';
import type { PhonyGuest } from './phony.ts';
import { cloudInit } from './redhat.ts';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (trap 10): a recipe set Provisioning.Enabled and UseCloudInit, which this agent does not know, and named waagent although cloud-init is enabled.',
  tree: {
    ...debian12,
    ...cloudInit,
    '/var/lib/dpkg/status': `${debian12['/var/lib/dpkg/status']}\nPackage: cloud-init\nStatus: install ok installed\nVersion: 22.4.2-1+deb12u2\n`,
    '/etc/waagent.conf': `${agentProvisions.replace('Agent=auto', 'Agent=waagent')}Provisioning.Enabled=n\nProvisioning.UseCloudInit=y\n`,
  },
  shows: ['waagent-conf-provisioning'],
};
