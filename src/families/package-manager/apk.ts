import type { PackageManager } from './package-manager.ts';

export const apk: PackageManager = {
  name: 'apk',
  byHand: {
    install: 'apk add',
    reinstall: 'apk fix --reinstall',
    remove: 'apk del --purge',
    upgrade: 'apk upgrade --update-cache',
  },
  sources: [{ at: '/etc/apk/repositories', as: 'apk' }],
  installer: undefined,
};
