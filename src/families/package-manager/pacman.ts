import type { PackageManager } from './package-manager.ts';

export const pacman: PackageManager = {
  name: 'pacman',
  byHand: { install: 'pacman -S', reinstall: 'pacman -S', remove: 'pacman -R', upgrade: 'pacman -Syu' },
  sources: [{ at: '/etc/pacman.conf', as: 'pacman' }],
  installer: undefined,
};
