import { debian12 } from './debian.ts';
import { swapFile } from './parts.ts';
import type { PhonyGuest } from './phony.ts';

export const guest: PhonyGuest = {
  about:
    "Debian 12 (trap 13): the agent's swap file was made while no resource disk was there, so it lies on the OS disk.",
  tree: { ...debian12, '/mnt/resource/swapfile': { content: swapFile(), mode: 0o600 } },
  shows: ['swap-resource-swapfile-removed'],
};
