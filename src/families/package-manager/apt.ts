import type { Argv, GuestPath } from '../../model.ts';
import type { Installer, PackageManager } from './package-manager.ts';

/** Configuration that somebody has changed stays; nothing is asked, and nobody is waited for. */
const quietly = [
  '-y',
  '-q',
  '--no-install-recommends',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'DPkg::Lock::Timeout=0',
  // A trial writes this log as well.
  '-o',
  'Dir::Log::Planner=/dev/null',
];
/** What apt knows is then what is installed and what it is given. The caches of that would be wrong for everything else. */
const withoutSources = [
  '-o',
  'Dir::Etc::SourceList=/dev/null',
  '-o',
  'Dir::Etc::SourceParts=/dev/null',
  '-o',
  'Dir::State::Lists=/dev',
  '-o',
  'Dir::Cache::pkgcache=',
  '-o',
  'Dir::Cache::srcpkgcache=',
];

const apt = (...words: readonly string[]): Argv => ['/usr/bin/apt-get', ...words];

/** `Remv NAME [1.0]`, and `Inst NAME [1.0] (2.0 …)` where an older one is replaced. */
function harm(output: string): string | undefined {
  const removed = [...output.matchAll(/^Remv ([^\s:]+)/gm)].map(([, name = '']) => name);
  const replaced = [...output.matchAll(/^Inst ([^\s:]+) \[/gm)].map(([, name = '']) => name);
  if (removed.length > 0) return `it would remove ${removed.join(', ')}`;
  return replaced.length > 0
    ? `it would replace ${replaced.join(', ')}, which a rollback could not take back`
    : undefined;
}

const dpkgFolder = '/var/lib/dpkg';

/** Accounts and linker cache, which the scripts of packages change whatever brings them. */
const changedByScripts: readonly GuestPath[] = [
  ...(['passwd', 'group', 'shadow', 'gshadow'] as const).flatMap((name): GuestPath[] => [
    `/etc/${name}`,
    `/etc/${name}-`,
  ]),
  '/etc/subuid',
  '/etc/subgid',
  '/etc/subuid-',
  '/etc/subgid-',
  '/etc/.pwd.lock',
  '/etc/ld.so.cache',
  '/var/cache/ldconfig/aux-cache',
];

const installer: Installer = {
  refresh: apt('update', '-q'),
  install: (names) => apt('install', ...quietly, '--', ...names),
  tryInstall: (names) => apt('install', '--simulate', ...quietly, '--', ...names),
  installFiles: (files) => apt('install', ...quietly, ...withoutSources, '--', ...files),
  tryFiles: (files) => apt('install', '--simulate', ...quietly, ...withoutSources, '--', ...files),
  harm,
  foretold: (output) => [...output.matchAll(/^Inst ([^\s:]+)/gm)].map(([, name = '']) => name),
  // dpkg itself: apt would take along what it holds for no longer needed.
  remove: (names) => ['/usr/bin/dpkg', '--purge', '--force-remove-reinstreq', '--', ...names],
  // needrestart of Ubuntu asks, or starts services anew, after every run.
  env: { DEBIAN_FRONTEND: 'noninteractive', DEBCONF_NONINTERACTIVE_SEEN: 'true', NEEDRESTART_SUSPEND: '1' },
  locks: ['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/cache/apt/archives/lock'],
  rewrites: [
    ...changedByScripts,
    ...(
      ['status', 'status-old', 'available', 'available-old', 'diversions', 'diversions-old', 'statoverride'] as const
    ).map((name): GuestPath => `${dpkgFolder}/${name}`),
    '/var/lib/dpkg/statoverride-old',
    '/var/lib/dpkg/triggers/File',
    '/var/lib/dpkg/triggers/Unincorp',
    '/var/lib/dpkg/lock',
    '/var/lib/dpkg/lock-frontend',
    '/var/lib/dpkg/triggers/Lock',
    '/var/lib/apt/extended_states',
    '/var/cache/apt/archives/lock',
    '/var/log/dpkg.log',
    '/var/log/alternatives.log',
    '/var/log/apt/history.log',
    '/var/log/apt/term.log',
    '/var/log/apt/eipp.log.xz',
    ...(['config', 'passwords', 'templates'] as const).flatMap((name): GuestPath[] => [
      `/var/cache/debconf/${name}.dat`,
      `/var/cache/debconf/${name}.dat-old`,
    ]),
  ],
  servicePolicy: '/usr/sbin/policy-rc.d',
};

export const aptGet: PackageManager = {
  name: 'apt',
  byHand: {
    install: 'apt-get install',
    reinstall: 'apt-get install --reinstall',
    remove: 'apt-get purge',
    upgrade: 'apt-get update && apt-get dist-upgrade',
  },
  sources: [
    { at: '/etc/apt/sources.list', as: 'apt' },
    { at: '/etc/apt/sources.list.d/*.list', as: 'apt' },
    { at: '/etc/apt/sources.list.d/*.sources', as: 'deb822' },
  ],
  installer,
};
