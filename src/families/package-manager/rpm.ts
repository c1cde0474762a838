import type { Argv, GuestPath } from '../../model.ts';
import { changedByScripts, type PackageManager } from './package-manager.ts';

const rpm = (...words: readonly string[]): Argv => ['/bin/rpm', ...words];

/** What holds wherever packages are rpms. Given files are rpm's own affair: no solver, no source, no history of another tool. */
const byRpm: Omit<PackageManager, 'name' | 'byHand' | 'install' | 'tryInstall' | 'sources'> = {
  refresh: undefined,
  installFiles: (files) => rpm('-U', '--', ...files),
  tryFiles: (files) => rpm('-U', '--test', '--', ...files),
  // rpm itself never removes what is in the way, and the others only do when they are told to.
  harm: () => undefined,
  foretold: undefined,
  remove: (names) => rpm('-e', '--', ...names),
  env: {},
  readFileName: (file) => {
    const [, name, version] = /^(.+)-([^-]+-[^-]+)\.[^.-]+\.rpm$/.exec(file) ?? [];
    return name === undefined || version === undefined ? undefined : { name, version };
  },
  locks: ['/var/lib/rpm/.rpm.lock', '/usr/lib/sysimage/rpm/.rpm.lock'],
  marks: [],
  // Of the database itself no copy is made: it is large, and what counts in it is compared after a removal.
  rewrites: changedByScripts,
  servicePolicy: undefined,
};

const fromNetwork = (program: GuestPath, name: 'yum' | 'dnf' | 'tdnf'): PackageManager => ({
  ...byRpm,
  name,
  byHand: {
    install: `${name} install`,
    reinstall: `${name} reinstall`,
    remove: `${name} remove`,
    upgrade: `${name} update`,
  },
  install: (names) => [program, '-y', 'install', ...names],
  tryInstall: () => undefined,
  sources: [
    { at: '/etc/yum.repos.d/*.repo', as: 'ini' },
    { at: '/etc/yum.conf', as: 'ini' },
    { at: '/etc/dnf/dnf.conf', as: 'ini' },
  ],
});

export const yum = fromNetwork('/usr/bin/yum', 'yum');
export const dnf = fromNetwork('/usr/bin/dnf', 'dnf');
export const tdnf = fromNetwork('/usr/bin/tdnf', 'tdnf');

const zypp = (...words: readonly string[]): Argv => ['/usr/bin/zypper', '--non-interactive', ...words];

export const zypper: PackageManager = {
  ...byRpm,
  name: 'zypper',
  byHand: {
    install: 'zypper install',
    reinstall: 'zypper install --force',
    remove: 'zypper remove',
    upgrade: 'zypper patch',
  },
  install: (names) => zypp('install', '--no-recommends', '--', ...names),
  tryInstall: (names) => zypp('install', '--no-recommends', '--dry-run', '--', ...names),
  // zypper asks before it removes or downgrades anything, and the answer without a person is no.
  harm: (output) => (/going to be REMOVED/.test(output) ? 'it would remove other packages' : undefined),
  sources: [{ at: '/etc/zypp/repos.d/*.repo', as: 'ini' }],
};
