import type { Argv } from '../../model.ts';
import { changedByScripts, type PackageManager } from './package-manager.ts';

const arch = (...words: readonly string[]): Argv => ['/usr/bin/pacman', ...words];

export const pacman: PackageManager = {
  name: 'pacman',
  byHand: { install: 'pacman -S', reinstall: 'pacman -S', remove: 'pacman -R', upgrade: 'pacman -Syu' },
  // Lists that are newer than what is installed would make a partial upgrade, which Arch does not support.
  refresh: undefined,
  install: (names) => arch('-S', '--noconfirm', '--needed', '--', ...names),
  tryInstall: (names) => arch('-S', '--print', '--needed', '--', ...names),
  installFiles: (files) => arch('-U', '--noconfirm', '--', ...files),
  tryFiles: (files) => arch('-U', '--print', '--', ...files),
  // A package that is in the way is asked about, and the answer without a person is no.
  harm: () => undefined,
  foretold: undefined,
  remove: (names) => arch('-R', '--noconfirm', '--nosave', '--', ...names),
  env: {},
  readFileName: (file) => {
    const [, name, version] = /^(.+)-([^-]+-[^-]+)-[^-]+\.pkg\.tar(?:\.[a-z0-9]+)?$/.exec(file) ?? [];
    return name === undefined || version === undefined ? undefined : { name, version: version.replace(/^\d+:/, '') };
  },
  locks: [],
  marks: ['/var/lib/pacman/db.lck'],
  rewrites: [...changedByScripts, '/var/log/pacman.log'],
  servicePolicy: undefined,
  sources: [{ at: '/etc/pacman.conf', as: 'pacman' }],
};
