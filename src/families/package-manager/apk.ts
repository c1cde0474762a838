import type { Argv } from '../../model.ts';
import { changedByScripts, type PackageManager } from './package-manager.ts';

const alpine = (...words: readonly string[]): Argv => ['/sbin/apk', '--no-progress', ...words];

export const apk: PackageManager = {
  name: 'apk',
  byHand: {
    install: 'apk add',
    reinstall: 'apk fix --reinstall',
    remove: 'apk del --purge',
    upgrade: 'apk upgrade --update-cache',
  },
  refresh: alpine('update'),
  install: (names) => alpine('add', ...names),
  tryInstall: (names) => alpine('add', '--simulate', ...names),
  installFiles: (files) => alpine('add', '--no-network', '--allow-untrusted', ...files),
  tryFiles: (files) => alpine('add', '--simulate', '--no-network', '--allow-untrusted', ...files),
  harm: (output) =>
    /^\(\d+\/\d+\) (?:Purging|Downgrading) /m.test(output) ? 'it would remove or downgrade others' : undefined,
  foretold: undefined,
  remove: (names) => alpine('del', '--purge', ...names),
  env: {},
  readFileName: (file) => {
    const [, name, version] = /^(.+)-(\d[^-]*-r\d+)\.apk$/.exec(file) ?? [];
    return name === undefined || version === undefined ? undefined : { name, version };
  },
  locks: ['/lib/apk/db/lock', '/usr/lib/apk/db/lock'],
  marks: [],
  rewrites: [
    ...changedByScripts,
    '/etc/apk/world',
    '/lib/apk/db/installed',
    '/lib/apk/db/triggers',
    '/lib/apk/db/scripts.tar',
  ],
  servicePolicy: undefined,
  sources: [{ at: '/etc/apk/repositories', as: 'apk' }],
};
