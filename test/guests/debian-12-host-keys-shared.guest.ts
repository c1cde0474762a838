import { debian12 } from './debian.ts';
import { agentProvisions } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about:
    'Debian 12 (trap 7): RegenerateSshHostKeyPair=n and nothing else that makes host keys: clones would share them, or have none.',
  tree: {
    ...debian12,
    '/etc/waagent.conf': agentProvisions.replace('RegenerateSshHostKeyPair=y', 'RegenerateSshHostKeyPair=n'),
    '/etc/ssh/ssh_host_ed25519_key': { content: 'key\n', mode: 0o600 },
  },
  shows: ['waagent-conf-provisioning'],
};
